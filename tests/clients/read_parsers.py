"""What a Python parser of BibTeX understands of a file: `python read_parsers.py PARSER FILE` prints JSON, by key.

It runs in an environment that has the parser and nothing of ours: pybtex, bibtexparser1 or bibtexparser2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

Entries = dict[str, dict[str, str]]


def pybtex(path: str) -> Entries:
    """The entries as pybtex has them, its rich text as plain, people as they are sorted, one behind the other."""
    from pybtex.database import parse_file
    from pybtex.richtext import Text

    entries: Entries = {}
    for key, entry in parse_file(path, bib_format="bibtex").entries.items():
        entries[key] = {name: str(Text.from_latex(value)) for name, value in entry.fields.items()}
        for role, people in entry.persons.items():
            entries[key][role] = "; ".join(str(Text.from_latex(str(person))) for person in people)
    return entries


def bibtexparser1(path: str) -> Entries:
    """The entries as bibtexparser 1 has them, LaTeX decoded."""
    import bibtexparser
    from bibtexparser.bparser import BibTexParser
    from bibtexparser.customization import convert_to_unicode

    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, customization=convert_to_unicode)
    found = bibtexparser.loads(Path(path).read_text(encoding="utf-8"), parser)  # type: ignore[attr-defined]  # of 1
    return {str(entry["ID"]): {str(name): str(value) for name, value in entry.items()} for entry in found.entries}


def bibtexparser2(path: str) -> Entries:
    """The entries as bibtexparser 2 has them, LaTeX decoded; what it could not read has the key "?"."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware

    found = parse_string(Path(path).read_text(encoding="utf-8"), append_middleware=[LatexDecodingMiddleware()])
    entries = {entry.key: {field.key: str(field.value) for field in entry.fields} for entry in found.entries}
    return entries | {f"?{number}": {"error": str(block.error)} for number, block in enumerate(found.failed_blocks)}


PARSERS: dict[str, Callable[[str], Entries]] = {
    "pybtex": pybtex,
    "bibtexparser1": bibtexparser1,
    "bibtexparser2": bibtexparser2,
}

if __name__ == "__main__":
    json.dump(PARSERS[sys.argv[1]](sys.argv[2]), sys.stdout, ensure_ascii=False)
