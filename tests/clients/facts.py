"""The sixteen facts of an archival document, and which of them are in what a program understood or printed.

A fact is there when its words are: somewhere in the entry that a program made, or in the text that it printed. A date
in print is there when its month and year are, for no classic style prints days; an understood date is there whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType

from citekit.record import Record
from tests.clients.judge import OURS
from tests.clients.programs import bare
from tests.clients.sources import CASES, parsed

FOLDER = CASES / "exchange"
FACTS = (
    "author title date archive shelf leaves place translator contributor site genre language url accessed abstract "
    "keywords"
).split()
# The mapping by hand that keeps most, by our format: its name, and its file
BEST: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "bibtex": ("B3", "b3.bib"),
        "biblatex": ("L6", "l6.bib"),
        "csl-json": ("C4", "c4.json"),
        "ris": ("R1", "r1.ris"),
    }
)
# How many facts those mappings brought into the same programs when they were chosen, counted by others
PUBLISHED: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("bibtex", "pandoc 2"): 15,
        ("bibtex", "pandoc 3"): 15,
        ("bibtex", "pandoc 2, Chicago notes"): 9,
        ("bibtex", "pandoc 3, Chicago notes"): 9,
        ("bibtex", "citation-js"): 12,
        ("bibtex", "bibtex-parser"): 16,
        ("bibtex", "biblatex-csl-converter"): 14,
        ("bibtex", "bibutils"): 15,
        ("bibtex", "bibtex, plain"): 10,
        ("bibtex", "bibtex, chicago"): 9,
        ("bibtex", "bibtex, plainurl"): 11,
        ("biblatex", "pandoc 2"): 15,
        ("biblatex", "pandoc 3"): 15,
        ("biblatex", "pandoc 2, Chicago notes"): 9,
        ("biblatex", "pandoc 3, Chicago notes"): 9,
        ("biblatex", "citation-js"): 15,
        ("biblatex", "bibtex-parser"): 16,
        ("biblatex", "biblatex-csl-converter"): 12,
        ("biblatex", "bibutils"): 10,
        ("biblatex", "biber, numeric"): 14,
        ("biblatex", "biber, chicago"): 13,
        ("biblatex", "biber, apa"): 12,
        ("biblatex", "biber, gost-numeric"): 12,
        ("csl-json", "pandoc 2"): 16,
        ("csl-json", "pandoc 3"): 16,
        ("csl-json", "pandoc 2, Chicago notes"): 10,
        ("csl-json", "pandoc 3, Chicago notes"): 10,
        ("csl-json", "citeproc-js, chicago-notes-bibliography"): 11,
        ("csl-json", "citeproc-js, chicago-author-date"): 11,
        ("csl-json", "citeproc-js, apa"): 9,
        ("csl-json", "citeproc-js, modern-language-association"): 12,
        ("ris", "bibutils"): 9,
    }
)
_WORDS = {
    "author": r"Molotov",
    "title": r"On the Reception of Ambassador Harriman",
    "archive": r"RGASPI",
    "shelf": r"f\. 558, op\. 11, d\. 98",
    "leaves": r"160-163",
    "place": r"Moscow",
    "translator": r"Goldberg",
    "contributor": r"Radchenko",
    "site": r"Wilson Center",
    "genre": r"memorandum",
    "language": r"\b(?:ru|rus|ru-RU|russian)\b",
    "url": r"https://example\.org/document/208933",
    "abstract": r"occupation of Japan",
    "keywords": r"armistice",
}
_NOVEMBER = r"(?:November|Nov\.?|11)"
_PRINTED = {
    "date": rf"{_NOVEMBER} (?:19, )?1945|1945, {_NOVEMBER}|November 19\b|1945-11|19\.11\.1945|11/19/1945",
    "accessed": r"2024-05-03|(?:May 3(?:rd)?,|3 May|May 3) 2024|2024, May 3|0?5/0?3/2024|0?3\.0?5\.2024",
}
_UNDERSTOOD = {"date": r"1945[-/]11[-/]19", "accessed": r"2024[-/]0?5[-/]0?3"}


def document() -> Record:
    """The document whose facts are counted."""
    return parsed("document", tomllib.loads((FOLDER / "document.toml").read_text(encoding="utf-8")))


def by_hand(form: str) -> str:
    """The document in *form*, mapped by hand in the best way that was found."""
    return (FOLDER / BEST[form][1]).read_text(encoding="utf-8")


def understood(entry: Mapping[str, str]) -> frozenset[str]:
    """The facts that are in an entry; what only citekit reads does not count."""
    entry = {name: value for name, value in entry.items() if name not in OURS and not value.startswith(OURS)}
    point = "-".join(entry.get(name, "") for name in ("year", "month", "day"))
    whole = re.fullmatch(r"1945-(?:11|nov|november)-19", point, re.I)
    text = "\n".join([*map(bare, entry.values()), "1945-11-19" if whole else ""])
    return _found(text, _WORDS | _UNDERSTOOD)


def printed(text: str) -> frozenset[str]:
    """The facts that are in a printed text."""
    return _found(bare(text), _WORDS | _PRINTED)


def _found(text: str, words: Mapping[str, str]) -> frozenset[str]:
    return frozenset(fact for fact in FACTS if re.search(words[fact], text, re.I))


def lost(facts: frozenset[str]) -> str:
    """The facts that are missing, in the order of the table."""
    return " ".join(fact for fact in FACTS if fact not in facts)
