"""Any sequence of commands does to a library what the same sequence does to a dictionary.

The dictionary says what each command must do, errors and exit codes too. After each step every file is readable TOML
that holds what the dictionary has, and nothing else lies in the folder but the lock.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from citekit.cli import main

Table: TypeAlias = dict[str, Any]

DONE, MISSING, USAGE, INVALID = 0, 1, 2, 3
# Few keys, so that they meet: two differ only in case, one is what a conflict gives, one is none
KEYS = ("stalin-1949", "Stalin-1949", "stalin-1949-a", "mao", "a.b:c+d_e", "x" * 200)
NO_KEYS = ("../mao", "NUL", "a b")
TEXTS = ("T", "Записка «о»", "l1\nl2\r\n\tl3", 'say "no" \\ \'', "=x", "[x]", "# no comment", "é\u2028", "]]>")
# What lies there at the beginning, written by hand
BY_HAND = {
    "mao": 'title = "T" # mine\r\ntags = [\r\n  "Japan", # one\r\n]\r\n[people]\r\nauthor = ["NKVD"]\r\n',
    "a.b:c+d_e": "note = '''\nl1\nl2'''\ntitle = 'T'\n\n[[location]]\nfond = '1'\n\n[[location]] # two\nfond = '2'",
}
NAMES = ("Goldberg, Gary", "Молотов, В. М.", "NKVD")

# Mostly keys of records that are there, and sometimes any other, or none
known = st.runner().flatmap(lambda machine: st.sampled_from([*sorted(machine.model) * 8, *KEYS, *NO_KEYS[:1]]))
keys = st.sampled_from([*KEYS, *KEYS, *NO_KEYS])
texts = st.sampled_from(TEXTS)


class Done(NamedTuple):
    """What one run of the program gave."""

    code: int
    said: str


def run(folder: Path, *arguments: str, stdin: str = "") -> Done:
    """The program in this process, in the library *folder*; its code and what it said on standard error."""
    streams = [io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"), *(_stream() for _ in range(2))]
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        code = main(["--library", str(folder), "--no-input", *arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    streams[2].flush()
    return Done(code, streams[2].buffer.getvalue().decode())  # type: ignore[attr-defined]


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8")


# What `set` means, said once more in plain Python: the words of the command, and what becomes of the table.
# A change that cannot be made raises Refused with the exit code.


class Refused(Exception):
    """The model's word for an error: the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Title(NamedTuple):
    """`title=…`"""

    value: str

    def word(self) -> str:
        return f"title={self.value}"

    def make(self, table: Table) -> None:
        table["title"] = self.value


class Gone(NamedTuple):
    """`note=`"""

    name: str

    def word(self) -> str:
        return f"{self.name}="

    def make(self, table: Table) -> None:
        if self.name not in table:
            raise Refused(USAGE)
        del table[self.name]


class As(NamedTuple):
    """`tags:=["a"]`"""

    name: str
    value: Any

    def word(self) -> str:
        return f"{self.name}:={json.dumps(self.value)}"

    def make(self, table: Table) -> None:
        table[self.name] = copy.deepcopy(self.value)


class More(NamedTuple):
    """`people.translator+=…`"""

    role: str
    name: str

    def word(self) -> str:
        return f"people.{self.role}+={self.name}"

    def make(self, table: Table) -> None:
        table.setdefault("people", {}).setdefault(self.role, []).append(self.name)


class Less(NamedTuple):
    """`people.translator-=…`; the role goes with its last name."""

    role: str
    name: str

    def word(self) -> str:
        return f"people.{self.role}-={self.name}"

    def make(self, table: Table) -> None:
        people = table.get("people", {})
        if self.name not in people.get(self.role, []):
            raise Refused(USAGE)
        people[self.role].remove(self.name)
        if not people[self.role]:
            del people[self.role]


class Level(NamedTuple):
    """`location.2.delo=…`; one behind the last makes another location."""

    number: int
    level: str
    value: str

    def word(self) -> str:
        return f"location.{self.number}.{self.level}={self.value}"

    def make(self, table: Table) -> None:
        entries = table.get("location", [])
        if self.number > len(entries) + 1:
            raise Refused(USAGE)
        table["location"] = [*entries, {}] if self.number == len(entries) + 1 else entries
        table["location"][self.number - 1][self.level] = self.value


class Wrong(NamedTuple):
    """A change that no record allows."""

    text: str
    code: int

    def word(self) -> str:
        return self.text

    def make(self, table: Table) -> None:
        raise Refused(self.code)


Change: TypeAlias = Title | Gone | As | More | Less | Level | Wrong

additions: st.SearchStrategy[Change] = st.one_of(
    st.builds(Title, texts),
    st.builds(As, st.just("note"), texts),
    st.builds(As, st.just("tags"), st.lists(st.sampled_from(["Japan", "Korea", "a, b"]), max_size=3)),
    st.builds(More, st.sampled_from(["author", "translator"]), st.sampled_from(NAMES)),
    st.builds(Level, st.just(1), st.sampled_from(["fond", "delo"]), st.sampled_from(["558", "98"])),
)
changes: st.SearchStrategy[Change] = st.one_of(
    additions,
    additions,
    st.builds(Gone, st.sampled_from(["note", "tags", "abstract", "people", "location"])),
    st.builds(Less, st.sampled_from(["author", "translator"]), st.sampled_from(NAMES)),
    st.builds(Level, st.integers(1, 3), st.sampled_from(["fond", "delo"]), st.sampled_from(["558", "98"])),
)
wrong = st.sampled_from(
    [
        Wrong("date=1949-13", INVALID),
        Wrong("people.author=Molotov,", INVALID),
        Wrong("languge=ru", USAGE),
        Wrong("title", USAGE),
        Wrong("tags:=[", USAGE),
        Wrong("title.x=1", USAGE),
    ]
)


def changed(table: Table, wanted: list[Change]) -> Table:
    """The table after all changes; Refused where one of them cannot be made."""
    table = copy.deepcopy(table)
    for change in wanted:
        change.make(table)
    return table


class Commands(RuleBasedStateMachine):
    """The library in a folder of its own, and the dictionary that says what it holds."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="citekit-state-"))
        self.records = self.folder / "records"
        self.records.mkdir()
        self.model: dict[str, Table] = {key: tomllib.loads(text) for key, text in BY_HAND.items()}
        for key, text in BY_HAND.items():
            (self.records / f"{key}.toml").write_bytes(text.encode())

    def teardown(self) -> None:
        with contextlib.suppress(AttributeError):  # where not even the beginning came
            shutil.rmtree(self.folder)

    # The model's answers

    def free(self, key: str, but: str = "") -> None:
        """Refused where *key* can be none, or is taken, also but for case."""
        if key in NO_KEYS or any(key.casefold() == other.casefold() and other != but for other in self.model):
            raise Refused(USAGE)

    def there(self, key: str) -> None:
        """Refused where there is no record *key*."""
        if key not in self.model:
            raise Refused(USAGE if key in NO_KEYS else MISSING)

    def same(self, expected: int, done: Done) -> None:
        """The program ended as the model says."""
        assert done.code == expected, done

    # The commands

    @rule(key=keys, title=texts, wanted=st.lists(additions, max_size=2), dry=st.booleans())
    def new(self, key: str, title: str, wanted: list[Change], dry: bool) -> None:
        wanted = [Title(title), *wanted]
        try:
            self.free(key)
            table = changed({}, wanted)
            code = DONE
        except Refused as refused:
            code = refused.code
        done = run(self.folder, "new", key, *(change.word() for change in wanted), *["--dry-run"] * dry)
        self.same(code, done)
        if code == DONE and not dry:
            self.model[key] = table

    @rule(key=keys, like=known, wanted=st.lists(changes, max_size=1))
    def new_like(self, key: str, like: str, wanted: list[Change]) -> None:
        try:
            self.free(key)
            self.there(like)
            table = changed(self.model[like], wanted)
            code = DONE
        except Refused as refused:
            code = refused.code
        self.same(code, run(self.folder, "new", key, "--like", like, *(change.word() for change in wanted)))
        if code == DONE:
            self.model[key] = table

    @rule(key=known, wanted=st.lists(changes, min_size=1, max_size=2), dry=st.booleans())
    def set(self, key: str, wanted: list[Change], dry: bool) -> None:
        try:
            self.there(key)
            table = changed(self.model[key], wanted)
            code = DONE
        except Refused as refused:
            code = refused.code
        self.same(code, run(self.folder, "set", key, *(change.word() for change in wanted), *["--dry-run"] * dry))
        if code == DONE and not dry:
            self.model[key] = table

    @rule(key=known, good=additions, bad=wrong)
    def set_wrongly(self, key: str, good: Change, bad: Wrong) -> None:
        code = bad.code if bad.text == "title" else DONE  # what is no change is seen before the record
        try:
            if not code:
                self.there(key)
                changed(self.model[key], [good, bad])
        except Refused as refused:
            code = refused.code
        self.same(code, run(self.folder, "set", key, good.word(), bad.word()))

    @rule(old=known, new=keys, dry=st.booleans())
    def rename(self, old: str, new: str, dry: bool) -> None:
        code = DONE
        try:
            if old in NO_KEYS or new in NO_KEYS:
                raise Refused(USAGE)
            self.there(old)
            self.free(new, but=old)
        except Refused as refused:
            code = refused.code
        self.same(code, run(self.folder, "rename", old, new, *["--dry-run"] * dry))
        if code == DONE and not dry:
            self.model[new] = self.model.pop(old)

    @rule(wanted=st.lists(known, min_size=1, max_size=2), dry=st.booleans())
    def rm(self, wanted: list[str], dry: bool) -> None:
        codes = {USAGE if key in NO_KEYS else MISSING for key in wanted if key not in self.model}
        code = DONE if not codes else codes.pop() if len(codes) == 1 else MISSING
        self.same(code, run(self.folder, "rm", *wanted, "--dry-run" if dry else "--yes"))
        if not dry:
            for key in wanted:
                self.model.pop(key, None)

    @rule(
        given=st.lists(st.tuples(st.sampled_from(KEYS), texts), min_size=1, max_size=3),
        how=st.sampled_from(["error", "skip", "replace", "rename"]),
        form=st.sampled_from(["csl-json", "toml"]),
        dry=st.booleans(),
    )
    def import_(self, given: list[tuple[str, str]], how: str, form: str, dry: bool) -> None:
        after, good, bad = copy.deepcopy(self.model), 0, 0
        given = given if form == "csl-json" else given[:1]
        for key, title in given:
            table = {"type": "book", "title": title}
            try:
                self.take(after, key, table, how)
                good += 1
            except Refused:
                bad += 1
        if form == "csl-json":
            found = [{"id": key, "type": "book", "title": title} for key, title in given]
            done = run(self.folder, "import", "-", "--on-conflict", how, *["--dry-run"] * dry, stdin=json.dumps(found))
        else:
            ((key, title),) = given
            source = self.folder / f"{key}.toml"
            source.write_text(f'type = "book"\ntitle = {json.dumps(title)}\n', encoding="utf-8", newline="")
            done = run(self.folder, "import", str(source), "--on-conflict", how, *["--dry-run"] * dry)
            source.unlink()
        self.same(DONE if not bad else MISSING if good else USAGE, done)
        if not dry:
            self.model = after

    def take(self, model: dict[str, Table], key: str, table: Table, how: str) -> None:
        """One entry of an import into *model*."""
        tried = [key, *(f"{key}-{letter}" for letter in "abcdefghijklmnop")] if how == "rename" else [key]
        for spelling in tried:
            other = next((name for name in model if name.casefold() == spelling.casefold()), None)
            if other is None:
                if len(spelling) > 200:
                    raise Refused(USAGE)
                model[spelling] = table
                return
            if other == spelling and model[other] == table:
                return
        if how == "replace" and key in model:
            model[key] = table
        elif how != "skip":
            raise Refused(USAGE)

    # What holds after each step

    @invariant()
    def the_files_hold_what_the_dictionary_has(self) -> None:
        if not hasattr(self, "model"):
            return
        found = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in self.records.glob("*.toml")}
        assert found == self.model

    @invariant()
    def nothing_else_lies_there(self) -> None:
        if hasattr(self, "records"):
            others = {path.name for path in self.records.iterdir() if path.suffix != ".toml"}
            assert others <= {".citekit.lock"}


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
