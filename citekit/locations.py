"""Where a document lies, in the words that other programs have for it: tables of `[[location]]`.

`read` takes words that stand anywhere, `at` those that stand beside the name of an archive. Both give levels only where
all of the words are surely read; a shelfmark that is not keeps its words.

>>> at("RGASPI", "f. 558, op. 11, d. 98")
[{'archive': 'RGASPI', 'fond': '558', 'opis': '11', 'delo': '98'}]
>>> at("RGASPI", "the green folder")
[{'archive': 'RGASPI', 'shelfmark': 'the green folder'}]
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit.archives import fold, shipped
from citekit.errors import CitekitError, Where
from citekit.patterns import pattern
from citekit.record import parse as parse_record
from citekit.references import read as read_reference
from citekit.shelfmark import OPIS, format_mark, format_part, in_order
from citekit.shelfmark import parse as parse_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from citekit.shelfmark import Scheme

Table: TypeAlias = dict[str, Any]


def at(archive: str, words: str) -> list[Table]:
    """The tables of `[[location]]` that the shelfmark *words* of *archive* makes; more than one where it names several
    places, and of another archive where *words* name it, since *archive* may be the site that has a copy.

    The last table keeps words that are not understood, in `shelfmark`. Either argument may be empty.
    """
    return [dict(table) for table in _at(archive, words)]


@lru_cache(maxsize=20_000)  # what was read is often written next, and read back there
def _at(archive: str, words: str) -> list[Table]:
    base: Table = {"archive": archive} if archive else {}
    if not words:
        return [base]
    known = shipped().sure(archive)
    if levels := _by_grammar(words, known.scheme if known else OPIS):
        return [base | levels]
    found = read(words, archive) if _FIGURE.search(words) else []
    return found or [base | {"shelfmark": words}]


def read(words: str, archive: str = "") -> list[Table]:
    """The tables of `[[location]]` that *words* make, where all of them is surely read: levels of the *archive*, or of
    one that the words name and the registry knows. None where anything is not understood.

    >>> read("ГАРФ. Ф. 5783. Оп. 1. Д.312 Л.1-2")
    [{'archive': 'ГАРФ', 'fond': '5783', 'opis': '1', 'delo': '312', 'list': '1-2'}]
    >>> read("see f. 5")
    []
    """
    # the words may name another archive, where *archive* is only the site that has a copy
    named = [(words, "")] if names_archive(words) else []
    for text, wanted in (*named, *([(f"{archive}, {words}", archive)] if archive else [])):
        found = understood(text)
        if found and all(_is_sure(location, wanted) for location in found):
            return found
    return []


def understood(words: str) -> list[Table]:
    """The tables of `[[location]]` that *words* make, of whatever archive or of none, where all of them is read by
    levels and makes a record without an error; none where anything is left."""
    reading = read_reference(words, shipped())
    found = [dict(location) for location in reading.locations]
    if not found or reading.unread or reading.title or any("shelfmark" in location for location in found):
        return []
    record, _ = parse_record("", {"location": found}, shipped(), lambda at: Where(""))
    return found if record else []


def names_archive(line: str) -> bool:
    """Whether *line* has a figure and may name an archive that is known: what costs little to see before it is read.

    >>> names_archive("Fond 17 of RGASPI"), names_archive("f. 17, op. 3"), names_archive("RGASPI")
    (True, False, False)
    """
    if len(line) > _LONGEST or not _FIGURE.search(line):
        return False
    begun = _begun_names()
    words = [word for word in map(fold, _WORD.findall(unicodedata.normalize("NFKC", line))) if word]
    names = (takewhile(begun.__contains__, accumulate(words[start:])) for start in range(len(words)))
    return any(begun[said] for grown in names for said in grown)


_LONGEST = 400
_WORD = pattern(r"\w+|[^\w\s]")


@cache
def _begun_names() -> Mapping[str, bool]:
    """The names of archives as they are compared, from their first sign on; whether that is a whole name."""
    names = shipped().names()
    return {name[:length]: name[:length] in names for name in names for length in range(1, len(name) + 1)}


def _is_sure(location: Mapping[str, Any], archive: str) -> bool:
    named = location.get("archive", "")
    known = shipped().sure(named)
    foreign = {*location} - {*known.scheme.names(), *_BESIDE} if known else ()
    return len(location) > 1 and not foreign and (named == archive if archive else known is not None)


_BESIDE = ("archive", "file_title", "fond_title", "note", "place")  # what is no level


def _by_grammar(words: str, scheme: Scheme) -> dict[str, str]:
    """The levels, where the grammar of *scheme* reads all figures of *words*, or prints them as they stand."""
    try:
        mark = parse_mark(words, scheme)
    except CitekitError:
        return {}
    levels = {part.level: format_part(part, replace(scheme.level(part.level), marks={})) for part in mark.parts}
    if in_order(mark, scheme) != mark:  # "op. 40, p. 248, d. 7": a papka, no page
        return {}
    if all(level.marks for level in scheme.levels):
        return levels if _FIGURES.findall(words) == _FIGURES.findall(" ".join(levels.values())) else {}
    return levels if format_mark(mark, scheme) == words else {}


_FIGURE = pattern(r"\d")
_FIGURES = pattern(r"\d+|[\[\]()]")
