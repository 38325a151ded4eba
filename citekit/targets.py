"""Programs that records are exported for: the formats that each reads well, and what becomes of the others.

Source: real runs of each program (Zotero's and Better BibTeX's own importers, pandoc, JabRef, biber) over files of six
documents, sixteen facts a document; Mendeley was not run, for it is read what others found of it
(<https://customcommander.github.io/ris/manual/mendeley>). docs/reference-managers.md has the reasons as a table.

>>> target("zotero").formats[0]
'csl-json'
"""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from citekit.errors import UsageError, did_you_mean
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Target:
    """A program: its *name*, the *formats* it reads well, the best first, and what goes wrong with the *others*."""

    name: str
    formats: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)

    def hint(self, format_: str) -> str:
        """What is to be known of a format that the program does not read well; empty for one that it does."""
        if format_ in self.formats:
            return ""
        said = self.others.get(format_, f"{self.name} is not known to read {format_}")
        return f"{said}; {self.formats[0]} is the way"


_NO_ARCHIVE = "Zotero's import of {} has no way into the fields for archive and shelfmark"
TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "zotero": Target(
            "Zotero",
            ("csl-json", "ris"),
            {"bibtex": _NO_ARCHIVE.format("BibTeX"), "biblatex": _NO_ARCHIVE.format("BibLaTeX")},
        ),
        "better-bibtex": Target("Better BibTeX", ("biblatex", "bibtex", "csl-json")),
        "jabref": Target("JabRef", ("bibtex", "biblatex")),
        "pandoc": Target(
            "pandoc",
            ("csl-json", "csl-yaml"),
            {
                "bibtex": "pandoc makes the shelfmark of BibTeX the publisher, and loses the language",
                "biblatex": "pandoc makes the shelfmark of BibLaTeX the publisher, and loses the language",
            },
        ),
        "biblatex-chicago": Target(
            "biblatex-chicago",
            ("biblatex",),
            {"bibtex": "biber prints the shelfmark of a BibTeX entry twice"},
        ),
        "mendeley": Target(
            "Mendeley",
            ("bibtex",),
            {"ris": "Mendeley's import of RIS has no place for archive and shelfmark"},
        ),
    }
)


def target(name: str) -> Target:
    """The program called *name*. Raises UsageError with the nearest names where there is none."""
    if name not in TARGETS:
        hint = did_you_mean(name, TARGETS) or f"one of {', '.join(TARGETS)}"
        raise UsageError(f"no target {name!r}", hint=hint)
    return TARGETS[name]
