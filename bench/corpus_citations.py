"""How well whole citations are read: the Wilson Center's, with fields that were made by hand, in `../shared`.

Scored are title, date, publisher, archive, every level, every credit with its role and project, and address, as far as
they stand in the string; a printed source counts as its text. Where the given fields are wrong, they are corrected by
`tests/cases/citations.toml`, with the reason. Prints the shares and each miss.

    python bench/corpus_citations.py [--all]
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from citekit import citations, names
from citekit.archives import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "archival" / "wcda-citations.jsonl"
CORRECTIONS = ROOT / "tests" / "cases" / "citations.toml"
LEVELS = shipped().levels()
ROLES = ("contributor", "obtained_by", "translator")


class Field(NamedTuple):
    """One field of one string: what was given, and what was read."""

    name: str
    given: object
    found: object


class Line(NamedTuple):
    """One string of the corpus, its fields, and what was not understood."""

    text: str
    fields: tuple[Field, ...]
    unread: str

    def misses(self) -> tuple[Field, ...]:
        """The fields that were read wrong."""
        return tuple(field for field in self.fields if field.given != field.found)


class Score(NamedTuple):
    """Right ones and all, of strings and of fields."""

    strings: tuple[int, int]
    fields: tuple[int, int]


def lines(corpus: Path = CORPUS, corrections: Path = CORRECTIONS) -> list[Line]:
    """Every string of the corpus, read."""
    corrected = tomllib.loads(corrections.read_text(encoding="utf-8"))["correction"]
    texts = corpus.read_text(encoding="utf-8").splitlines()
    return [_line(json.loads(text), corrected) for text in texts]


def score(read: list[Line]) -> Score:
    """How many are right."""
    fields = [field for line in read for field in line.fields]
    right = sum(field.given == field.found for field in fields)
    return Score((sum(not line.misses() for line in read), len(read)), (right, len(fields)))


def _line(case: Mapping[str, Any], corrections: list[Mapping[str, Any]]) -> Line:
    text = case["citation"]
    given = dict(case["fields"])
    for correction in corrections:
        if correction["source"] == case["source"] and correction["begins"] == text[: len(correction["begins"])]:
            given = {key: value for key, value in given.items() if key != correction["field"]} | correction["right"]
    found = citations.read(text, shipped())
    return Line(text, tuple(_fields(text, given, found.table)), found.unread)


# The table of what stands where: the fields of the corpus, and their places in a record


def _fields(text: str, given: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Field]:
    online = table.get("online", {})
    location: Mapping[str, Any] = next(iter(table.get("location", ())), {})
    date = table.get("date", "")
    if given["title"].strip() in text:
        yield Field("title", given["title"].strip(), table.get("title"))
    if given["date_verbatim"] in text and given["publisher"]:
        yield Field("date", given["date"], str(date))
    if given["publisher"]:
        yield Field("publisher", given["publisher"], online.get("publisher"))
    if given["url"]:
        yield Field("url", given["url"], online.get("url"))
    yield Field("archive", given["archive"], location.get("archive"))
    for level in sorted(LEVELS & given.keys()):
        if given[level]:
            yield Field(level, given[level], location.get(level))
    if given["reference_kind"] == "printed-source":
        yield Field("printed", given["reference"], _printed(given["reference"], table))
    yield from _credits(given, table.get("people", {}))


def _printed(reference: str, table: Mapping[str, Any]) -> str | None:
    """The reference, if the first printed source says all its words."""
    book = next(iter(table.get("reprinted", ())), {"text": "?"})
    words = f"{book['text']} {book.get('pages', '')}".split()
    said = reference.replace("pp. ", " ").replace("pp.", " ").removeprefix("See ").removesuffix(".)").split()
    return reference if [word.rstrip(",") for word in words] == [word.rstrip(",") for word in said] else str(book)


def _credits(given: Mapping[str, Any], people: Mapping[str, Any]) -> Iterator[Field]:
    for role in ROLES:
        found = [names.from_table(one) if isinstance(one, dict) else names.parse(one) for one in people.get(role, ())]
        printed = [name.display().removesuffix(f" ({name.affiliation})") for name in found]
        yield Field(role, given[role], printed)
        if given[role] and given.get("for_project"):
            yield Field(f"{role}, for", given["for_project"], " ".join(dict.fromkeys(name.for_ for name in found)))


def main() -> None:
    """Prints the figures and the misses; with --all every field."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every field of every string")
    every = parser.parse_args().all
    read = lines()
    for what, (right, count) in score(read)._asdict().items():
        print(f"{what:8} {right:4} of {count:4}  {right / count:6.1%}")
    for line in read:
        fields = line.fields if every else line.misses()
        said = [f"{field.name}: given {field.given!r}, found {field.found!r}" for field in fields]
        said += [f"unread: {line.unread}"] * bool(line.unread)
        if said:
            print("", line.text, *said, sep="\n  ")


if __name__ == "__main__":
    main()
