"""How many real shelfmarks are read as they were parsed by hand: figures, and each miss.

The strings are beside the project (../shared/archival/shelfmarks.jsonl); `tests/cases/corpus.toml` has the names that
levels have there, what cannot be known, and what was parsed wrongly. An archive counts only where the text names it.

    python bench/corpus.py
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

from citekit import locators
from citekit.archives import shipped
from citekit.errors import ParseError
from citekit.references import read

ROOT = Path(__file__).parents[1]
SHELFMARKS = ROOT.parent / "shared" / "archival" / "shelfmarks.jsonl"
NAMES = tomllib.loads((ROOT / "tests" / "cases" / "corpus.toml").read_text(encoding="utf-8"))
# Remarks of the parser by hand, and what is no part of a location
REMARKS = frozenset(("note", "ibid", "date"))
# Ours that stand beside the levels; a string may have them though the parse by hand does not
BESIDE = frozenset(("note", "file_title", "fond_title"))


class Miss(NamedTuple):
    """A string that is read otherwise than by hand."""

    text: str
    by_hand: list[dict[str, str]]
    ours: list[dict[str, str]]


class Score(NamedTuple):
    """How many strings there are to score, their levels, how many levels are right, and the strings with a miss."""

    strings: int
    levels: int
    right: int
    misses: tuple[Miss, ...]

    def share(self) -> float:
        """The share of strings with all levels right."""
        return 1 - len(self.misses) / self.strings


def score(lines: list[dict[str, Any]]) -> Score:
    """Compares each line's text, as it is read, with its parse by hand."""
    unscored = {case["text"] for case in NAMES["unscored"]}
    levels = right = strings = 0
    misses = []
    for line in lines:
        if line["text"] in unscored:
            continue
        strings += 1
        by_hand, ours = parse_by_hand(line), [dict(table) for table in read(line["text"], shipped()).locations]
        title = read(line["text"], shipped()).title
        if title and ours:
            ours[0]["title"] = title
        wrong = unequal(by_hand, ours)
        count = sum(map(len, by_hand))
        levels, right = levels + count, right + count - min(wrong, count)
        if wrong:
            misses.append(Miss(line["text"], by_hand, ours))
    return Score(strings, levels, right, tuple(misses))


def parse_by_hand(line: dict[str, Any]) -> list[dict[str, str]]:
    """The locations of a parse by hand; an archive that the text does not name is left out."""
    corrected = {case["text"]: case["levels"] for case in NAMES["corrected"]}
    parse = {**line["parse"], **corrected.get(line["text"], {})}
    shared = {name: value for name, value in parse.items() if value and name not in REMARKS}
    shared.pop("parts", None)
    if not is_named(shared.get("archive", ""), line["text"]):
        shared.pop("archive", None)
    return [shared | part for part in parse.get("parts", [{}])]


def is_named(archive: str, text: str) -> bool:
    """Whether *text* has the first words of *archive*."""
    first = archive.split(",")[0]
    return bool(archive) and folded(first) in folded(text) and first.split()[0] in text


def unequal(by_hand: list[dict[str, str]], ours: list[dict[str, str]]) -> int:
    """How many levels are missing, wrong or too many."""
    if len(by_hand) != len(ours):
        return max(1, *(len(one) for one in (*by_hand, *ours)))
    return sum(_unequal(*pair) for pair in zip(by_hand, ours, strict=True))


def _unequal(by_hand: dict[str, str], ours: dict[str, str]) -> int:
    left, rest = dict(by_hand), dict(ours)
    archive, named = left.pop("archive", ""), rest.pop("archive", "")
    wrong = int(not same_archive(archive, named))
    for row in [*NAMES["rows"], *({"hand": [name], "ours": [name]} for name in by_hand)]:
        hand, own = [name for name in row["hand"] if name in left], [name for name in row["ours"] if name in rest]
        if len(hand) == len(row["hand"]) and own and same([left[n] for n in hand], [rest[n] for n in own]):
            left = {name: value for name, value in left.items() if name not in hand}
            rest = {name: value for name, value in rest.items() if name not in own}
    return wrong + max(len(left), len(rest.keys() - BESIDE))


def same_archive(by_hand: str, ours: str) -> bool:
    """Whether every word group of the archive's name by hand is in ours, and ours has no figures."""
    if not by_hand:
        return not ours
    return (
        bool(ours) and all(folded(part) in folded(ours) for part in by_hand.split(",")) and not re.search(r"\d", ours)
    )


def same(by_hand: list[str], ours: list[str]) -> bool:
    """Whether the values are the same up to spaces, dashes and marks; leaves by what they mean."""
    if len(by_hand) == len(ours) == 1:
        try:
            return locators.parse(by_hand[0]).ranges == locators.parse(ours[0]).ranges
        except ParseError:
            pass
    siglum = re.search(r"\(([^()]+)\)$", ours[-1])
    return folded(" ".join(by_hand)) in (folded(" ".join(ours)), folded(siglum[1]) if siglum else None)


_MARKS = re.compile(r"^(?:bd\.|arkiv nr\.|nr\.|nos?\.|rep\.|the )|\. (?:HA|oddělení)$", re.I)


def folded(text: str) -> str:
    """*text* for comparing: without a mark before it, signs and spaces; what is listed with "and" has a comma."""
    text = re.sub(r"\s+(?:and|&)\s+", ", ", _MARKS.sub("", text))
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def main() -> int:
    """Prints the figures and each miss."""
    if not SHELFMARKS.exists():
        print(f"{SHELFMARKS.name} is not beside the project (../shared)")
        return 0
    found = score([json.loads(line) for line in SHELFMARKS.read_text(encoding="utf-8").splitlines()])
    right = found.strings - len(found.misses)
    print(f"shelfmarks: {right} of {found.strings} strings with all levels right ({found.share():.1%})")
    print(f"            {found.right} of {found.levels} levels ({found.right / found.levels:.1%})")
    for case in NAMES["unscored"]:
        print(f"not scored  {case['text']}\n    {case['reason']}")
    for miss in found.misses:
        print(f"miss        {miss.text}\n    by hand {miss.by_hand}\n    ours    {miss.ours}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
