"""One file, old or new, never half: every step may fail, every guard is tried, on real disks where there are any."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from citekit import writing
from citekit.archives import shipped
from citekit.errors import ChangedError, StorageError, UsageError, Where
from citekit.store import LARGEST, Store
from tests.conftest import Run, Write

OLD = 'title = "Old"  # as it was\n'
NEW = 'title = "New"  # as it was\n'
Act: TypeAlias = Callable[[Path], object]
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of records with one in it."""
    place = tmp_path / "records"
    place.mkdir()
    (place / "a.toml").write_text(OLD, encoding="utf-8")
    return place


def contents(folder: Path) -> dict[str, str]:
    """The names and texts of all files of a folder but the lock."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != writing.LOCK}


def change(folder: Path) -> object:
    """Gives the record a new text."""
    return Store(folder).change("a", lambda _: NEW, shipped())


def create(folder: Path) -> object:
    """Makes another record."""
    return Store(folder).create("b", NEW, shipped())


def rename(folder: Path) -> object:
    """Gives the record another key."""
    return Store(folder).rename("a", "b")


def remove(folder: Path) -> object:
    """Removes the record."""
    return Store(folder).remove("a")


AFTER: dict[Act, dict[str, str]] = {
    change: {"a.toml": NEW},
    create: {"a.toml": OLD, "b.toml": NEW},
    rename: {"b.toml": OLD},
    remove: {},
}
ACTS = [pytest.param(act, id=act.__name__) for act in AFTER]


# A step that fails


def failing(code: int) -> Callable[..., object]:
    """A system call that always fails with *code*."""

    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize(
    ("act", "step", "message"),
    [
        (change, "mkstemp", "cannot write {a}"),
        pytest.param(change, "write", "cannot write {a}", marks=FULL),
        (change, "fchmod", "cannot write {a}"),
        (change, "fsync", "cannot write {a}"),
        (change, "replace", "cannot write {a}"),
        (create, "mkstemp", "cannot write {b}"),
        pytest.param(create, "write", "cannot write {b}", marks=FULL),
        (create, "fsync", "cannot write {b}"),
        (create, "link+replace", "cannot write {b}"),
        (rename, "rename", "cannot rename {a}"),
        (remove, "unlink", "cannot remove {a}"),
    ],
)
def test_a_full_disk_at_each_step_changes_nothing_and_leaves_nothing(
    act: Act, step: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for name in step.split("+"):
            fill(patch, name)
        with pytest.raises(StorageError) as caught:
            act(folder)
    names = {key: folder / f"{key}.toml" for key in "ab"}
    assert caught.value.message == f"{message.format(**names)}: no space left on device"
    assert contents(folder) == {"a.toml": OLD}
    act(folder)
    assert contents(folder) == AFTER[act]


def fill(patch: pytest.MonkeyPatch, step: str) -> None:
    """Makes *step* fail as on a full disk."""
    if step == "mkstemp":
        patch.setattr(tempfile, "mkstemp", failing(errno.ENOSPC))
    elif step == "write":  # the handle becomes that of a device that is always full
        make = tempfile.mkstemp

        def full(**where: Any) -> tuple[int, str]:
            handle, name = make(**where)
            os.dup2(os.open("/dev/full", os.O_WRONLY), handle)
            return handle, name

        patch.setattr(tempfile, "mkstemp", full)
    else:
        patch.setattr(os, step, failing(errno.ENOSPC))


def test_a_temporary_file_that_cannot_be_removed_is_told_by_nobody_and_goes_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", failing(errno.EIO))
        create(folder)
    assert len(contents(folder)) == 3
    change(folder)
    assert contents(folder) == {"a.toml": NEW, "b.toml": NEW}


def test_a_folder_that_cannot_be_synced_is_a_warning_and_the_change_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def refuse(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    (warning,) = Store(folder).change("a", lambda _: NEW, shipped()).issues
    assert (warning.code, warning.level, warning.where) == ("C013", "warning", Where(str(folder)))
    assert warning.message == "the folder cannot be synced (invalid argument): a power cut may undo the last changes"
    assert contents(folder) == {"a.toml": NEW}


def test_that_warning_is_printed_once_for_many_records(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sorted(path.stem for path in (library / "records").glob("[!_]*.toml"))
    monkeypatch.setattr(os, "open", unopened(os.open))
    code, _, stderr = run("rm", *keys, "--yes")
    assert (code, len(keys) > 1) == (0, True)
    assert stderr.count("C013") == 1


def unopened(real: Callable[..., int]) -> Callable[..., int]:
    """`os.open` where no folder can be opened."""

    def _open(path: str | Path, flags: int, *rest: int, **named: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, flags, *rest, **named)

    return _open


def test_a_file_system_without_hard_links_takes_a_new_record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    create(folder)
    assert contents(folder) == AFTER[create]


# Real disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_takes_no_record_and_harms_none(disk: Path, run: Run) -> None:
    assert run("--library", str(disk), "init").code == 0
    records = disk / "records"
    (sample,) = records.glob("*.toml")
    before = sample.read_bytes()
    room = disk / "room"
    room.write_bytes(bytes(4096))
    fill_up(disk)
    for words in (["set", sample.stem, "title=T"], ["new", "b", "title=T"]):
        code, stdout, stderr = run("--library", str(disk), *words)
        assert (code, stdout) == (7, "")
        assert stderr.startswith("error: cannot write ")
        assert stderr.endswith(": no space left on device\n")
        assert sample.read_bytes() == before
        assert {path.name for path in records.iterdir()} <= {sample.name, ".gitignore", writing.LOCK}
    assert run("--library", str(disk), "list").code == 0
    room.unlink()
    assert run("--library", str(disk), "set", sample.stem, "title=T").code == 0


def fill_up(disk: Path) -> None:
    """Writes until no byte more fits."""
    with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))


def test_a_disk_that_is_read_only_says_so(disk: Path, run: Run) -> None:
    assert run("--library", str(disk), "init").code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    (sample,) = (disk / "records").glob("*.toml")
    before = sample.read_bytes()
    expected = (7, "", f"error: cannot write in {disk / 'records'}: read-only file system\n")
    assert run("--library", str(disk), "set", sample.stem, "title=T") == expected
    assert run("--library", str(disk), "rm", sample.stem, "--yes")[::2] == expected[::2]
    assert run("--library", str(disk), "show", sample.stem).code == 0
    assert sample.read_bytes() == before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Like `folder`, where everybody may go; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        place = Path(name) / "records"
        place.mkdir()
        (place / "a.toml").write_text(OLD, encoding="utf-8")
        yield place


@pytest.mark.parametrize("act", ACTS)
def test_a_folder_that_may_not_be_written_says_so(act: Act, open_folder: Path) -> None:
    open_folder.chmod(0o555)
    assert as_somebody(act, open_folder) == f"StorageError: cannot write in {open_folder}: permission denied"
    assert [path.name for path in open_folder.iterdir()] == ["a.toml"]
    assert contents(open_folder) == {"a.toml": OLD}
    open_folder.chmod(0o777)
    assert as_somebody(act, open_folder) == "nothing was raised"
    assert contents(open_folder) == AFTER[act]


def test_a_linked_folder_that_may_not_be_written_says_so(open_folder: Path) -> None:
    target = linked(open_folder)
    open_folder.chmod(0o777)
    target.parent.chmod(0o555)
    assert as_somebody(change, open_folder) == f"StorageError: cannot write {open_folder}/a.toml: permission denied"
    assert contents(open_folder) == {"a.toml": OLD}
    assert contents(target.parent) == {target.name: OLD}


def as_somebody(act: Act, folder: Path) -> str:
    """What *act* raises in a process that is not root's, so that modes count."""
    import filelock  # noqa: F401  while the process may still read it

    shipped()
    reader, writer = os.pipe()
    if not (child := os.fork()):
        said = "nothing was raised"
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            act(folder)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writer, said.encode())
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as file:
        return file.read()


# A file that is another than was read


def test_a_file_that_changed_while_a_change_was_made_is_not_overwritten(folder: Path) -> None:
    def edit(text: str) -> str:
        (folder / "a.toml").write_text('title = "Saved by hand"\n', encoding="utf-8")
        return text.replace("Old", "New")

    with pytest.raises(ChangedError, match=r"a\.toml changed since it was read; nothing was written") as caught:
        Store(folder).change("a", edit, shipped())
    assert caught.value.hint == "look at it, then say the command again"
    assert contents(folder) == {"a.toml": 'title = "Saved by hand"\n'}


@pytest.mark.parametrize(
    ("act", "step", "name", "text", "message"),
    [
        (change, "fsync", "a.toml", "by hand", "{}/a.toml changed since it was read; nothing was written"),
        (change, "fsync", "a.toml", None, "{}/a.toml is gone; nothing was written"),
        (create, "fsync", "b.toml", "by hand", "{}/b.toml is there already; nothing was written"),
        (create, "link", "b.toml", "by hand", "{}/b.toml is there already; nothing was written"),
    ],
)
def test_what_is_saved_in_the_last_moment_stays(
    act: Act, step: str, name: str, text: str | None, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(os, step)

    def meanwhile(*arguments: object) -> object:
        (folder / name).unlink(missing_ok=True)
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
        return real(*arguments)

    monkeypatch.setattr(os, step, meanwhile)
    with pytest.raises(ChangedError) as caught:
        act(folder)
    assert caught.value.message == message.format(folder)
    expected = {"a.toml": OLD, name: text}
    assert contents(folder) == {name: text for name, text in expected.items() if text is not None}


def test_nothing_is_removed_or_renamed_that_is_not_what_was_read(folder: Path) -> None:
    path = folder / "a.toml"
    with pytest.raises(ChangedError, match="changed since it was read"):
        writing.remove(path, b"x")
    with pytest.raises(ChangedError, match="changed since it was read"):
        writing.rename(path, folder / "b.toml", b"x")
    assert contents(folder) == {"a.toml": OLD}


def test_a_file_that_changed_is_told_even_where_nothing_would_be_written(folder: Path) -> None:
    with pytest.raises(ChangedError, match="changed since it was read"):
        writing.replace(folder / "a.toml", b"x", b"x")


@pytest.mark.parametrize("kind", ["file", "link to nothing"])
def test_no_name_is_taken_that_is_there(kind: str, folder: Path) -> None:
    new = folder / "b.toml"
    if kind == "file":
        new.write_text(NEW, encoding="utf-8")
    else:
        new.symlink_to("nowhere")
    with pytest.raises(ChangedError, match=r"b\.toml is there already; nothing was renamed"):
        writing.rename(folder / "a.toml", new, OLD.encode())
    assert (folder / "a.toml").read_text(encoding="utf-8") == OLD
    assert os.path.lexists(new)


def test_what_cannot_be_read_again_is_not_replaced(folder: Path) -> None:
    (folder / "b.toml").mkdir()
    with pytest.raises(StorageError, match=r"cannot read .*b\.toml: it is a folder"):
        writing.replace(folder / "b.toml", b"", b"old")


def test_a_text_that_was_edited_elsewhere_is_not_put_over_another(folder: Path) -> None:
    with pytest.raises(ChangedError, match="changed while it was edited; nothing was written"):
        Store(folder).put_back("a", "another", NEW, shipped())
    assert contents(folder) == {"a.toml": OLD}


def test_a_record_that_is_not_what_was_shown_is_not_removed(folder: Path) -> None:
    with pytest.raises(ChangedError, match="changed since it was shown; nothing was removed"):
        Store(folder).remove("a", expected=NEW)
    assert contents(folder) == {"a.toml": OLD}
    Store(folder).remove("a", expected=OLD)
    assert contents(folder) == {}


def test_equal_content_is_not_written(folder: Path) -> None:
    before = (folder / "a.toml").stat()
    done = Store(folder).change("a", lambda text: text, shipped())
    assert done.before == done.after == OLD
    assert (folder / "a.toml").stat() == before


@pytest.mark.parametrize("act", [change, create])
def test_a_text_that_could_not_be_read_again_is_not_written(
    act: Act, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.test_writing.NEW", f'title = "{"x" * LARGEST}"\n')
    with pytest.raises(StorageError, match="is too large for a record"):
        act(folder)
    monkeypatch.setattr("tests.test_writing.NEW", 'title = "\udcff"\n')
    with pytest.raises(UsageError, match=r"'\\udcff' is no character that a file can hold"):
        act(folder)
    assert contents(folder) == {"a.toml": OLD}


# Locks


def test_who_waits_too_long_for_the_lock_is_told(folder: Path) -> None:
    with (
        writing.locked(folder),
        pytest.raises(ChangedError, match="is locked") as caught,
        writing.locked(folder, patience=0.05),
    ):
        pass
    assert caught.value.hint == "another citekit is writing; try again when it has ended"


def test_a_lock_that_somebody_holds_is_exit_6(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "locked", partial(writing.locked, patience=0.05))
    records = library / "records"
    with writing.locked(records):
        code, stdout, stderr = run("new", "b", "title=T")
    hint = "hint: another citekit is writing; try again when it has ended\n"
    assert (code, stdout, stderr) == (6, "", f"error: {records} is locked\n{hint}")
    assert run("new", "b", "title=T").code == 0


@pytest.mark.parametrize("left", ["", "12345\nanother machine\n"], ids=["empty", "of an older program"])
def test_a_lock_file_that_was_left_locks_nobody_out(left: str, folder: Path) -> None:
    (folder / writing.LOCK).write_text(left, encoding="utf-8")
    change(folder)
    assert contents(folder) == {"a.toml": NEW}


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_not_written_to(
    code: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", failing(code))
    with pytest.raises(StorageError, match="cannot be locked") as caught:
        change(folder)
    assert caught.value.hint == "move the library to a file system that knows locks"
    assert contents(folder) == {"a.toml": OLD}


# Links, modes, marks and line ends


def linked(folder: Path) -> Path:
    """Moves the record into another folder and leaves a link; the file that it points to."""
    target = folder.parent / "elsewhere" / "original.toml"
    target.parent.mkdir()
    (folder / "a.toml").rename(target)
    (folder / "a.toml").symlink_to("../elsewhere/original.toml")
    return target


@pytest.mark.parametrize(
    ("act", "name", "text"),
    [(change, "a.toml", NEW), (rename, "b.toml", OLD), (remove, None, OLD)],
)
def test_a_link_stays_one_and_its_target_is_what_changes(act: Act, name: str | None, text: str, folder: Path) -> None:
    target = linked(folder)
    target.chmod(0o640)
    act(folder)
    links = {path.name: str(path.readlink()) for path in folder.iterdir() if path.is_symlink()}
    assert links == ({name: "../elsewhere/original.toml"} if name else {})
    assert contents(target.parent) == {"original.toml": text}
    assert target.stat().st_mode & 0o7777 == 0o640


def test_a_link_that_leads_round_in_a_circle_is_told(folder: Path) -> None:
    (folder / "b.toml").symlink_to("b.toml")
    with pytest.raises(StorageError, match="too many levels of symbolic links"):
        Store(folder).change("b", lambda _: NEW, shipped())
    with pytest.raises(StorageError, match="too many levels of symbolic links"):
        writing.replace(folder / "b.toml", b"", None)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755, 0o444])
def test_the_mode_stays(mode: int, folder: Path) -> None:
    (folder / "a.toml").chmod(mode)
    change(folder)
    assert (folder / "a.toml").stat().st_mode & 0o7777 == mode


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_user_wants(mask: int, folder: Path) -> None:
    before = os.umask(mask)
    try:
        create(folder)
    finally:
        os.umask(before)
    assert (folder / "b.toml").stat().st_mode & 0o7777 == 0o666 & ~mask


def test_line_ends_and_a_byte_order_mark_stay(run: Run, write: Write) -> None:
    path = write("w", b'\xef\xbb\xbftitle = "T"  # t\r\n# end\r\ntags = ["a",\r\n  "b"]\r\n')
    code, stdout, _ = run("set", "w", "title=Other")
    assert code == 0
    assert path.read_bytes() == b'\xef\xbb\xbftitle = "Other"  # t\r\n# end\r\ntags = ["a",\r\n  "b"]\r\n'
    assert '-title = "T"  # t^M\n+title = "Other"  # t^M\n' in stdout


# What is left behind


def test_temporary_files_of_the_dead_go_and_all_others_stay(folder: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    gone = [f".citekit-{process}-abc_12.tmp" for process in (dead.pid, os.getpid())]
    kept = [
        f".citekit-{os.getppid()}-abc_12.tmp",
        f".citekit-{10**30}-abc_12.tmp",
        ".citekit-x.tmp",
        f"citekit-{dead.pid}-abc.tmp",
    ]
    for name in gone + kept:
        (folder / name).write_text("x", encoding="utf-8")
    remove(folder)
    assert contents(folder) == dict.fromkeys(kept, "x")


def test_a_temporary_file_of_somebody_else_is_let_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".citekit-1-a.tmp").touch()
    monkeypatch.setattr(os, "kill", failing(errno.EPERM))
    change(folder)
    assert contents(folder) == {"a.toml": NEW, ".citekit-1-a.tmp": ""}


def test_a_temporary_file_that_cannot_go_hinders_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = folder / f".citekit-{os.getpid()}-a.tmp"
    left.mkdir()
    change(folder)
    assert left.is_dir()
    assert (folder / "a.toml").read_text(encoding="utf-8") == NEW


def test_the_folder_of_a_link_is_swept_too(folder: Path) -> None:
    target = linked(folder)
    (target.parent / f".citekit-{os.getpid()}-a.tmp").touch()
    change(folder)
    assert contents(target.parent) == {"original.toml": NEW}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IsADirectoryError(21, "Is a directory"), "it is a folder"),
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError("Odd"), "odd"),
        (OSError(), "oserror"),
    ],
)
def test_a_reason_is_said_in_a_few_words(error: OSError, said: str) -> None:
    assert writing.reason(error) == said


# The file of an answer

EXPORT = ("export", "--to", "csl-json")


def test_an_answer_is_written_whole_or_not_at_all(run: Run, library: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "notes.txt"
    target.write_text("old\n", encoding="utf-8")
    target.chmod(0o640)
    (library / "notes.txt").symlink_to(target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", failing(errno.ENOSPC))
        code, stdout, stderr = run(*EXPORT, "-o", "notes.txt")
    assert (code, stdout, stderr) == (7, "", "error: cannot write notes.txt: no space left on device\n")
    assert contents(target.parent) == {"notes.txt": "old\n"}
    expected = run(*EXPORT).stdout
    assert run(*EXPORT, "-o", "notes.txt") == (0, "", "")
    assert contents(target.parent) == {"notes.txt": expected}
    assert (library / "notes.txt").is_symlink()
    assert target.stat().st_mode & 0o7777 == 0o640


@FULL
def test_an_answer_to_a_full_device_is_exit_7(run: Run, library: Path) -> None:
    expected = (7, "", "error: cannot write /dev/full: no space left on device\n")
    assert run(*EXPORT, "-o", "/dev/full") == expected
