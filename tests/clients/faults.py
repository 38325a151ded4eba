"""What programs do wrong with files that are right, each fault with its reason. One that is gone fails the tests.

A fault is a program, our format, the key of a record, and what is missing there (see tests/clients/judge.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """Programs that lose something of some records in some formats, all in the same way."""

    reason: str
    programs: tuple[str, ...]
    forms: tuple[str, ...]
    what: str
    keys: tuple[str, ...]


_BIB = ("bibtex", "biblatex")
_PANDOCS = ("pandoc 2", "pandoc 3")
_PANDOCS_PRINTED = tuple(f"{name}, Chicago notes" for name in _PANDOCS)
_CHICAGO = ("citeproc-js, chicago-notes-bibliography", "citeproc-js, chicago-author-date")
_TEX = (
    *(f"bibtex, {style}" for style in ("plain", "alpha", "chicago", "plainurl")),
    *(f"biber, {style}" for style in ("numeric", "chicago", "apa", "gost-numeric")),
)
_FAMILY_FIRST = ("cable-1949-06-14", "glorious-1992", "letter-1958-07-27", "report-1958-06-05")
_UNBALANCED = ("unbalanced-braces", "percent-and-at")

FAULTS = (
    Fault(
        "begins a small word behind a colon or a stop with a capital (braces would show as markup in Better BibTeX)",
        _PANDOCS,
        _BIB,
        "title",
        ("key:with:colons.and+more_1951",),
    ),
    Fault(
        "does so in Russian and Ukrainian too, where the language is not in langid",
        _PANDOCS,
        ("bibtex",),
        "title",
        ("cyrillic", "ukrainian-and-serbian"),
    ),
    Fault(
        "drops the command for a brace that has no partner; every other form breaks a parser of BibTeX",
        _PANDOCS_PRINTED,
        _BIB,
        "title",
        _UNBALANCED,
    ),
    Fault(
        "reads `<` and `>` as TeX's oldest fonts print them, ¡ and ¿; every command for them is worse elsewhere",
        ("bibtex-parser",),
        _BIB,
        "title",
        ("markup-in-title",),
    ),
    Fault(
        "does not decode `\\$`, `\\{` and the names of signs",
        ("pybtex", "bibtexparser 1"),
        _BIB,
        "title",
        ("balanced-braces", "latex-specials", "percent-and-at", "tex-commands", "unbalanced-braces"),
    ),
    Fault("drops `^`", ("biblatex-csl-converter",), _BIB, "title", ("tex-commands",)),
    Fault("leaves `\\textbackslash`", ("bibutils",), _BIB, "title", ("tex-commands",)),
    Fault(
        "takes a year with a question mark for words and forgets the month beside it",
        ("citation-js", "bibutils"),
        ("bibtex",),
        "date",
        ("uncertain",),
    ),
    Fault(
        "the font has no picture, and letters joined by the font are not read back as letters",
        _TEX,
        _BIB,
        "title",
        ("emoji", "right-to-left"),
    ),
    Fault(
        "`<b>` in a title is bold: CSL-JSON has no way to say that it is text",
        (*_PANDOCS_PRINTED, *_CHICAGO, "citeproc-js, apa", "citeproc-js, modern-language-association"),
        ("csl-json",),
        "title",
        ("markup-in-title",),
    ),
    Fault(
        "the style prints only the year of a report that is in no archive",
        (*_PANDOCS_PRINTED, *_CHICAGO),
        ("bibtex", "biblatex", "csl-json"),
        "date",
        ("report-1958-06-05",),
    ),
    Fault(
        "takes every author of RIS for a person with the family name last, though it be a body or Chinese",
        ("pandoc 3", "bibutils", "JabRef"),
        ("ris",),
        "author",
        (*_FAMILY_FIRST, "body-with-and", "cyrillic", "latex-specials", "particle-and-suffix"),
    ),
    Fault("turns a name in Chinese round", ("bibutils",), ("ris",), "author", ("cjk",)),
    Fault("takes a date with words in it for words", ("bibutils", "citation-js"), ("ris",), "date", ("circa",)),
    Fault("knows no ranges and no question marks", ("bibutils",), ("ris",), "date", ("date-range", "uncertain")),
    Fault("writes & in the name of an archive with a stroke", ("JabRef",), ("ris",), "archive", ("archive-unknown",)),
    Fault(
        "decodes TeX in RIS, where there is none", ("JabRef",), ("ris",), "title", ("latex-specials", "tex-commands")
    ),
    Fault("encodes as TeX what is none", ("bibutils",), ("ris",), "title", ("lines-and-controls", "tex-commands")),
)

# What a program has no field for in a format, whatever the record
NOT_HELD = (
    Fault(
        "reads no archive, no call number, and of the date only the year",
        ("pandoc 3",),
        ("ris",),
        "archive, shelfmark, date",
        (),
    ),
    Fault("reads no call number", ("citation-js",), ("ris",), "shelfmark", ()),
    Fault("reads no archive and no call number", ("bibutils",), ("ris",), "archive, shelfmark", ()),
    Fault("reads no call number, and of the date only month and year", ("JabRef",), ("ris",), "shelfmark, date", ()),
)

# A file that a program cannot read at all because of one record, which is then left out
UNREADABLE = (
    Fault("has no room for a field that long", ("bibclean",), _BIB, "file", ("five-hundred-authors", "long-note")),
    Fault("never ends at a brace without its partner", ("JabRef",), ("ris",), "file", _UNBALANCED),
)


def left_out(program: str, form: str) -> frozenset[str]:
    """The keys of the records that *program* cannot read in *form*."""
    return frozenset(key for fault in UNREADABLE for key in fault.keys if _is(fault, program, form))


def expected(program: str, form: str) -> set[tuple[str, str]]:
    """The key of each record with what *program* loses of it."""
    return {(key, fault.what) for fault in FAULTS for key in fault.keys if _is(fault, program, form)}


def _is(fault: Fault, program: str, form: str) -> bool:
    return program in fault.programs and form in fault.forms


def not_held(program: str, form: str) -> frozenset[str]:
    """What *program* has no field for in *form*."""
    return frozenset(what for fault in NOT_HELD for what in fault.what.split(", ") if _is(fault, program, form))


def told(found: set[tuple[str, str]], program: str, form: str) -> list[str]:
    """What is otherwise than expected, in words; nothing where all is."""
    never = not_held(program, form)
    kept = never - {what for _, what in found}
    found = {(key, what) for key, what in found if what not in never}
    known = expected(program, form)
    return [
        *(f"{program} holds in {form} now: {what}; take it from the table" for what in sorted(kept)),
        *(f"{program} loses of {key} in {form}: {what}" for key, what in sorted(found - known)),
        *(
            f"{program} keeps of {key} in {form} now: {what}; take it from the table"
            for key, what in sorted(known - found)
        ),
    ]


def listed() -> Iterable[tuple[str, str, str]]:
    """Programs, formats, and reason with the number of records, for the page."""
    for fault in (*FAULTS, *NOT_HELD, *UNREADABLE):
        records = f"{len(fault.keys) or 'every'} record" + "s" * (len(fault.keys) > 1)
        yield "; ".join(fault.programs), ", ".join(fault.forms), f"{fault.reason} ({fault.what} of {records})"
