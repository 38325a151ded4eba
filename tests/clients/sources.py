"""The records that go through the programs: the samples, the hostile ones, and the document whose facts are counted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from citekit import archives, formats, record
from citekit.errors import Where
from citekit.exchange import Options
from citekit.library import Library
from citekit.record import Record
from tests.shared import ROOT

CASES = ROOT / "tests" / "cases"
AUTHORS = 500
NOTE = 100_000  # letters


def parsed(key: str, table: Mapping[str, Any]) -> Record:
    """The record that *table* makes. Raises ValueError where it has an error."""
    found, issues = record.parse(key, dict(table), archives.shipped(), lambda at: Where(f"{key}.toml"))
    errors = [issue.message for issue in issues if issue.level == "error"]
    if found is None or errors:
        raise ValueError(f"{key}: {errors}")
    return found


@cache
def samples() -> tuple[Record, ...]:
    """The records of the sample library."""
    return tuple(Library(ROOT).records().records.values())


@cache
def hostile() -> tuple[Record, ...]:
    """The hostile records, the two that are made here last."""
    tables = tomllib.loads((CASES / "hostile.toml").read_text(encoding="utf-8"))
    return tuple(parsed(key, table) for key, table in [*tables.items(), *_large()])


def _large() -> list[tuple[str, dict[str, Any]]]:
    place = {"archive": "RGASPI", "fond": "82", "opis": "2"}
    crowd = [f"Family{number}, Given" for number in range(1, AUTHORS + 1)]
    sentence = "A long note says the same again. "
    return [
        (
            "five-hundred-authors",
            {
                "type": "petition",
                "title": "A petition of very many",
                "date": "1951-02-25",
                "people": {"author": crowd},
                "location": [{**place, "delo": "1032", "list": "45"}],
            },
        ),
        (
            "long-note",
            {
                "type": "memorandum",
                "title": "A note of a hundred thousand letters",
                "date": "1951-02-26",
                "people": {"author": ["Long, A."]},
                "location": [{**place, "delo": "1033", "list": "46"}],
                "note": sentence * (NOTE // len(sentence) + 1),
            },
        ),
    ]


def everything() -> tuple[Record, ...]:
    """Samples and hostile records."""
    return (*samples(), *hostile())


def has(name: str) -> bool:
    """Whether citekit can write the format *name*."""
    return name in formats.NAMES


def exported(name: str, records: Sequence[Record], target: str = "") -> str:
    """The *records* in the format *name*, for the program *target*."""
    return formats.writer(name)(records, Options(target)).text
