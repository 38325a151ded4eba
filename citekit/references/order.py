"""How a line was written: its values in the writer's order, and the signs between them.

A reading has its values by their names; here each of them gets the place where it stood, so that it can be printed as
its writer would: the archive behind its shelfmark, the papka behind the delo, a later shelfmark without what it shares
with the one before. The line is not kept. Its words that are neither a value nor a label are not here either, and so
whoever prints a reading sees what was lost.

>>> pieces, form = ordered("Д. 5, ф. 1.", [Source({"fond": "1", "delo": "5"}, OPIS)])
>>> [piece if isinstance(piece, str) else piece.name for piece in pieces], form.script
(['', 'delo', ', ', 'fond', '.'], 'Cyrl')
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from citekit import locators
from citekit.errors import ParseError
from citekit.locators import EN_DASH, Locator
from citekit.patterns import pattern
from citekit.references.labels import labels_of, level_of
from citekit.shelfmark import LABELS, OPIS, Form, Level, Scheme, format_value, is_plural
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BESIDE = -1  # instead of the number of a location: the title, and what is unread
WORDS = frozenset("archive note file_title fond_title title unread".split())  # they have no marks

_NEAR = 64  # places of a word that are tried; signs before a number in which its label stands
_WORD = pattern(r"\d+|[^\W\d_]+")
_NAME = r"[^\W\d_]{1,20}['’]?(?:/[^\W\d_]{1,3}\b)?"
_NAMES = pattern(rf"№|{_NAME}")
_OPENING = '“„«"'
# A label before its number, perhaps the same again in brackets, perhaps with "№"; or before a quotation
_LABEL = pattern(
    rf"(?P<words>№|{_NAME}(?:[.:]?\s?{_NAME}){{0,3}})[.:]{{0,2}}\s?(?:[(\[][^()\[\]\d]{{1,40}}[)\]]\s?)?"
    rf"(?:(?:№|[Nn]os?\.?|[Nn]r\.|č\.)\s?)?(?P<signs>-|[{_OPENING}])?$"
)
_BEHIND = pattern(rf"(?P<signs>[.\s”“»\"]{{0,3}})(?P<words>{_NAME}(?:[.\s]{{1,2}}{_NAME})?)\.?(?=[\s,;.:)\]]|$)")
# Words that stand between values, or before all of them
_JOINING = frozenset(
    "and und et oraz и та source sources источник джерело quelle "
    "see also in cf см также див також siehe auch voir aussi zob viz".split()
)
_LOST = pattern(r"[^\W_]+['’]?|\s+")
_CUT = pattern(r"; |, ")
_SPACING = pattern(r"[\s\u2010-\u2015-]+")


@frozen
class Value:
    """A value at its place: field *name* of location *location* (or `BESIDE`), from *start* to *end* of it where it
    does not stand in one piece. *level* has the mark that is printed with it; none where none stood."""

    location: int
    name: str
    level: Level
    start: int
    end: int


Piece: TypeAlias = "str | Value"


class Source(NamedTuple):
    """What one location has that it does not share with the one before; or what is beside the locations."""

    values: Mapping[str, str]
    scheme: Scheme = OPIS
    location: int = 0


class _Run(NamedTuple):
    """A value from sign *start* to sign *end* of the line; whether its field has several; the labels of its scheme."""

    start: int
    end: int
    value: Value
    plural: bool
    labels: Mapping[str, str]


def ordered(line: str, sources: Sequence[Source]) -> tuple[tuple[Piece, ...], Form]:
    """The values of *sources* as they stand in *line*, with the signs before, between and behind them; and the script,
    the capitals and the dash of its marks."""
    runs = sorted(_Line(line).runs(sources), key=lambda run: run.start)
    edges = zip([0, *(run.end for run in runs)], [*(run.start for run in runs), len(line)], strict=True)
    gaps = [line[start:end] for start, end in edges]
    pieces: list[Piece] = []
    said = []
    for number, run in enumerate(runs):
        gap, label, signs = _before(gaps[number], run)
        after = not label
        if after:
            signs, label, gaps[number + 1] = _behind(gaps[number + 1], run)
        said += [label] * bool(label)
        level = _marked(run, label, signs, after=after)
        pieces += [_signs(gap, marked=not after), replace(run.value, level=level)]
    return (*pieces, _signs(gaps[-1])), _form(line, said)


def written(pieces: Sequence[Piece], fields: Mapping[int, Mapping[str, str]], form: Form) -> str:
    """The line that *pieces* make of the values in *fields*, which are those of the locations by their numbers.

    Marks are those of the levels, numbers stay as they are, leaves are printed from what they mean, their ranges as
    short as they were written.
    """
    printed: list[str] = []
    for piece in pieces:
        text = piece if isinstance(piece, str) else _printed(piece, fields[piece.location][piece.name], form)
        doubled = text.startswith(".") and printed and printed[-1].endswith(".")
        printed += [text[bool(doubled) :]] * bool(text)
    return "".join(printed).strip()


def _printed(value: Value, field: str, form: Form) -> str:
    level, text = value.level, field[value.start : value.end]
    text = format_value(_leaves(text) if level.leaf else text, level, form)
    mark = level.mark(form.script)
    if level.after or not mark:
        return text + mark
    mark = mark[:1].upper() + mark[1:] if form.capital else mark
    return mark + " " * (mark[-1] not in _OPENING) + text


def _leaves(text: str) -> str | Locator:
    """The leaves that *text* means, their ranges as short as they were written; *text* itself where it means none."""
    try:
        found = locators.parse(text)
    except ParseError:
        return text
    return Locator(found.label, locators.as_written(found.ranges))


# Where the values stand


class _Line:
    """The words of a line, and which of them a value has taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [*_WORD.finditer(text)]
        self.taken = [False] * len(self.words)
        self.labels: dict[str, Mapping[str, str]] = {}  # of each scheme by its name
        self.places: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            self.places.setdefault(word[0], []).append(number)

    def runs(self, sources: Sequence[Source]) -> Iterator[_Run]:
        """Where each value stands."""
        first = behind = 0
        for source in sources:
            for name, value in self._in_turn(source, first):
                for run, end in self._value(source, name, value, first):
                    yield run
                    behind = max(behind, end)
            first = behind if source.location != BESIDE else first

    def _in_turn(self, source: Source, first: int) -> list[tuple[str, str]]:
        """The values of *source*: those first that stand in one piece, of them the longest, for titles have years."""
        words = {name: _WORD.findall(value) for name, value in source.values.items()}
        apart = {name for name in words if self._find(words[name], first, None, {}) is None}
        return sorted(source.values.items(), key=lambda item: (item[0] in apart, -len(words[item[0]])))

    def _value(self, source: Source, name: str, text: str, first: int) -> Iterator[tuple[_Run, int]]:
        """The places of a value, in one piece or in several; and for each the number of the word behind it."""
        level = Level(name) if name in WORDS else source.scheme.level(name)
        labels = self._labels(source.scheme)
        plural = is_plural(_leaves(text) if level.leaf else text)
        whole = self._find(_WORD.findall(text), first, level, labels)
        single = whole is not None and not level.leaf and self._is_here(text, whole)
        parts = [(0, len(text))] if single else _between(locators.AND if level.leaf else _CUT, text)
        if whole is None:  # the longest first, for "5" is in "5-7" too
            parts.sort(key=lambda part: -len(_WORD.findall(text[slice(*part)])))
        for start, end in parts:
            words = _WORD.findall(text[start:end])
            at = self._find(words, first, level, labels) if whole is None else self._find(words, whole, None, labels)
            if at is None:
                continue
            behind = at + len(words)
            self.taken[at:behind] = [True] * len(words)
            edges = self._edges(at, behind, text[start:end])
            yield _Run(*edges, Value(source.location, name, level, start, end), plural, labels), behind

    def _is_here(self, value: str, at: int) -> bool:
        """Whether *value* has the signs of the line at word *at* between its words: "a; b" may be two notes."""
        words = [*_WORD.finditer(value)]
        start, stop = self.words[at].start(), self.words[at + len(words) - 1].end()
        return _SPACING.sub("", self.text[start:stop]) == _SPACING.sub("", value[words[0].start() : words[-1].end()])

    def _labels(self, scheme: Scheme) -> Mapping[str, str]:
        if scheme.name not in self.labels:
            self.labels[scheme.name] = {**LABELS, **labels_of(scheme)}
        return self.labels[scheme.name]

    def _find(self, words: Sequence[str], first: int, level: Level | None, labels: Mapping[str, str]) -> int | None:
        """The number of the word where *words* begin: from *first* on or, if not there, before; where *level* is given,
        rather behind a label of it."""
        places = self.places.get(words[0], ()) if words else ()
        middle = bisect_left(places, first)
        best, most = None, -1
        for place in (*places[middle : middle + _NEAR], *places[max(0, middle - _NEAR) : middle]):
            end = place + len(words)
            if any(self.taken[place:end]) or [word[0] for word in self.words[place:end]] != words:
                continue
            likely = self._likely(place, end, level, labels) if level else _SURE
            if likely > most:
                best, most = place, likely
            if likely == _SURE:
                break
        return best

    def _likely(self, place: int, end: int, level: Level, labels: Mapping[str, str]) -> int:
        """How likely the words from *place* to *end* are a value of *level*: behind its own label more than behind
        none, then behind another one; and less where a letter follows."""
        start, stop = self.words[place].start(), self.words[end - 1].end()
        glued = self.text[stop : stop + 1].isalnum()
        named = "" if level.name in WORDS else _label(self.text[max(0, start - _NEAR) : start], labels)[1]
        fits = _SURE if named == level.name or level.name in WORDS else int(not named)
        return max(0, fits - glued)

    def _edges(self, at: int, end: int, value: str) -> tuple[int, int]:
        """From which sign to which sign of the line *value* stands, with the signs that are its own: "[120]"."""
        start, stop = self.words[at].start(), self.words[end - 1].end()
        own = [word.span() for word in _WORD.finditer(value)]
        for sign in reversed(value[: own[0][0]].replace(" ", "")):
            before = self.text[:start].rstrip() if start < _NEAR else self.text[start - _NEAR : start].rstrip()
            if not before.endswith(sign):
                break
            start -= len(self.text[max(0, start - _NEAR) : start]) - len(before) + 1
        for sign in value[own[-1][1] :].replace(" ", ""):
            behind = self.text[stop : stop + _NEAR].lstrip()
            if not behind.startswith(sign):
                break
            stop += len(self.text[stop : stop + _NEAR]) - len(behind) + 1
        return start, stop


_SURE = 2


def _between(cut: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the parts of *text* between *cut* stand."""
    cuts = [found.span() for found in cut.finditer(text)]
    return [*zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True)]


# Marks, and the signs between values


class _Label(NamedTuple):
    """A label: where it begins, the level that it names, its words, and the quotation mark behind it."""

    start: int
    level: str
    said: str
    signs: str


def _label(text: str, labels: Mapping[str, str]) -> _Label:
    """The label that ends *text*; one without words where there is none."""
    found = _LABEL.search(text, max(0, len(text) - _NEAR, text.rfind(",") + 1, text.rfind(";") + 1))
    for name in _NAMES.finditer(found["words"]) if found else ():
        said = found["words"][name.start() :] if found else ""
        if found and (level := level_of(said, labels)):
            return _Label(found.start("words") + name.start(), level, said, (found["signs"] or "").strip("-"))
    return _Label(len(text), "", "", "")


def _before(gap: str, run: _Run) -> tuple[str, str, str]:
    """*gap* without the label before the value of *run*, the label, and the sign between both: 'folder "Cuba"'."""
    label = _label("" if run.value.name in WORDS else gap, run.labels)
    return (gap[: label.start] if label.said else gap), label.said, label.signs


def _behind(gap: str, run: _Run) -> tuple[str, str, str]:
    """The signs before the label behind the value of *run*, the label, and *gap* without both: "101. f., 1. apr."."""
    found = None if run.value.name in WORDS else _BEHIND.match(gap)
    ends = [name.end() for name in _NAMES.finditer(found["words"])] if found else []
    for end in reversed(ends):
        if found and level_of(found["words"][:end], run.labels) == run.value.name:
            return found["signs"], found["words"][:end], gap[found.start("words") + end :]
    return "", "", gap


def _marked(run: _Run, said: str, signs: str, *, after: bool) -> Level:
    """The level of *run* with the one mark that it has where *said* stood, before the value or *after* it, and with the
    signs between both."""
    level = run.value.level
    if not said:
        return replace(level, marks={}, after=False)
    plural = run.plural and not after
    marks = {script: level.mark(script, plural=plural).strip().lstrip(". ") for script in level.marks} or {"Latn": said}
    own = {script: (signs + mark if after else f"{mark} {signs}".rstrip(),) for script, mark in marks.items()}
    return replace(level, marks=own, after=after)


def _signs(gap: str, *, marked: bool = False) -> str:
    """*gap* without the words in it, but for those that join; a mark has a space before it."""
    text = _LOST.sub(lambda found: found[0] if found[0].casefold() in _JOINING else " " * found[0].isspace(), gap)
    return text + " " * (marked and text.endswith((".", ",", ";", ":")))


def _form(line: str, said: Sequence[str]) -> Form:
    """The script, the capitals and the dash of *line*, by its first label."""
    first = said[0] if said else line
    return Form(
        script="Cyrl" if re.search(r"[Ѐ-ӿ]", first) else "Latn",
        capital=bool(said) and first[:1].isupper(),
        dash=EN_DASH if EN_DASH in line else "-",
    )
