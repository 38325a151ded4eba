"""Processes that die at any moment, and many that write at once: every record is whole, and no change is lost."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import pytest

from citekit import store, writing
from citekit.archives import shipped
from citekit.errors import UsageError
from citekit.store import Store
from tests.conftest import PATIENCE, Run

EDITS = 500
WRITERS, EACH = 8, 200
Act: TypeAlias = Callable[[Store], object]
# Forked, so that a process that is to be killed begins at once and not with its imports
fork = multiprocessing.get_context("fork")


def text_of(number: int) -> str:
    """The record's text after *number* edits: long, and each other, so that a piece or a mixture shows."""
    return f'title = "{number}"\nabstract = """\n' + f"{number} times edited, \n" * 100 + '"""\n'


def next_text(text: str) -> str:
    """The text after one more edit. Fails where *text* is not whole."""
    number = int(tomllib.loads(text)["title"])
    assert text == text_of(number)
    return text_of(number + 1)


def count(records: Store) -> int:
    """How many edits the record has behind it. Fails where it is not whole."""
    text = records.read("a")
    number = int(tomllib.loads(text)["title"])
    assert text == text_of(number)
    return number


def left(folder: Path) -> list[str]:
    """The temporary files in the folder."""
    return [path.name for path in folder.glob(".citekit-*")]


@pytest.fixture
def records(tmp_path: Path) -> Store:
    """A store with one record, not edited yet."""
    shipped()
    made = Store(tmp_path)
    made.create("a", text_of(0), shipped())
    return made


# Killed at any moment


def test_kill_9_in_500_edits_leaves_the_record_whole_and_loses_none_that_was_done(records: Store) -> None:
    chance = random.Random(9)
    done = fork.RawValue(ctypes.c_int, 0)  # without a lock, with which the editor could be killed
    kills = interrupted = 0
    while (before := count(records)) < EDITS:
        done.value = before
        editor = fork.Process(target=edit_on, args=(records, done))
        editor.start()
        while done.value == before and editor.is_alive():
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.02))
        editor.kill()
        editor.join(PATIENCE)
        kills += 1
        interrupted += bool(left(records.folder))
        assert count(records) in (done.value, done.value + 1)
        edit(records)
        assert not left(records.folder)
    assert kills >= 20
    assert interrupted


def edit_on(records: Store, done: ctypes.c_int) -> None:
    """Edits the record until somebody ends it; *done* says how often."""
    while True:
        records.change("a", next_text, shipped())
        done.value += 1


def edit(records: Store) -> object:
    """Edits the record once more."""
    return records.change("a", next_text, shipped())


def create(records: Store) -> object:
    """Makes another record."""
    return records.create("b", text_of(1), shipped())


def rename(records: Store) -> object:
    """Gives the record another key."""
    return records.rename("a", "b")


def remove(records: Store) -> object:
    """Removes the record."""
    return records.remove("a")


AFTER: dict[Act, dict[str, str]] = {
    edit: {"a": text_of(1)},
    create: {"a": text_of(0), "b": text_of(1)},
    rename: {"b": text_of(0)},
    remove: {},
}


@pytest.mark.parametrize("act", [pytest.param(act, id=act.__name__) for act in AFTER])
@pytest.mark.parametrize("linked", [False, True], ids=["file", "link"])
def test_a_process_killed_at_any_line_leaves_old_or_new(act: Act, linked: bool, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    line, states = 0, []
    while True:
        records = fresh(tmp_path / str(line), elsewhere if linked else None)
        killed = killed_at(line, act, records)
        found = {key: records.read(key) for key in records.keys()}  # noqa: SIM118  no dictionary
        states.append(found)
        records.create("next", text_of(2), shipped())
        assert not left(records.folder)
        if linked and act is edit and killed:
            edit(records)
        assert not left(elsewhere)
        if not killed:
            break
        line += 1
    old, new = {"a": text_of(0)}, AFTER[act]
    turn = states.index(new)
    assert 20 < turn <= line
    assert states == [old] * turn + [new] * (line + 1 - turn)


def fresh(folder: Path, elsewhere: Path | None) -> Store:
    """A store in a new folder with one record, which is a link where it shall lie *elsewhere*."""
    folder.mkdir()
    path = folder / "a.toml"
    if elsewhere:
        path.symlink_to(elsewhere / "a.toml")
    path.write_text(text_of(0), encoding="utf-8")
    return Store(folder)


def killed_at(number: int, act: Act, records: Store) -> bool:
    """Runs *act* in a process that kills itself before line *number* (from 0) that it comes to in the rooms that write.

    False where it ended before.
    """
    rooms = (writing.__file__, store.__file__)
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in rooms:
            return None
        if event == "line":
            if lines == number:
                os.kill(os.getpid(), signal.SIGKILL)
            lines += 1
        return trace

    if not (child := os.fork()):
        sys.settrace(trace)
        try:
            act(records)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_command_that_is_killed_leaves_old_or_new_and_the_next_one_works(cli: Run, library: Path) -> None:
    chance = random.Random(6)
    path = library / "records" / "a.toml"
    path.write_text('title = "0"\n', encoding="utf-8")
    for number in range(1, 9):
        before = path.read_text(encoding="utf-8")
        after = f'title = "{number}"\n'
        command = subprocess.Popen(
            [sys.executable, "-m", "citekit", "set", "a", f"title={number}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.05, 0.4))
        command.kill()
        command.wait(PATIENCE)
        assert path.read_text(encoding="utf-8") in (before, after)
    assert cli("set", "a", "title=last").code == 0
    assert path.read_text(encoding="utf-8") == 'title = "last"\n'
    assert not left(path.parent)


def test_the_lock_of_a_process_that_was_killed_is_free(records: Store) -> None:
    holder = fork.Process(target=hold, args=(records.folder, held := fork.Event()))
    holder.start()
    assert held.wait(PATIENCE)
    holder.kill()
    holder.join(PATIENCE)
    assert (records.folder / writing.LOCK).exists()
    start = time.monotonic()
    edit(records)
    assert time.monotonic() - start < writing.PATIENCE / 2
    assert count(records) == 1


def hold(folder: Path, held: multiprocessing.synchronize.Event) -> None:
    """Takes the lock and keeps it."""
    with writing.locked(folder):
        held.set()
        time.sleep(PATIENCE)


# Many at once


def test_eight_processes_with_200_edits_each_lose_none(records: Store) -> None:
    records.create("counts", f'title = "{" ".join("0" * WRITERS)}"\n', shipped())
    writers = [fork.Process(target=count_on, args=(records, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert records.read("counts") == f'title = "{" ".join([str(EACH)] * WRITERS)}"\n'


def count_on(records: Store, number: int) -> None:
    """Adds 1 to the writer's own among the numbers in the title, again and again."""

    def edit(text: str) -> str:
        counts = tomllib.loads(text)["title"].split()
        counts[number] = str(int(counts[number]) + 1)
        return f'title = "{" ".join(counts)}"\n'

    for _ in range(EACH):
        records.change("counts", edit, shipped())


def test_a_key_that_eight_processes_want_goes_to_one(records: Store) -> None:
    ends = fork.SimpleQueue()
    writers = [fork.Process(target=claim, args=(records, name, ends)) for name in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)
    outcomes = dict(ends.get() for _ in writers)
    (winner,) = [name for name, message in outcomes.items() if not message]
    assert records.read("B") == f'title = "{winner}"\n'
    assert {message for message in outcomes.values() if message} == {"the key 'B' is taken"}


def claim(records: Store, name: int, ends: multiprocessing.SimpleQueue[tuple[int, str]]) -> None:
    """Makes the record, or says why not."""
    try:
        records.create("B", f'title = "{name}"\n', shipped())
        ends.put((name, ""))
    except UsageError as error:
        ends.put((name, error.message))
