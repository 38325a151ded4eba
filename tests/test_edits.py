"""Changing TOML text: a thousand ugly records and what git says of their changes, and each small rule by example."""

from __future__ import annotations

import copy
import datetime
import json
import os
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path as Folder
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import edits
from citekit.edits import (
    REMOVED,
    EditError,
    Path,
    Statement,
    changed,
    edited,
    entries,
    find_place,
    guarded,
    statements,
    value_end,
)
from citekit.errors import Where
from tests.conftest import Run, Write

# Ugly records. The class knows where it wrote what, and nothing of citekit.

# Ways to write a value; `%` becomes a number, so that no two are equal
TEXTS = (
    '"plain %"',
    "'literal % \\ \"'",
    '"with # no comment, ] } = % and \\"quotes\\""',
    '"\\u0424. 558, оп. %, 🙂 \\t\x85\u2028"',
    '"""one line %"""',
    '"""\ntitle = "not a title %"\n[not.a.header]\n# not a comment\n"""',
    '"""ends in quotes "%"""""',
    '"""\\\n   folded %,\\\n   line"""',
    "'''\nit's = \"raw\" %\n  '''",
    "''''%'''''",
    '" leading and trailing % "',
    '"e\u0301 %"',  # not NFC, and kept so
)
WAYS = {
    "text": TEXTS,
    "part": ('"Mao %"', "'Цзэдун %'"),
    "name": ('"Molotov, V. M. %"', "'Сталин, И. В. %'"),
    "day": ("1949-04-13", "1945-11-19", '"1949-04"', "1949"),
    "any": (
        *TEXTS,
        *("%", "0xFF_0%", "+1_0%.5e3", "nan", "-inf", "true", "1949-04-13", "1949-04-13 07:32:00.%Z", "07:32:00.%"),
    ),
}
COMMENTS = ("# plain %", "#%", '# title = "x", ] } %', "# [people] \" ' ''' %", "# Ф. 558 🙂 \x85 %")

# What a record may hold: its tables, and the kind of each field
TOP = dict.fromkeys(("short_title", "abstract", "note", "number", "credits"), "text") | {"date": "day", "tags": "texts"}
OWN = dict.fromkeys(("my own", "ключ", "x.y", "8"), "any")
TABLES = {
    "titles": dict.fromkeys(("original", "romanized", "translated"), "text"),
    "people": {"author": "names", "recipient": "names", "translator": "name", "via": "names"},
    "online": {"publisher": "text", "url": "text", "id": "text", "accessed": "day"},
    "csl": dict.fromkeys(("genre", "event", "a b", "b.c"), "any"),
    "mine": dict.fromkeys(("one", "two", "3"), "any"),
}
ARRAYS = {
    "location": dict.fromkeys(("archive", "fond", "delo", "note"), "text"),
    "reprinted": dict.fromkeys(("text", "pages"), "text"),
    "diary": dict.fromkeys(("one", "two"), "any"),
}
FIELDS = {**TABLES, **ARRAYS, "person": {"family": "part", "given": "part"}}


class Spot(NamedTuple):
    """Where a value stands: its first sign, its end, and behind the comma that follows it; and its kind."""

    start: int
    end: int
    last: int
    kind: str


class Ugly:
    """A record as ugly as people and programs write them: its text, its value, and where everything stands."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ends = self.random.choice([["\n"], ["\n"], ["\r\n"], ["\n", "\r\n"]])
        self.text = ""
        self.value: dict[str, Any] = {}
        self.spots: dict[Path, Spot] = {}  # of values
        self.headers: dict[Path, Spot] = {}
        self.tables: dict[Path, str] = {(): "top"}  # top, header, dotted or inline
        self.comments: list[str] = []
        self.number = 0
        self._record()

    def line(self, place: int) -> int:
        """The number, from 0, of the line that *place* is in."""
        return self.text.count("\n", 0, place)

    def lines(self, start: int, end: int) -> set[int]:
        """The numbers of the lines from *start* to *end*."""
        return set(range(self.line(start), self.line(end) + 1))

    def below(self, at: Path) -> set[int]:
        """The numbers of all lines that say something of *at*."""
        spots = [*self.spots.items(), *self.headers.items()]
        return {line for path, s in spots if path[: len(at)] == at for line in self.lines(s.start, s.last)}

    # writing

    def _record(self) -> None:
        self._line_end()
        forms = {name: self.random.choice(["", "header", "header", "dotted", "inline"]) for name in TABLES}
        top: list[tuple[tuple[str, ...], str]] = [
            (("title",), "text"),
            *(((name,), kind) for name, kind in self._some(TOP | OWN)),
        ]
        top += [((name,), name) for name, form in forms.items() if form == "inline"]
        for name in (name for name, form in forms.items() if form == "dotted"):
            top += [((name, inner), kind) for inner, kind in self._some(TABLES[name])]
        for steps, kind in self._shuffled(top):
            self._statement((), steps, kind)
        sections = [name for name, form in forms.items() if form == "header"]
        sections += [name for name in ARRAYS for _ in range(self.random.randrange(4))]
        for name in self._shuffled(sections):
            at = self._section((name,), FIELDS[name], entry=name in ARRAYS)
            if name in ("mine", "diary") and self.random.random() < 0.5:
                self._section((*at, "deep", "er"), TABLES["mine"], entry=name == "diary")
        if self.random.random() < 0.2:
            self.text = self.text.rstrip()

    def _section(self, at: Path, fields: Mapping[str, str], *, entry: bool) -> Path:
        words = self._key([step for step in at if isinstance(step, str)])
        before, behind = ("[[", "]]") if entry else ("[", "]")
        at = (*at, len(reached(self.value, at) or [])) if entry else at
        put(self.value, at, {})
        self.tables[at] = "header"
        self._say(self._blank() + before + self._blank())
        start = len(self.text)
        self._say(words + self._blank() + behind)
        self.headers[at] = Spot(start, len(self.text), len(self.text), "header")
        self._line_end()
        for name, kind in self._some(fields):
            self._statement(at, (name,), kind)
        return at

    def _statement(self, table: Path, steps: tuple[str, ...], kind: str) -> None:
        for depth in range(1, len(steps)):
            self.tables[*table, *steps[:depth]] = "dotted"
        self._say(self._blank() + self._key(steps) + self._blank() + "=" + self._blank())
        self._value((*table, *steps), kind)
        self._line_end()

    def _value(self, at: Path, kind: str, depth: int = 0) -> None:
        start, roll = len(self.text), self.random.random()
        if kind in FIELDS or (kind == "name" and roll < 0.3) or (kind == "any" and depth < 3 and roll < 0.2):
            self._inline(at, FIELDS["person" if kind == "name" else "mine" if kind == "any" else kind], depth)
        elif kind in ("names", "texts") or (kind == "any" and depth < 3 and roll < 0.5):
            self._list(at, kind.removesuffix("s"), depth)
        else:
            written = self._numbered(self.random.choice(WAYS[kind]))
            put(self.value, at, tomllib.loads(f"x = {written}")["x"])
            self._say(written)
        self.spots[at] = Spot(start, len(self.text), len(self.text), kind)

    def _inline(self, at: Path, fields: Mapping[str, str], depth: int) -> None:
        put(self.value, at, {})
        self.tables[at] = "inline"
        some = list(fields.items()) if "family" in fields else self._some(fields)
        self._say("{" + self._blank())
        for number, (name, kind) in enumerate(some):
            inner = (name, "deep", "er") if kind == "any" and self.random.random() < 0.2 else (name,)
            for length in range(1, len(inner)):
                self.tables[*at, *inner[:length]] = "dotted"
            self._say((self._blank() + "," + self._blank() if number else "") + self._key(inner))
            self._say(self._blank() + "=" + self._blank())
            self._value((*at, *inner), kind, depth + 1)
        self._say(self._blank() + "}")

    def _list(self, at: Path, kind: str, depth: int) -> None:
        """A list in one line, with a line for each entry, or with the commas in front."""
        put(self.value, at, [])
        edge, before, behind = self.random.choice(
            [
                (self._space, self._space, self._space),
                (self._line_end, self._space, self._line_end),
                (self._line_end, self._line_end, self._space),
            ]
        )
        count = self.random.randrange(4)
        self._say("[")
        edge()
        for number in range(count):
            self._value((*at, number), kind, depth + 1)
            if number < count - 1 or self.random.random() < 0.3:
                before()
                self._say(",")
                self.spots[*at, number] = self.spots[*at, number]._replace(last=len(self.text))
                behind()
        edge()
        self._say("]")

    # signs

    def _say(self, text: str) -> None:
        self.text += re.sub("\n", lambda _: self.random.choice(self.ends), text)

    def _numbered(self, text: str) -> str:
        self.number += 1
        return text.replace("%", str(self.number))

    def _blank(self) -> str:
        return self.random.choice(["", " ", " ", "\t", "   "])

    def _space(self) -> None:
        self._say(self._blank())

    def _line_end(self) -> None:
        """The end of a line, with a comment or none, and maybe more lines that say nothing."""
        self._say(self._blank())
        for ending in ("\n", *self.random.choice([(), (), ("\n",), ("\n", "\n")])):
            if self.random.random() < 0.4:
                self.comments.append(self._numbered(self.random.choice(COMMENTS)))
                self._say(self.comments[-1])
            self._say(ending + self._blank())

    def _key(self, words: list[str] | tuple[str, ...]) -> str:
        bare = re.compile("[a-z_0-9]+")
        ways = [[f'"{word}"', f"'{word}'", *[word] * 4 * bool(bare.fullmatch(word))] for word in words]
        return self.random.choice([".", ".", " . "]).join(self.random.choice(way) for way in ways)

    def _some(self, fields: Mapping[str, str]) -> list[tuple[str, str]]:
        return self.random.sample(sorted(fields.items()), self.random.randint(1, len(fields)))

    def _shuffled(self, things: list[Any]) -> list[Any]:
        return self.random.sample(things, len(things))


def put(table: dict[str, Any], at: Path, value: Any) -> None:
    """Sets what stands at *at*, the tables and lists on the way made."""
    here: Any = table
    for step, following in pairwise(at):
        if isinstance(here, list) and step == len(here):
            here.append([] if isinstance(following, int) else {})
        here = here[step] if isinstance(step, int) else here.setdefault(step, [] if isinstance(following, int) else {})
    if isinstance(here, list):
        here[int(at[-1]) : int(at[-1]) + 1] = [value]
    else:
        here[at[-1]] = value


def reached(table: Any, at: Path) -> Any:
    """What stands at *at*, or None."""
    try:
        for step in at:
            table = table[step]
    except (LookupError, TypeError):
        return None
    return table


# Edits of them, what they mean, and which lines they may touch


class Edit(NamedTuple):
    """A change: where, the new value or `REMOVED`, and the numbers, from 0, of the lines that may go for it.

    *span* is the value's place where it alone may change.
    """

    at: Path
    value: Any
    lines: set[int]
    span: tuple[int, int] | None = None


NEW: Mapping[str, tuple[Any, ...]] = {
    "text": (
        "x",
        "",
        'say "no"',
        "it's",
        "a\nb\r\n",
        "C:\\temp\\n",
        "Ф. 558, оп. 11 🙂",
        "# no",
        "[no]",
        '"""',
        "a = 1",
        "\x1b",
    ),
    "part": ("Goldberg", "О'Нил"),
    "name": ("Goldberg, Gary", 'О\'Нил, "Тип"', {"family": "Mao", "given": "Zedong"}),
    "day": (datetime.date(1950, 2, 14), "1950", "1949~"),
    "names": (["Goldberg, Gary"], ["Zhou, Enlai", {"family": "Mao"}]),
    "texts": (["Japan"], [], ["a", "b ] , c"]),
    "any": ("x", 7, 1.0, True, datetime.time(7, 30), [], {}, [1, [2]], {"a": {"b c": "d"}}, [{"a": 1}], float("inf")),
}


def new_value(ugly: Ugly, kind: str) -> Any:
    """Some value of the kind, which may be that of a table."""
    if kind in FIELDS:
        return {name: new_value(ugly, inner) for name, inner in FIELDS[kind].items()}
    return copy.deepcopy(ugly.random.choice(NEW[kind]))


def another_value(ugly: Ugly) -> Edit:
    at, spot = ugly.random.choice(list(ugly.spots.items()))
    return Edit(at, new_value(ugly, spot.kind), ugly.lines(spot.start, spot.end), (spot.start, spot.end))


def one_value_less(ugly: Ugly) -> Edit:
    at, spot = ugly.random.choice([(at, spot) for at, spot in ugly.spots.items() if spot.kind != "part"])
    return Edit(at, REMOVED, ugly.lines(spot.start, spot.last))


def _last_line(ugly: Ugly, around: Path) -> set[int]:
    """The line that a comma must be added to: where the last entry ends, or else where the list or table begins."""
    inner = [spot.end for at, spot in ugly.spots.items() if at[: len(around)] == around and at != around]
    return {ugly.line(max(inner, default=ugly.spots[around].start))}


def one_entry_more(ugly: Ugly) -> Edit | None:
    lists = [at for at, spot in ugly.spots.items() if isinstance(reached(ugly.value, at), list)]
    if not lists:
        return None
    at = ugly.random.choice(lists)
    kind = ugly.spots[at].kind.removesuffix("s")
    return Edit((*at, len(reached(ugly.value, at))), new_value(ugly, kind), _last_line(ugly, at))


def one_key_more(ugly: Ugly) -> Edit | None:
    table = ugly.random.choice(list(ugly.tables))
    names = [step for step in table if isinstance(step, str)]
    if names[:1] == ["people"] and len(names) > 1:
        fields = {"suffix": "part"}
    else:
        fields = {"new 1": "any"} if len(names) > 1 else FIELDS.get(names[0], {"new": "any"}) if names else TOP
    missing = [field for field in fields.items() if field[0] not in reached(ugly.value, table)]
    if not missing:
        return None
    name, kind = ugly.random.choice(missing)
    around = next((table[:n] for n in range(len(table), 0, -1) if table[:n] in ugly.spots), None)
    lines = _last_line(ugly, around) if around else set()
    return Edit((*table, name), new_value(ugly, kind), lines)


def a_new_table(ugly: Ugly) -> Edit | None:
    """`location.3.note=…`, where there are two, or `online.url=…`, where there is no such table."""
    name = ugly.random.choice([*TABLES, *ARRAYS])
    entries = ugly.value.get(name, [])
    if name in ("mine", "diary") or (name in TABLES and entries):
        return None
    inner, kind = ugly.random.choice(list(FIELDS[name].items()))
    return Edit((name, *([len(entries)] if name in ARRAYS else []), inner), new_value(ugly, kind), set())


def a_table_less(ugly: Ugly) -> Edit | None:
    if not ugly.headers:
        return None
    at = ugly.random.choice(list(ugly.headers))
    return Edit(at, REMOVED, ugly.below(at))


def another_table(ugly: Ugly) -> Edit | None:
    """A whole table of its own lines, or all entries of an array, given as one TOML value."""
    whole = {at[:1] for at in (*ugly.tables, *ugly.headers) if at and at[:1] not in ugly.spots}
    at = ugly.random.choice([*sorted(whole), *ugly.headers] or [()])
    if not at:
        return None
    kind = str(at[0]) if len(at) < 3 else "any"
    value = new_value(ugly, kind)
    return Edit(at, [value] if at in whole and isinstance(ugly.value[kind], list) else value, ugly.below(at))


EDITS: tuple[Callable[[Ugly], Edit | None], ...] = (
    another_value,
    another_value,
    one_value_less,
    one_entry_more,
    one_key_more,
    one_key_more,
    a_new_table,
    a_table_less,
    another_table,
)


def some_edit(ugly: Ugly) -> Edit:
    """One edit of any kind that fits."""
    while True:
        if edit := ugly.random.choice(EDITS)(ugly):
            return edit


def meant(ugly: Ugly, edit: Edit) -> dict[str, Any]:
    """What the record holds after the edit. A table that has no place of its own goes with the last thing in it."""
    table = copy.deepcopy(ugly.value)
    if edit.value is not REMOVED:
        put(table, edit.at, edit.value)
        return table
    at = edit.at
    del reached(table, at[:-1])[at[-1]]
    while (at := at[:-1]) and at not in ugly.spots and at not in ugly.headers and not reached(table, at):
        del reached(table, at[:-1])[at[-1]]
    return table


def shown(value: Any) -> str:
    """A TOML value as text: what differs in value or type differs here, and `nan` is `nan`."""
    return json.dumps(value, sort_keys=True, default=repr)


def lost_lines(before: Folder, after: Folder) -> dict[str, Counter[bytes]]:
    """For each file of two folders, the lines that `git diff` says are gone."""
    command = "git -c core.quotepath=off diff --no-index --no-color --no-ext-diff --histogram -U0".split()
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run([*command, str(before), str(after)], capture_output=True, env=environment, check=False)
    assert done.returncode == 1, done.stderr
    lost: dict[str, Counter[bytes]] = {}
    lines = iter(done.stdout.split(b"\n"))
    for line in lines:
        if line.startswith(b"diff --git "):
            lines_of = lost[Folder(line.decode().split(" b/")[-1]).name] = Counter()
        elif hunk := re.match(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@", line):
            counts = [int(count) if count is not None else 1 for count in hunk.groups()]
            lines_of.update(next(lines)[1:] for _ in range(counts[0]))
    return lost


def spoken(at: Path) -> str:
    """The path as it is typed."""
    plain = re.compile(r"[^\W\d]\w*")
    return ".".join(str(s + 1) if isinstance(s, int) else s if plain.fullmatch(s) else f'"{s}"' for s in at)


def typed(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {typed(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(typed, value)) + "]"
    if isinstance(value, float):
        return str(value)
    return (
        value.isoformat() if isinstance(value, datetime.date | datetime.time) else json.dumps(value, ensure_ascii=False)
    )


def said(ugly: Ugly, edit: Edit) -> str:
    """The edit as a person types it for `citekit set`."""
    *outer, last = edit.at
    others = reached(ugly.value, tuple(outer))
    old = reached(ugly.value, edit.at)
    if edit.value is REMOVED and isinstance(old, str) and isinstance(last, int) and len(others) > 1 and old.isascii():
        return f"{spoken(tuple(outer))}-={old}"
    if edit.value is REMOVED:
        return f"{spoken(edit.at)}="
    if isinstance(edit.value, str) and edit.value and isinstance(last, int) and last == len(others):
        return f"{spoken(tuple(outer))}+={edit.value}"
    if isinstance(edit.value, str) and edit.value and isinstance(old, str):
        return f"{spoken(edit.at)}={edit.value}"
    return f"{spoken(edit.at)}:={typed(edit.value)}"


# A thousand of them


def test_an_edit_of_a_thousand_ugly_records_changes_only_the_lines_it_must(
    tmp_path: Folder, library: Folder, run: Run, write: Write
) -> None:
    refused: Counter[str] = Counter()
    wrong: list[object] = []
    allowed: dict[str, Counter[bytes]] = {}
    for folder in ("before", "after"):
        (tmp_path / folder).mkdir()
    for number in range(1000):
        ugly = Ugly(number)
        edit = some_edit(ugly)
        assert shown(tomllib.loads(ugly.text)) == shown(ugly.value)
        by_hand = number % 5 == 0
        new, why = result_of_set(ugly, edit, run, write) if by_hand else result(ugly.text, edit.at, edit.value)
        if why:
            assert new == ugly.text
            refused[why] += 1
        else:
            wrong += [(number, edit.at, fault) for fault in faults(ugly, edit, new)]
        name = f"{number}.toml"
        (tmp_path / "before" / name).write_bytes(ugly.text.encode())
        (tmp_path / "after" / name).write_bytes(new.encode())
        lines = ugly.text.encode().split(b"\n")
        unended = set() if edit.value is REMOVED else {len(lines) - 1}  # a last line may get its end
        allowed[name] = Counter(lines[line] for line in edit.lines | unended)
    lost = lost_lines(tmp_path / "before", tmp_path / "after")
    assert len(lost) > 950  # the others got the value that they had
    wrong += [(name, gone - allowed[name]) for name, gone in lost.items() if not gone <= allowed[name]]
    assert not wrong
    assert not refused  # 2% would be borne: docs/safety.md


def result(text: str, at: Path, value: Any) -> tuple[str, str]:
    """The new text as `edited` gives it, or the old one and why it refuses."""
    try:
        return edited(text, at, value), ""
    except EditError as error:
        return text, error.message


def result_of_set(ugly: Ugly, edit: Edit, run: Run, write: Write) -> tuple[str, str]:
    """The same as `citekit set` leaves it in the file."""
    path = write("ugly", ugly.text)
    outcome = run("set", "ugly", "--", said(ugly, edit))
    return path.read_bytes().decode(), outcome.stderr if outcome.code else ""


def faults(ugly: Ugly, edit: Edit, new: str) -> Iterator[object]:
    """What is wrong with the new text, whatever git says: its value, its comments, its line ends, and what is round
    a value that was exchanged."""
    if shown(tomllib.loads(new)) != shown(meant(ugly, edit)):
        yield "value", shown(meant(ugly, edit)), new
    if edit.span and not (new.startswith(ugly.text[: edit.span[0]]) and new.endswith(ugly.text[edit.span[1] :])):
        yield "signs round the value", new
    kept = [] if edit.value is REMOVED or edit.lines else ugly.comments
    if missing := [comment for comment in kept if comment not in new]:
        yield "comments", missing, new
    if set(re.findall("\r?\n", new)) - set(re.findall("\r?\n", ugly.text)):
        yield "line ends", new


# Any text, any edit

LINES = (
    *(
        "a = 1",
        'b = "x" # c, [',
        "a.b = 2",
        "a.c.d = 1",
        "b.a.c = [1, 2]",
        '"d" = 2020-01-01 10:00:00',
        "  b . a = nan",
    ),
    *(
        "[a]",
        "[b]",
        "[[a]]",
        "[[b]]",
        "[a.b]",
        "[[a.b]]",
        "[[ b.c ]]",
        "[a.b.c]",
        '["c"] # c',
        "[c.a]",
        "# comment",
        "",
    ),
    *("  c = [ ]", "c = []", "c = {}", "c = { a = 1, b.c = 2, b.d = 3 }", "c = [[1, 2], [3]]", "d = { a.b.c = 1 }"),
    *('b = [\n  "x", # one, "] }\n  "y" # two,\n]', 'b = ["x",\n"y", ]', 'a = [{ a = [1,\n 2], "b" = "]" }, {}]'),
    *('d = """\n[a]\nb = 1\n"""', "c = [\n  # no, ]\n]", "c = [ 'x'\n , 'y'\n]", "c = [\n 1, 2,\n 3, 4\n ]"),
    *("c = [\n 1,\n 2\n ,\n]", "d.a.b.c = true", '"\\u0061" = 1', "b = [{a.b = 1, a.c = {}}]"),
)


def is_toml(text: str) -> bool:
    """Whether tomllib can read it."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@st.composite
def soups(draw: st.DrawFn) -> str:
    """A valid text of lines that hardly fit together; those that do not are left out."""
    text = ""
    for line in draw(st.lists(st.sampled_from(LINES), max_size=10)):
        text = f"{text}{line}\n" if is_toml(f"{text}{line}\n") else text
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return text.rstrip() if draw(st.booleans()) else text


texts = soups() | st.integers(0, 10**6).map(lambda seed: Ugly(seed).text)
steps = st.sampled_from("abcd") | st.text() | st.integers(0, 3)
values = st.recursive(
    st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.times().map(lambda time: time.replace(fold=0)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def paths_in(value: Any, at: Path = ()) -> Iterator[Path]:
    """The path of every table, list and value in *value*, itself first."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from paths_in(part, (*at, step))


def parts_in(text: str, parts: Sequence[Statement]) -> Iterator[Statement]:
    """The parts and, inside of them, the entries of their lists and inline tables."""
    for part in parts:
        yield part
        if part.value:
            yield from parts_in(text, entries(text, part))


@given(texts)
def test_the_statements_and_their_entries_are_what_tomllib_reads(text: str) -> None:
    parts = list(parts_in(text, statements(text)))
    found = {part.path[:depth] for part in parts for depth in range(1, len(part.path) + 1)}
    assert found == {at for at in paths_in(tomllib.loads(text)) if at}
    for part in parts:
        if part.value:
            value = tomllib.loads(f"x = {text[slice(*part.value)]}")["x"]
            assert shown(value) == shown(reached(tomllib.loads(text), part.path))


@given(st.integers(0, 10**6))
def test_every_value_is_found_at_its_line_and_column(seed: int) -> None:
    ugly = Ugly(seed)
    for at, spot in {**ugly.spots, **ugly.headers}.items():
        column = spot.start - ugly.text.rfind("\n", 0, spot.start)
        assert find_place("f", ugly.text, at) == Where("f", ugly.line(spot.start) + 1, column)


@given(texts, st.data())
def test_any_edit_of_any_text_is_made_as_meant_or_leads_nowhere(text: str, data: st.DataObject) -> None:
    table = tomllib.loads(text)
    known = st.sampled_from(sorted(paths_in(table), key=repr))
    at = data.draw(st.builds(lambda start, more: (*start, *more), known, st.lists(steps, max_size=2)).filter(bool))
    value = data.draw(st.just(REMOVED) | values)
    new, refusal = result(text, at, value)
    if refusal:
        assert re.search("there is no entry|leads through|must be a table", refusal)
    elif value is not REMOVED:
        put(table, at, value)
        assert shown(tomllib.loads(new)) == shown(table)
    elif isinstance(at[-1], str):
        assert reached(tomllib.loads(new), at) is None


# By example


def edit(text: str, at: str, value: Any) -> str:
    """The text with one change; entries of *at* are counted from 0 here."""
    return edited(text, tuple(int(step) if step.isdecimal() else step for step in at.split()), value)


@pytest.mark.parametrize(
    ("at", "value", "before", "after"),
    [
        pytest.param(*case[1:], id=case[0])
        for case in [
            ("a value keeps its comment", "a", 2, "a =  1  # one\n", "a =  2  # one\n"),
            ("one of several lines", "a", "x", 'a = """\nb = 1\n""" # c\nb = 2\n', 'a = "x" # c\nb = 2\n'),
            ("a list", "a", ["x", {"b c": 1}], "a = 1\n", 'a = ["x", {"b c" = 1}]\n'),
            ("as it was", "a", 1, "a =  +1\n", "a =  +1\n"),
            ("true is not one", "a", True, "a = 1\n", "a = true\n"),
            ("a float is no whole number", "a", 1.0, "a = 1\n", "a = 1.0\n"),
            ("beside what is not a number", "a", 2, "a = 1\nb = nan\n", "a = 2\nb = nan\n"),
            ("a key goes with its line", "a", REMOVED, "# one\na = 1 # two\n\nb = 2\n", "# one\n\nb = 2\n"),
            ("what is not there cannot go", "x y", REMOVED, "a = 1\n", "a = 1\n"),
            ("a table goes, comments stay", "a", REMOVED, "[a]\nx = 1\n# c\n[a.b]\ny = 1\n[c]\n", "# c\n[c]\n"),
            ("a dotted table goes with its last key", "a b", REMOVED, "a.b = 1\nc = 1\n", "c = 1\n"),
            ("a table with a header stays", "a b", REMOVED, "[a]\nb = 1\n", "[a]\n"),
            ("an inline table stays", "a b", REMOVED, "a = { b = 1 }\n", "a = {  }\n"),
            ("dotted in an inline table", "a b", REMOVED, "a = {b.x = 1, c = 2, b.y = 3}\n", "a = {c = 2}\n"),
            ("the first of two", "a 0", REMOVED, "[[a]]\nx = 1\n[b]\n[[a]]\nx = 2\n", "[b]\n[[a]]\nx = 2\n"),
            ("the only one", "a 0", REMOVED, "[[a]]\nx = 1\n[b]\n", "[b]\n"),
            ("the first entry", "a 0", REMOVED, "a = [ 1 , 2, 3 ]\n", "a = [ 2, 3 ]\n"),
            ("an entry between", "a 1", REMOVED, "a = [1, 2, 3]\n", "a = [1, 3]\n"),
            ("the last entry", "a 2", REMOVED, "a = [1, 2, 3, ]\n", "a = [1, 2, ]\n"),
            ("an entry and its line", "a 0", REMOVED, "a = [\n  1, # one\n  2 # two\n]\n", "a = [\n  2 # two\n]\n"),
            ("the last entry's line", "a 1", REMOVED, "a = [\n  1, # one\n  2\n]\n", "a = [\n  1, # one\n]\n"),
            ("one more entry", "a 1", 2, "a = [1]\n", "a = [1, 2]\n"),
            ("behind a last comma", "a 1", 2, "a = [1, ]\n", "a = [1, 2, ]\n"),
            ("the first of none", "a 0", 2, "a = [\n  # none, yet\n]\n", "a = [2\n  # none, yet\n]\n"),
            ("one more line", "a 1", 2, "a = [\n\t1 # c, d\n]\n", "a = [\n\t1, # c, d\n\t2\n]\n"),
            ("and a last comma", "a 1", 2, "a = [\r\n  1, # c\r\n]\r\n", "a = [\r\n  1, # c\r\n  2,\r\n]\r\n"),
            ("commas in front", "a 2", 3, "a = [\n  1\n  , 2\n]\n", "a = [\n  1\n  , 2, 3\n]\n"),
            ("one more in an inline table", "a c d", 1, "a = { b = 1 }\n", "a = { b = 1, c.d = 1 }\n"),
            ("entries in an inline table", "a c 0 d", 1, "a = {}\n", "a = {c = [{d = 1}]}\n"),
            ("the first key", "b", 1, "", "b = 1\n"),
            ("a key behind the last one", "b", 1, "a = 1\n\n[c]\n", "a = 1\nb = 1\n\n[c]\n"),
            ("above the comment of a table", "b", 1, "# file\n\n# c\n[c]\n", "# file\nb = 1\n\n# c\n[c]\n"),
            ("above the first table", "b", 1, "# c\n[c]\n", "b = 1\n# c\n[c]\n"),
            ("a last line that has no end", "b", 1, "x = 1\r\na = 1", "x = 1\r\na = 1\r\nb = 1\r\n"),
            ("indented as the others", "a y", 1, "[a]\n\tx = 1\n\n[b]\n", "[a]\n\tx = 1\n\ty = 1\n\n[b]\n"),
            ("behind a header", "a y", 1, "[a] # c\n[b]\n", "[a] # c\ny = 1\n[b]\n"),
            ("beside dotted keys", "a y", 1, " 'a'. x = 1\nb = 2\n", " 'a'. x = 1\n 'a'. y = 1\nb = 2\n"),
            ("in a dotted table in a table", "a b y", 1, "[a]\nb.c.x = 1\n", "[a]\nb.c.x = 1\nb.y = 1\n"),
            ("a key that needs quotes", "a b.c", 1, "[a]\n", '[a]\n"b.c" = 1\n'),
            ("a new table", "a b", 1, "x = 1\n", "x = 1\n\n[a]\nb = 1\n"),
            ("no second blank line", "a b", 1, "x = 1\n\n", "x = 1\n\n[a]\nb = 1\n"),
            ("a new table at once", "a", {"b": {"c": 1}}, "", "[a]\nb = {c = 1}\n"),
            ("an empty table", "a", {}, "b = 1\n", "b = 1\n\n[a]\n"),
            ("a new table in a table", "a b c", 1, "[a]\nx = 1\n", "[a]\nx = 1\nb.c = 1\n"),
            ("the header that was not needed", "a y", 1, "[a.b]\nx = 1\n", "[a.b]\nx = 1\n\n[a]\ny = 1\n"),
            ("one more of its like", "a 1 x", 2, "[[a]]\nx = 1\n[b]\n", "[[a]]\nx = 1\n[b]\n\n[[a]]\nx = 2\n"),
            ("two at once", "a", [{"x": 1}, {"x": 2}], "", "[[a]]\nx = 1\n\n[[a]]\nx = 2\n"),
            ("in the first of two", "a 0 b 0 x", 1, "[[a]]\n[[a]]\n", "[[a]]\nb = [{x = 1}]\n[[a]]\n"),
            (
                "one more inside of the first of two",
                "a 0 b 1 x",
                2,
                "[[a]]\n[[a.b]]\nx = 1\n[[a]]\n",
                "[[a]]\n[[a.b]]\nx = 1\n\n[[a.b]]\nx = 2\n[[a]]\n",
            ),
            (
                "a table keeps its header",
                "a",
                {"y": 2},
                "[a.c]\nz = 1\n[a] # one\nx = 1 # two\n[b]\n",
                "[a] # one\ny = 2\n[b]\n",
            ),
            ("a table becomes a value", "a", 1, "x = 1\r\n[a]\r\ny = 1\r\n", "x = 1\r\na = 1\r\n"),
            ("the only table becomes a value", "a", 1, "[a]\r\ny = 1\r\n", "a = 1\r\n"),
            ("dotted keys become a table", "a", {"z": 1}, "a.x = 1\na.y = 2\n", "[a]\nz = 1\n"),
            ("a value becomes a table", "a", {"z": 1}, "a = 1 # c\n", "a = {z = 1} # c\n"),
            (
                "signs that end lines elsewhere",
                "b",
                3,
                'a = "\x85\u2028"\nb = 2\n',
                'a = "\x85\u2028"\nb = 3\n',
            ),
        ]
    ],
)
def test_each_kind_of_edit(at: str, value: Any, before: str, after: str) -> None:
    assert edit(before, at, value) == after


@pytest.mark.parametrize(
    ("text", "at", "value", "message"),
    [
        ("a = 1\n", "a b", 1, "a.b leads through something that is no table"),
        ("a = [1]\n", "a b c", 1, "a.b.c leads through something that is no table"),
        ("a = [1]\n", "a 2", 1, "a.3: there is no entry 3"),
        ("[a]\n", "a 0", 1, "a.1: there is no entry 1"),
        ("[a]\n", "a 0 b", REMOVED, "a.1.b: there is no entry 1"),
        ("[[a]]\n", "a 1", "x", "a.2 must be a table, as those before it"),
        ("a = = 1\n", "a", 1, "not TOML: invalid value at line 1, column 5"),
        (f"a = {'[' * 70}{']' * 70}\n", "b", 1, "not TOML that can be read: nested too deep"),
    ],
)
def test_an_edit_that_leads_nowhere_is_refused(text: str, at: str, value: Any, message: str) -> None:
    with pytest.raises(EditError) as caught:
        edit(text, at, value)
    assert caught.value.message == message


def test_a_value_that_never_ends_ends_with_the_text() -> None:
    assert value_end('a = ["b", ', 4) == 10


BEFORE = "a = 1 # one\n# two\n[b]\nx = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("after", "good"),
    [
        ("a = 2 # one\n# two\n[b]\nx = 1\ny = 2\n", True),
        ("a = 2\n# two\n[b]\nx = 1\ny = 2\n", True),  # the line is the edit's own
        ("# two\n[b]\nx = 1\ny = 2\n", False),  # another value
        ("a = 2.0 # one\n# two\n[b]\nx = 1\ny = 2\n", False),
        ("a = 2 # one\n# two\n[b]\nx = 1\ny = \n", False),  # no TOML
        ("a = 2 # one\n[b]\nx = 1\ny = 2\n", False),  # a comment lost
        ("a = 2 # one\n# two\n[b]\nx =  1\ny = 2\n", False),  # another line
        ("a = 2 # one\n# two\n[b]\ny = 2\nx = 1\n", False),  # another order
        ("a = 2 # one\r\n# two\n[b]\nx = 1\ny = 2\n", False),  # another line end
        ("a = 2 # one\n# two\n[b]\nx = 1\ny = 2", False),  # none
    ],
)
def test_the_guard_lets_pass_what_was_meant_and_no_other_line(after: str, good: bool) -> None:
    assert guarded(BEFORE, after, ("a",), changed(tomllib.loads(BEFORE), ("a",), 2)) is good


def test_a_fault_in_the_splices_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "_spliced", lambda *_: "a = 2 # one\n[b]\nx = 1\ny = 2\n")
    with pytest.raises(EditError, match="cannot change a without disturbing other lines") as caught:
        edited(BEFORE, ("a",), 2)
    assert caught.value.hint == "change it in the file by hand; `citekit edit` checks it afterwards"
