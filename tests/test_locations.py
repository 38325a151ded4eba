"""Where a document lies, in the words of other programs: levels where all is surely read, else the words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import locations
from tests.strategies import ugly_text

MOLOTOV = {"fond": "558", "opis": "11", "delo": "98"}
AT: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "by its levels": ("RGASPI", "f. 558, op. 11, d. 98", [{"archive": "RGASPI"} | MOLOTOV]),
    "in Cyrillic": (
        "РГАСПИ",
        "Ф. 558. Оп. 11. Д. 98. Л. 160–163",
        [{"archive": "РГАСПИ"} | MOLOTOV | {"list": "160-163"}],
    ),
    "a verso as the archive has it": (
        "ÖStA",
        "HHStA, Staatskanzlei, Kt. 145, fol. 12v",
        [{"archive": "ÖStA", "abteilung": "HHStA", "bestand": "Staatskanzlei", "karton": "145", "blatt": "12v"}],
    ),
    "without an archive": ("", "f. 558, op. 11, d. 98", [MOLOTOV]),
    "an archive alone": ("RGASPI", "", [{"archive": "RGASPI"}]),
    "nothing": ("", "", [{}]),
    "words": ("RGASPI", "the green folder", [{"archive": "RGASPI", "shelfmark": "the green folder"}]),
    "words with a figure": ("RGASPI", "green: 5 (lost)", [{"archive": "RGASPI", "shelfmark": "green: 5 (lost)"}]),
    "the site that has a copy": (
        "Wilson Center Digital Archive",
        "RGASPI, f. 558, op. 11, d. 98",
        [{"archive": "RGASPI"} | MOLOTOV],
    ),
    "two places": (
        "RGASPI",
        "f. 558, op. 11, d. 98; f. 17, op. 3, d. 5",
        [{"archive": "RGASPI"} | MOLOTOV, {"archive": "RGASPI", "fond": "17", "opis": "3", "delo": "5"}],
    ),
    "an archive that nobody knows": (
        "Some Odd Archive",
        "f. 1, op. 2, d. 3",
        [{"archive": "Some Odd Archive", "fond": "1", "opis": "2", "delo": "3"}],
    ),
}


@pytest.mark.parametrize("name", AT)
def test_a_shelfmark_beside_its_archive(name: str) -> None:
    archive, words, tables = AT[name]
    assert locations.at(archive, words) == tables


def test_what_is_given_out_may_be_changed() -> None:
    for _ in range(2):
        (table,) = locations.at("RGASPI", "f. 558, op. 11, d. 98")
        assert table == {"archive": "RGASPI"} | MOLOTOV
        table.clear()


@pytest.mark.parametrize("words", ["see f. 5", "RGASPI", "the first page", "f. 558, op. 11", "RGASPI, box 5"])
def test_words_of_no_known_archive_or_with_something_left_are_no_location(words: str) -> None:
    assert locations.read(words) == []


@given(ugly_text, st.sampled_from(["", "RGASPI", "TNA", "Some Odd Archive"]))
def test_nothing_is_lost(words: str, archive: str) -> None:
    found = locations.at(archive, words)
    kept = [table["shelfmark"] for table in found if "shelfmark" in table]
    assert kept in ([], [words])
