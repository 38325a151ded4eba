"""`citekit parse`: how a citation, a shelfmark, a locator, a date or a name is read, line by line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple, TypeAlias

import typer

from citekit.cli import _session
from citekit.cli._session import EXIT, answer
from citekit.errors import CitekitError, StorageError, decoded
from citekit.patterns import pattern

if TYPE_CHECKING:
    from citekit.archives import Registry

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Show how citations, shelfmarks, locators, dates and names are read, as JSON Lines.

\b
  citekit parse 'РГАСПИ. Ф. 82. Оп. 2. Д. 1234. Лл. 1–3об.'
  citekit parse 'RGASPI, f. 17, op. 114, d. 265, l. 75–137; op. 3, d. 857, l. 9'
  citekit parse --kind date '25 октября (7 ноября) 1917 г.'
  citekit parse --kind name 'Obtained and translated for NKIDP by Balazs Szalontai'
  citekit parse --kind citation footnotes.txt
  pbpaste | citekit parse -

Each line is answered by one: {"text", "kind", "record" or "value", "unread"}. The record, or the value, has the fields
of a record's file; "unread" is what was not understood. A shelfmark has "printed" too: the line as it is printed from
what was read, in its own order; what is missing there was lost. Without --kind a line is read as what it looks like.
A line that cannot be read has "error" instead, and the exit code is 1.
"""

LONGEST = 1_048_576  # bytes of a line: a stream without line feeds must not fill the memory


class Reading(NamedTuple):
    """How a text is read: the fields as a record's file has them, and what was not understood; of a shelfmark also the
    line that is printed from them in the writer's order."""

    table: Mapping[str, Any]
    unread: str = ""
    printed: str = ""


Read: TypeAlias = "Callable[[str, Registry], Reading]"


@app.command(help=HELP)
def parse(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="TEXT|FILE|-")],
    kind: Annotated[
        str, typer.Option("--kind", help="citation, shelfmark, locator, date or name; else by its looks.")
    ] = "",
) -> int:
    """Prints an object a line; an empty line is skipped."""
    from citekit.cli._notes import check_choice
    from citekit.markup import to_json

    check_choice("kind", kind or None, tuple(_READERS))
    registry = _session.of(ctx).registry()
    code = EXIT.done
    for line in _lines(source):
        found = read(line, kind, registry)
        answer(f"{to_json(found)}\n")
        code = EXIT.missing if "error" in found else code
    return code


def read(line: bytes, kind: str, registry: Registry) -> dict[str, Any]:
    """The answer to a line: how its text is read as *kind*, or as what it looks like, or why it is not."""
    text = line.decode("utf-8", "replace").strip()
    said = {"text": text[:200] if len(line) > LONGEST else text, **({"kind": kind} if kind else {})}
    try:
        _check(line)
        kind = kind or kind_of(text, registry)
        found = _READERS[kind](text, registry)
    except CitekitError as error:
        return {**said, "error": error.message} | ({"hint": error.hint} if error.hint else {})
    holder = "record" if kind == "citation" else "value"
    printed = {"printed": found.printed} if found.printed else {}
    kept = {holder: found.table, "unread": found.unread, **printed}
    if found.table and found.unread.strip(" .,;") != text.strip(" .,;"):
        return {"text": text, "kind": kind, **kept}
    kept = kept if kind == "shelfmark" and found.table else {}  # it has its words, which a record keeps
    return {**said, "kind": kind, **kept, "error": f"nothing is understood of it as a {kind}"}


def _check(line: bytes) -> None:
    if len(line) > LONGEST:
        raise CitekitError(f"the line has more than {LONGEST:,} bytes")
    decoded(line, "")


# Where lines come from


def _lines(source: str) -> Iterator[bytes]:
    """The lines that are not empty; of one that is too long only the beginning, and a sign more than is allowed."""
    if source == "-":
        yield from _of_stream(sys.stdin.buffer)
    elif _is_file(source):
        try:
            with Path(source).open("rb") as stream:
                yield from _of_stream(stream)
        except OSError as error:
            raise StorageError(f"cannot read {source}: {(error.strerror or str(error)).lower()}") from error
    else:
        yield from (line.encode("utf-8", "replace") for line in source.splitlines() if line.strip())


def _of_stream(stream: BinaryIO) -> Iterator[bytes]:
    first = True
    while line := stream.readline(LONGEST + 1):
        if len(line) > LONGEST:
            while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
        line = line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False
        if line.strip():
            yield line


def _is_file(source: str) -> bool:
    """Whether a file is meant: one that is there, or a word with an ending that files of text have."""
    try:
        path = Path(source)
        if path.exists() and not path.is_dir():
            return True
    except (OSError, ValueError):  # a text that is too long for a name, or has a zero in it
        return False
    return path.suffix.lower() in (".txt", ".md", ".csv") and not re.search(r"\s", source)


# What a line looks like

_QUOTED = pattern(r"[\"“„«‘']|\[?[0-9]{1,4}[.)\]] [\"“„«‘']")
_CITED = pattern(r"https?://| // ")
_FOND = pattern(r"[fф]\.? ?[0-9]", re.I)  # a leaf to the British; here nearly always a fond
_WORD = r"(?:[^\W\d_a-zа-яё][\w'’.´-]*|[dD]['’]\w+|de|da|di|du|del|della|von|van|der|den|zu|al|bin|ibn|and|и|та|&)"
_NAMES = pattern(rf"{_WORD}(?:[,;]? {_WORD}){{0,11}}")


def kind_of(text: str, registry: Registry) -> str:
    """What *text* looks like: the first kind that reads all of it, of those that say more before those that say less.

    A shelfmark with a title, a date or an address beside it is a citation. Source: our own order, tried on the strings
    that the tests collect.

    >>> from citekit.archives import shipped
    >>> [kind_of(text, shipped()) for text in ("19 ноября 1945 г.", "лл. 5–6 об.", "Molotov, V.M.", "РГАСПИ. Ф. 82")]
    ['date', 'locator', 'name', 'shelfmark']
    """
    if _QUOTED.match(text) or _CITED.search(text):
        return "citation"
    for kind in ("date", "locator"):
        if _reads(kind, text, registry) and not _FOND.match(text):
            return kind
    in_words = _NAMES.fullmatch(text) and not re.search(r"\d", text)
    if _is_credit(text) or (in_words and not registry.knows(text)):
        return "name"
    return "shelfmark" if _is_shelfmark(text, registry) else "citation"


def _reads(kind: str, text: str, registry: Registry) -> bool:
    try:
        return bool(_READERS[kind](text, registry).table)
    except CitekitError:
        return False


def _is_shelfmark(text: str, registry: Registry) -> bool:
    """Whether *text* says where a document lies, in figures or by a known archive, and neither its day nor credits."""
    from citekit import credits

    found = _shelfmark(text, registry)
    if found.unread or not found.table or credits.begins_at(text) >= 0:
        return False
    known = any(registry.knows(str(place.get("archive", ""))) for place in found.table.get("location", ()))
    day = len(str(_citation(text, registry).table.get("date", ""))) > len("1949~")
    return (known or bool(re.search(r"\d", text))) and not day


# How each kind is read


def _citation(text: str, registry: Registry) -> Reading:
    from citekit import citations

    found = citations.read(text, registry)
    return Reading(found.table, found.unread)


def _shelfmark(text: str, registry: Registry) -> Reading:
    from citekit import references

    found = references.read(text, registry)
    table = {"title": found.title} if found.title else {}
    places = {"location": list(found.locations)} if found.locations else {}
    return Reading(table | places, found.unread, references.written(found))


def _locator(text: str, registry: Registry) -> Reading:
    from citekit import locators

    found = locators.parse(text)
    name = "list" if found.label in ("", "folio") else found.label
    return Reading({name: locators.format_ranges(found.ranges)})


def _date(text: str, registry: Registry) -> Reading:
    from citekit import dates

    found, note = dates.read_noted(text)
    return Reading(dates.table_of(found, note) or {"date_note": text})  # "n.d." is no date, but it is read


def _name(text: str, registry: Registry) -> Reading:
    """Names, one or several; or credits, which give each name a role."""
    from citekit import credits, names

    if _is_credit(text):
        given = credits.read(text)
        return Reading({"people": given.people} if given.people else {}, given.unread)
    turned = _TURNED.fullmatch(text)
    people = [names.parse(text)] if turned else names.read_people(text)
    found = [names.written(name) for name in people]
    if len(found) != 1:
        return Reading({"names": found})
    return Reading(found[0] if isinstance(found[0], dict) else {"name": found[0]})


_TURNED = pattern(r"[^\s,;]+, [^,;]+")  # "Molotov, V. M.", as records have it


def _is_credit(text: str) -> bool:
    from citekit import credits

    return credits.begins_at(text) == 0


_READERS: dict[str, Read] = {
    "citation": _citation,
    "shelfmark": _shelfmark,
    "locator": _locator,
    "date": _date,
    "name": _name,
}
