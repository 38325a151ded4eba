"""The commands that write: what they print, ask and end with, at a terminal and without one."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from citekit import writing
from citekit.cli._session import Session
from citekit.cli.new import TEMPLATE
from citekit.errors import ChangedError, StorageError
from citekit.library import SAMPLE
from citekit.store import Store
from citekit.writing import LOCK
from tests.conftest import PATIENCE, ROOT, Outcome, Run, Write

TEXT = '# mine\ntitle = "T"  # one\ntype = "letter"\n'
Editor: TypeAlias = Callable[..., None]  # editor(*scripts), one for each time it is opened


@pytest.fixture
def records(library: Path, write: Write) -> Path:
    """The folder of records of a library, which is the working directory, with the one record `a`."""
    folder = library / "records"
    for path in folder.iterdir():
        path.unlink()
    write("a", TEXT)
    return folder


def contents(folder: Path) -> dict[str, str]:
    """The texts of all files of the folder but the lock, without the suffix of a record."""
    found = (path for path in folder.iterdir() if path.name != LOCK)
    return {path.name.removesuffix(".toml"): path.read_text(encoding="utf-8") for path in found}


# Without a terminal

NOBODY = "error: Remove a? Nobody can be asked here\nhint: say it again with --yes, or try --dry-run\n"
MISSING = "error: no record 'aa' in {}/records\nhint: did you mean a?\n"
REMOVED = "".join(f"-{line}\n" for line in TEXT.splitlines())
GONE = f"--- a/records/a.toml\n+++ /dev/null\n@@ -1,3 +0,0 @@\n{REMOVED}"
NEW = '--- /dev/null\n+++ b/records/b.toml\n@@ -0,0 +1,2 @@\n+type = "letter"\n+title = "B"\n'
SET = (
    '--- a/records/a.toml\n+++ b/records/a.toml\n@@ -1,3 +1,3 @@\n # mine\n-title = "T"  # one\n+title = "B"  # one\n'
    ' type = "letter"\n'
)
LIKE = '--- /dev/null\n+++ b/records/b.toml\n@@ -0,0 +1,3 @@\n+# mine\n+title = "B"  # one\n+type = "letter"\n'
B = TEXT.replace('"T"', '"B"')


@pytest.mark.parametrize(
    ("arguments", "code", "stdout", "stderr", "after"),
    [
        ("new b title=B type=letter", 0, NEW, "", {"a": TEXT, "b": 'type = "letter"\ntitle = "B"\n'}),
        ("new b title=B type=letter --dry-run", 0, NEW, "", {"a": TEXT}),
        ("new b --like a title=B", 0, LIKE, "", {"a": TEXT, "b": B}),
        ("new b --like a --dry-run", 0, LIKE.replace('"B"', '"T"'), "", {"a": TEXT}),
        (
            "new b --like aa",
            1,
            "",
            MISSING,
            {"a": TEXT},
        ),
        (
            "new a title=B",
            2,
            "",
            "error: the key 'a' is taken\nhint: choose another key, or change that record\n",
            {"a": TEXT},
        ),
        (
            "new A title=B",
            2,
            "",
            "error: the key 'a' is taken\nhint: keys must differ in more than case\n",
            {"a": TEXT},
        ),
        (
            "new b",
            2,
            "",
            "error: nothing says what the record holds\nhint: citekit new b title='…' date=1945-11-19\n",
            {"a": TEXT},
        ),
        ("set a title=B", 0, SET, "", {"a": B}),
        ("set a title=B --dry-run", 0, SET, "", {"a": TEXT}),
        ("set a title=T", 0, "", "nothing to change\n", {"a": TEXT}),
        (
            "set b title=T",
            1,
            "",
            "error: no record 'b' in {}/records\nhint: `citekit list` shows the keys\n",
            {"a": TEXT},
        ),
        ("rename a b", 0, "rename records/a.toml => records/b.toml\n", "", {"b": TEXT}),
        ("rename a b --dry-run", 0, "rename records/a.toml => records/b.toml\n", "", {"a": TEXT}),
        ("rename a A", 0, "rename records/a.toml => records/A.toml\n", "", {"A": TEXT}),
        ("rename a a", 0, "", "nothing to change\n", {"a": TEXT}),
        ("rename aa b", 1, "", MISSING, {"a": TEXT}),
        ("rm a --yes", 0, GONE, "", {}),
        ("rm a a -y", 0, GONE, "", {}),
        ("rm a --dry-run", 0, GONE, "", {"a": TEXT}),
        ("rm a", 2, GONE, NOBODY, {"a": TEXT}),
        ("rm a --no-input", 2, GONE, NOBODY, {"a": TEXT}),
        ("rm aa --yes", 1, "", MISSING, {"a": TEXT}),
        ("rm aa a --yes", 1, GONE, MISSING, {}),
        ("edit aa", 1, "", MISSING, {"a": TEXT}),
        ("edit a", 2, "", "error: no editor is named\nhint: set $EDITOR: EDITOR=nano citekit edit KEY\n", {"a": TEXT}),
    ],
)
def test_a_command_prints_what_it_changes_and_ends_as_promised(
    arguments: str, code: int, stdout: str, stderr: str, after: dict[str, str], records: Path, run: Run, plain: None
) -> None:
    assert run(*arguments.split()) == (code, stdout, stderr.format(records.parent))
    assert contents(records) == after


def test_a_new_record_has_its_fields_in_the_order_of_the_documentation(records: Path, run: Run) -> None:
    words = ["location.fond=84", "people.author=Mikoyan, A. I.", "title=B", "location.archive=RGASPI", "type=letter"]
    assert run("new", "b", *words)[::2] == (0, "")
    assert contents(records)["b"] == (
        'type = "letter"\ntitle = "B"\n\n[people]\nauthor = ["Mikoyan, A. I."]\n\n'
        '[[location]]\nfond = "84"\narchive = "RGASPI"\n'
    )


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No editor is named."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)


@pytest.mark.parametrize(
    "command", ["new ../b title=B", "new con title=B", "rename a ../b", "set ../a title=B", "rm ../a"]
)
def test_a_key_that_leaves_the_folder_is_wrong_usage(command: str, records: Path, run: Run) -> None:
    code, stdout, stderr = run(*command.split())
    assert (code, stdout) == (2, "")
    assert "cannot be the key of a record" in stderr
    assert contents(records) == {"a": TEXT}


@pytest.mark.parametrize("command", ["new b title=B date=1949-13", "set a date=1949-13", "new b --like a date=1949-13"])
def test_a_change_that_makes_a_record_invalid_is_refused(command: str, records: Path, run: Run) -> None:
    code, stdout, stderr = run(*command.split())
    assert (code, stdout) == (3, "")
    assert "error C003: " in stderr
    assert contents(records) == {"a": TEXT}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("new b title=B date=1949-13", 'date=1949-13: error C003: date "1949-13" has no month 13'),
        ("new b --like a date=1949-13", 'date=1949-13: error C003: date "1949-13" has no month 13'),
        ("set a title=B date=1949-13", 'date=1949-13: error C003: date "1949-13" has no month 13'),
        ("set a tags:=5", "tags:=5: error C002: tags must be a list of texts"),
        ("set a location.list=7-5 title=B", "location.list=7-5: error C005: range '7-5' runs backwards"),
        ("set a location.1.list=7-5 location.2.list=1", "location.1.list=7-5: error C005: range '7-5' runs backwards"),
        ("set a location.1.list=1 location.2.list=7-5", "location.2.list=7-5: error C005: range '7-5' runs backwards"),
        ("set a people:={x=5}", "people:={x=5}: error C002: a name must be text or a table, not a number"),
        ("set a people.author:=[5]", "people.author:=[5]: error C002: a name must be text or a table, not a number"),
    ],
)
def test_the_place_of_what_is_refused_is_what_was_typed(command: str, said: str, records: Path, run: Run) -> None:
    code, _, stderr = run(*command.split())
    first, *rest = stderr.splitlines()
    assert (code, first) == (3, said)
    assert all(line.startswith("    hint: ") for line in rest)


def test_a_copy_of_a_bad_record_is_refused_at_its_name(records: Path, run: Run, write: Write) -> None:
    write("b", 'title = "B"\ndate = "1949-13"\n')
    for more in ((), ("type=letter",)):
        assert run("new", "c", "--like", "b", *more).stderr.startswith("records/b.toml: error C003: ")


def test_what_is_wrong_already_hinders_no_other_change(records: Path, run: Run, write: Write) -> None:
    write("b", 'title = "B"\ndate = "1949-13"\n')
    code, _, stderr = run("set", "b", "title=C")
    assert code == 0
    assert "error C003: " in stderr
    assert contents(records)["b"] == 'title = "C"\ndate = "1949-13"\n'


def test_a_record_that_is_taken_by_a_link_to_nothing_is_taken(records: Path, run: Run) -> None:
    (records / "b.toml").symlink_to("nowhere.toml")
    for command in ("new b title=B", "rename a b"):
        assert run(*command.split()).code == 2
    assert (records / "b.toml").is_symlink()


@pytest.mark.parametrize("content", [b"", b"title = \n", b'title = "\xff"\n'], ids=["empty", "no TOML", "not UTF-8"])
def test_a_record_that_is_none_can_be_renamed_and_removed(
    content: bytes, records: Path, run: Run, write: Write
) -> None:
    write("b", content)
    assert run("rename", "b", "c").code == 0
    assert (records / "c.toml").read_bytes() == content
    assert run("rm", "c", "--yes")[::2] == (0, "")
    assert contents(records) == {"a": TEXT}


def test_a_missing_line_feed_at_the_end_shows(records: Path, run: Run, write: Write) -> None:
    write("a", 'title = "T"')
    end = "\\ No newline at end of file\n"
    expected = f'--- a/records/a.toml\n+++ b/records/a.toml\n@@ -1 +1 @@\n-title = "T"\n{end}+title = "B"\n{end}'
    assert run("set", "a", "title=B", "--dry-run").stdout == expected


def test_a_folder_of_records_alone_is_a_library(records: Path, run: Run) -> None:
    code, stdout, _ = run("--library", str(records), "set", "a", "title=B")
    assert (code, stdout) == (0, SET.replace("records/", ""))


# init


def test_init_makes_a_library_that_has_no_fault(nowhere: Path, run: Run) -> None:
    made = ["citekit.toml", "records/.gitignore", f"records/{SAMPLE}.toml"]
    listed = "".join(f"{name}\n" for name in made)
    assert run("init", "--dry-run") == (0, listed, "")
    assert list(nowhere.iterdir()) == []
    assert run("init") == (0, listed, "")
    assert sorted(str(path.relative_to(nowhere)) for path in nowhere.rglob("*") if path.is_file()) == made
    assert run("check", "--strict").code == 0
    assert (nowhere / "records" / f"{SAMPLE}.toml").read_bytes() == (ROOT / "records" / f"{SAMPLE}.toml").read_bytes()


def test_init_lets_everything_be_that_is_there(records: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    root = records.parent
    (root / "citekit.toml").write_text("# mine\n", encoding="utf-8")
    assert run("init") == (0, "records/.gitignore\n", "")
    assert run("init") == (0, "", "there is a library already; nothing was made\n")
    assert (root / "citekit.toml").read_text(encoding="utf-8") == "# mine\n"
    assert contents(records) == {"a": TEXT, ".gitignore": ".citekit.lock\n.citekit-*.tmp\n"}


def test_init_makes_the_folder_that_is_named(nowhere: Path, run: Run) -> None:
    assert run("init", "deep/er").code == 0
    assert run("--library", "other", "init").code == 0
    for name in ("deep/er", "other"):
        assert run("--library", name, "list").code == 0
    (nowhere / "file").write_text("x", encoding="utf-8")
    assert run("init", "file") == (7, "", "error: cannot make file/records: not a directory\n")


def test_init_completes_what_was_killed(nowhere: Path, run: Run) -> None:
    (nowhere / "records").mkdir()
    for folder in (nowhere, nowhere / "records"):
        (folder / f".citekit-{os.getpid()}-a.tmp").touch()
    assert run("init").code == 0
    assert not list(nowhere.rglob("*.tmp"))


# At a terminal


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which copies are edited."""
    folder = tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def editor(tmp_path: Path, copies: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Names an editor that runs the next of some scripts whenever it is opened, with the file as `$1`."""

    def name(*scripts: str) -> None:
        for number, script in enumerate(scripts):
            (tmp_path / f"open-{number}").write_text(script, encoding="utf-8")
        program = tmp_path / "my editor"
        program.write_text(
            'cd "$(dirname "$0")"\nset -- "$1" open-*\nread next < "$2" || :\ncp "$2" now; rm "$2"\n. ./now\n',
            encoding="utf-8",
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"sh '{program}'")

    return name


def terminal(*arguments: str, answers: tuple[str, ...] = (), asked: Callable[[], object] = lambda: None) -> Outcome:
    """Runs the program with its input and its errors at a terminal, where somebody answers each question.

    *asked* is called before the first answer.
    """
    ours, theirs = pty.openpty()
    settings = termios.tcgetattr(theirs)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    program = subprocess.Popen(
        [sys.executable, "-m", "citekit", *arguments], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    shown, waiting = "", list(answers)
    for piece in pieces(ours):
        shown += piece
        if waiting and shown.endswith("] "):
            asked() if len(waiting) == len(answers) else None
            os.write(ours, waiting.pop(0).encode())
    os.close(ours)
    stdout, _ = program.communicate(timeout=PATIENCE)
    assert not waiting, f"nobody asked for {waiting}: {shown}"
    return Outcome(program.returncode, stdout.decode(), shown)


def pieces(handle: int) -> Iterator[str]:
    """What appears at the terminal, until the program ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([handle], [], [], 0.1)[0]:
            try:
                piece = os.read(handle, 65536)
            except OSError:  # how Linux says that nobody is at the other side
                return
            if not piece:
                return
            yield piece.decode()
    raise AssertionError("the program waits for ever")


def test_a_person_is_told_once_that_a_command_waits(
    records: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(writing, "SILENCE", 0.05)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    held, told = threading.Event(), threading.Event()

    def hold() -> None:
        with writing.locked(records):
            held.set()
            told.wait(PATIENCE)

    holder = threading.Thread(target=hold)
    holder.start()
    store = Session().library_to_change().store
    say, store.waiting = store.waiting, told.set
    assert held.wait(PATIENCE)
    assert store.rename("a", "b").renamed == "b"  # it was free when we had been told
    holder.join(PATIENCE)
    assert told.is_set()
    say()
    assert capsys.readouterr().err == "waiting for another citekit that is writing here …\n"


def test_who_waits_too_long_has_been_told(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SILENCE", 0.05)
    told: list[str] = []
    again = writing.locked(records, patience=0.2, waiting=lambda: told.append("once"))
    with writing.locked(records), pytest.raises(ChangedError), again:
        pass
    assert told == ["once"]


ASK = "Remove a? [y/N] "


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_rm_asks_and_removes(answer: str, records: Path) -> None:
    assert terminal("rm", "a", answers=(answer,)) == (0, GONE, ASK)
    assert contents(records) == {}


@pytest.mark.parametrize("answer", ["n\n", "\n", "perhaps\n", "\x04"])
def test_rm_keeps_what_nobody_wants_to_go(answer: str, records: Path) -> None:
    assert terminal("rm", "a", answers=(answer,)) == (0, GONE, f"{ASK}nothing was removed\n")
    assert contents(records) == {"a": TEXT}


def test_rm_asks_once_for_many(records: Path, write: Write) -> None:
    write("b", TEXT)
    code, _, shown = terminal("rm", "a", "b", answers=("y\n",))
    assert (code, shown) == (0, "Remove 2 records? [y/N] ")
    assert contents(records) == {}


def test_rm_keeps_a_record_that_changed_after_it_was_shown(records: Path, write: Write) -> None:
    write("b", TEXT)
    code, stdout, shown = terminal("rm", "a", "b", answers=("y\n",), asked=lambda: write("a", "# kept\n"))
    assert (code, stdout.count("-# mine\n")) == (6, 2)
    assert shown.endswith(f"error: {records}/a.toml changed since it was shown; nothing was removed\n")
    assert contents(records) == {"a": "# kept\n"}


@pytest.mark.parametrize("command", ["rm a", "new b", "edit a"])
def test_nothing_is_asked_where_nobody_wants_to_be_asked(command: str, records: Path, editor: Editor) -> None:
    editor("echo never opened >&2; exit 1")
    code, _, shown = terminal(*command.split(), "--no-input")
    assert code == 2
    assert shown.startswith("error: ")
    assert contents(records) == {"a": TEXT}


BROKEN = """printf 'title = "B\\n' > "$1" """
GOOD = """printf 'title = "B"\\n' > "$1" """
INVALID = """printf 'title = "B"\\ndate = "1949-13"\\n' > "$1" """
AGAIN = "Edit it again? [Y/n] "


@pytest.mark.parametrize("first", [BROKEN, INVALID], ids=["no TOML", "a bad date"])
@pytest.mark.parametrize("answer", ["\n", "y\n"])
def test_a_text_that_is_not_right_is_offered_again_as_it_was_typed(
    first: str, answer: str, records: Path, editor: Editor, copies: Path
) -> None:
    editor(first, 'cp "$1" seen; ' + GOOD)
    code, stdout, shown = terminal("edit", "a", answers=(answer,))
    assert (code, '+title = "B"\n' in stdout) == (0, True)
    assert shown.count("error C00") == shown.count(AGAIN) == 1
    assert f"{copies}/citekit-" in shown
    assert (copies.parent / "seen").read_text(encoding="utf-8").startswith('title = "B')
    assert contents(records) == {"a": 'title = "B"\n'}
    assert list(copies.iterdir()) == []


@pytest.mark.parametrize("answer", ["n\n", "no\n"])
def test_a_text_that_is_given_up_stays_in_the_copy_which_is_named(
    answer: str, records: Path, editor: Editor, copies: Path
) -> None:
    editor(BROKEN)
    code, stdout, shown = terminal("edit", "a", answers=(answer,))
    assert (code, stdout) == (3, "")
    assert shown.count("error C001") == 1
    assert shown.endswith("error: nothing was written\n")
    assert kept(copies, shown) == 'title = "B\n'
    assert contents(records) == {"a": TEXT}


def kept(copies: Path, said: str) -> str:
    """What is in the copy that was kept and named, the only one."""
    (copy,) = copies.glob("citekit-*/*.toml")
    assert f"what you typed is in {copy}\n" in said
    return copy.read_text(encoding="utf-8")


def test_who_interrupts_the_question_keeps_what_he_typed(records: Path, editor: Editor, copies: Path) -> None:
    editor(BROKEN + "; echo $PPID > pid")

    def interrupt() -> None:
        os.kill(int((copies.parent / "pid").read_text(encoding="utf-8")), signal.SIGINT)

    code, stdout, shown = terminal("edit", "a", answers=("",), asked=interrupt)
    assert (code, stdout) == (130, "")
    assert kept(copies, shown) == 'title = "B\n'


def test_ctrl_c_is_the_editors_while_it_runs(records: Path, editor: Editor, copies: Path) -> None:
    editor("kill -INT $PPID; sleep 0.5; " + GOOD)
    assert terminal("edit", "a")[::2] == (0, "")
    assert contents(records) == {"a": 'title = "B"\n'}
    editor("kill -INT $$; sleep 5")
    code, _, shown = terminal("edit", "a")
    assert (code, shown) == (7, "error: the editor 'sh' ended with -2; nothing was written\n")


def test_new_opens_a_template_that_is_a_record_when_it_is_filled_in(
    records: Path, editor: Editor, copies: Path
) -> None:
    editor("""sed -i 's/^title = ""/title = "B"/; s/# fond/fond/; s/# archive/archive/' "$1" """)
    code, stdout, shown = terminal("new", "b")
    assert (code, shown) == (0, "")
    assert '+title = "B"\n' in stdout
    text = TEMPLATE.replace('title = ""', 'title = "B"').replace("# fond", "fond").replace("# archive", "archive")
    assert contents(records) == {"a": TEXT, "b": text}
    assert list(copies.iterdir()) == []


def test_an_empty_file_changes_nothing(records: Path, editor: Editor, copies: Path, run: Run) -> None:
    editor(': > "$1"', ': > "$1"')
    said = "error: the file is empty: the record is unchanged\nhint: `citekit rm a` takes it away\n"
    assert run("edit", "a") == (2, "", said)
    assert terminal("new", "b") == (2, "", "error: the file is empty; no record was made\n")
    assert contents(records) == {"a": TEXT}
    assert list(copies.iterdir()) == []


def test_a_template_left_as_it_is_makes_no_record(records: Path, editor: Editor, copies: Path) -> None:
    editor(":")
    expected = (2, "", "error: the template was left as it is; no record was made\n")
    assert terminal("new", "b") == expected
    assert contents(records) == {"a": TEXT}
    assert list(copies.iterdir()) == []


# Editors without a terminal


@pytest.mark.parametrize(
    ("script", "code", "said", "copy"),
    [
        (":", 0, "nothing to change\n", None),
        (GOOD, 0, "", None),
        (GOOD + '; cp "$1" "$1~"', 0, "", None),
        (GOOD.replace("printf '", "printf '\\357\\273\\277"), 0, "", None),
        ('mv "$1" x; printf \'title = "B"\\n\' > "$1"', 0, "", None),
        ("exit 3", 7, "error: the editor 'sh' ended with 3; nothing was written\n", None),
        (GOOD + "; exit 3", 7, "error: the editor 'sh' ended with 3; nothing was written\n", 'title = "B"\n'),
        (BROKEN, 3, "error C001: not TOML: ", 'title = "B\n'),
        (INVALID, 3, "error C003: ", 'title = "B"\ndate = "1949-13"\n'),
        ('rm "$1"', 7, "no such file or directory\n", None),
        ("echo '# more' >> \"$1\"; echo '# by hand' > library/records/a.toml", 6, "changed while", TEXT + "# more\n"),
    ],
    ids="unchanged right backup mark another fails fails-late no-TOML bad-date removed changed-by-hand".split(),
)
def test_the_record_changes_only_when_the_text_is_right_and_the_copy_stays_where_it_holds_more(
    script: str, code: int, said: str, copy: str | None, records: Path, editor: Editor, copies: Path, run: Run
) -> None:
    editor(script)
    before = contents(records)
    found, stdout, stderr = run("edit", "a")
    assert (found, said in stderr) == (code, True), stderr
    if code == 6:
        before = {"a": "# by hand\n"}
    assert contents(records) == ({"a": 'title = "B"\n'} if code == 0 and stdout else before)
    if copy is None:
        assert list(copies.iterdir()) == []
        assert "what you typed" not in stderr
    else:
        assert kept(copies, stderr) == copy


def test_bytes_that_are_no_text_are_told_and_kept(records: Path, editor: Editor, copies: Path, run: Run) -> None:
    editor("printf '\\377' > \"$1\"")
    code, _, stderr = run("edit", "a")
    (copy,) = copies.glob("*/a.toml")
    said = f"what you typed is in {copy}\nerror: the editor did not write UTF-8; nothing was written\n"
    assert (code, stderr, copy.read_bytes()) == (2, said, b"\xff")
    assert contents(records) == {"a": TEXT}


def test_an_empty_record_can_be_edited(records: Path, editor: Editor, run: Run, write: Write) -> None:
    write("a", "")
    editor(GOOD)
    assert run("edit", "a")[::2] == (0, "")
    assert contents(records) == {"a": 'title = "B"\n'}


def test_an_edit_keeps_the_mark_and_the_line_ends(records: Path, editor: Editor, run: Run, write: Write) -> None:
    path = write("a", b'\xef\xbb\xbftitle = "T"\r\n# end\r\n')
    editor('cp "$1" seen; sed -i s/T/B/ "$1"')
    assert run("edit", "a").code == 0
    assert path.read_bytes() == b'\xef\xbb\xbftitle = "B"\r\n# end\r\n'
    assert (records.parent.parent / "seen").read_bytes() == b'title = "T"\r\n# end\r\n'


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("no-such-editor", "the editor 'no-such-editor' cannot be started: no such file or directory"),
        ("ed 'x", "$EDITOR cannot be read: no closing quotation"),
        ("  ", "no editor is named"),
    ],
)
def test_an_editor_that_is_none_is_wrong_usage(
    named: str, said: str, records: Path, copies: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", named)
    code, stdout, stderr = run("edit", "a")
    assert (code, stdout, stderr.splitlines()[0]) == (2, "", f"error: {said}")
    assert list(copies.iterdir()) == []


def test_visual_is_asked_before_editor(
    records: Path, editor: Editor, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor("exit 3")
    monkeypatch.setenv("VISUAL", "sed -i s/T/B/")
    assert run("edit", "a").code == 0
    assert contents(records) == {"a": B}


def test_an_editor_that_everybody_has_is_found_at_a_terminal(
    records: Path, tmp_path: Path, plain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "nano"
    program.write_text(f"#!/bin/sh\n{GOOD}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert terminal("edit", "a")[::2] == (0, "")
    assert contents(records) == {"a": 'title = "B"\n'}


def test_a_disk_without_room_for_the_copy_is_told(
    records: Path, editor: Editor, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(GOOD)
    monkeypatch.setattr("tempfile.mkdtemp", full)
    assert run("edit", "a") == (7, "", "error: cannot make a copy to edit: no space left on device\n")


def full(**_: object) -> str:
    """A folder that cannot be made."""
    raise OSError(28, "No space left on device")


def test_what_was_typed_while_the_disk_filled_up_is_kept(
    records: Path, editor: Editor, copies: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(GOOD)
    monkeypatch.setattr(Store, "change", unwritable)
    code, stdout, stderr = run("edit", "a")
    assert (code, stdout) == (7, "")
    assert kept(copies, stderr) == 'title = "B"\n'
    assert contents(records) == {"a": TEXT}


def unwritable(*_: object) -> object:
    """A change on a full disk."""
    raise StorageError("cannot write a: no space left on device")
