"""A record's table becomes values; what is wrong is an issue with its place, and nothing is lost."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from citekit.archives import shipped
from citekit.errors import Issue, Where
from citekit.record import Record, parse
from citekit.shelfmark import format_mark
from tests.shared import ROOT


def read(table: dict[str, Any]) -> tuple[Record | None, list[Issue]]:
    """The record *table* makes, and its issues; every place is the path itself."""
    return parse("key", table, shipped(), lambda at: Where(".".join(map(str, at)) or "top", 1, 5))


def good(table: dict[str, Any]) -> Record:
    """The record *table* makes; it must have no issue."""
    record, issues = read({"title": "T"} | table)
    assert not issues, issues
    assert record is not None
    return record


def only(table: dict[str, Any]) -> Issue:
    """The one issue *table* has."""
    _, issues = read({"title": "T"} | table)
    (issue,) = issues
    return issue


def test_every_field_of_the_first_document_is_read() -> None:
    table = tomllib.loads((ROOT / "records/molotov-harriman-1945-11-19.toml").read_text(encoding="utf-8"))
    record = good(table)
    assert record.date is not None
    assert record.date.start is not None
    assert (record.type, record.date.start.day, record.language, record.number) == ("memorandum", 19, "ru", "1413-M")
    assert [name.display() for name in record.people["distribution"]] == [
        "Stalin",
        "Molotov",
        "Beria",
        "Malenkov",
        "Mikoyan",
    ]
    (location,) = record.locations
    assert location.known is not None
    assert location.mark is not None
    assert (location.known.key, location.city) == ("RGASPI", "Moscow")
    assert format_mark(location.mark, location.scheme) == "f. 558, op. 11, d. 98, ll. 0160-0163"
    assert record.online.accessed is not None
    assert record.online.contents == "Translation - English"
    assert record.table == table


@pytest.mark.parametrize("path", sorted((ROOT / "records").glob("*.toml")), ids=lambda path: path.stem)
def test_the_sample_records_are_good(path: Path) -> None:
    record, issues = read(tomllib.loads(path.read_text(encoding="utf-8")))
    assert record is not None
    assert not issues


def test_levels_are_put_in_the_order_of_the_archive() -> None:
    location = good(
        {"location": [{"archive": "AVPRF", "list": "120-123", "delo": 7, "papka": "248", "fond": "0100"}]}
    ).locations[0]
    assert location.mark is not None
    assert [part.level for part in location.mark.parts] == ["fond", "papka", "delo", "list"]


def test_a_single_location_may_be_a_plain_table() -> None:
    assert good({"location": {"archive": "RGANI"}}).locations[0].archive == "RGANI"


def test_what_nobody_foresaw_is_kept() -> None:
    record = good({"mood": "grim", "location": [{"archive": "RGANI", "shelf": 3}], "people": {"witness": ["Doe, J."]}})
    assert record.extra == {"mood": "grim"}
    assert record.locations[0].extra == {"shelf": 3}
    assert record.people["witness"][0].family == "Doe"


def test_dates_come_as_toml_dates_numbers_and_texts() -> None:
    for value, edtf in [(datetime.date(1945, 11, 19), "1945-11-19"), (1958, "1958"), ("1946~", "1946~")]:
        date = good({"date": value}).date
        assert date is not None
        assert date.edtf == edtf


def test_a_julian_day_exists_in_its_own_calendar() -> None:
    assert good({"date": "1900-02-29", "calendar": "julian"}).date is not None
    assert only({"date": "1900-02-29"}).code == "C003"


def test_the_place_of_an_error_in_a_text_is_behind_its_quotation_mark() -> None:
    issue = only({"date": "1949-13"})
    assert (issue.code, issue.where) == ("C003", Where("date", 1, 5 + 1 + len("1949-")))
    assert issue.message == 'date "1949-13" has no month 13'


WRONG = [
    ({"title": ["T"]}, "C002", "title must be text, not a list"),
    ({"title": True}, "C002", "title must be text, not yes or no"),
    ({"titles": "x"}, "C002", "titles must be a table, not text"),
    ({"tags": "x"}, "C002", "tags must be a list of texts"),
    ({"date": 1.5}, "C003", "a date cannot be a float"),
    ({"people": {"author": ["Molotov,"]}}, "C004", "a name needs words on both sides of its comma"),
    ({"people": {"author": [{"given": "V."}]}}, "C004", "a name needs a family name or a name"),
    ({"people": {"author": [5]}}, "C002", "a name must be text or a table, not a number"),
    ({"location": ["RGASPI"]}, "C002", "location must be tables, not a list"),
    ({"location": [{"archive": "RGASPI", "list": "163-160"}]}, "C005", "range '163-160' runs backwards"),
    ({"calendar": "mayan"}, "C002", 'calendar must be "gregorian" or "julian"'),
    ({"title_kind": "nice"}, "C002", 'title_kind must be "heading" or "descriptive"'),
    ({"people": []}, "C002", "people must be a table, not a list"),
]


@pytest.mark.parametrize(("table", "code", "message"), WRONG, ids=[message for *_, message in WRONG])
def test_what_is_wrong_is_an_error(table: dict[str, Any], code: str, message: str) -> None:
    issue = only(table)
    assert (issue.code, issue.level, issue.message) == (code, "error", message)
    assert read({"title": "T"} | table)[0] is None


def test_an_ambiguous_siglum_is_an_error_that_names_the_candidates() -> None:
    issue = only({"location": [{"archive": "AMAE"}]})
    assert (issue.code, issue.level) == ("C006", "error")
    assert "AMAE-RO" in issue.message
    assert "AMAE-FR" in issue.message


def test_an_unknown_archive_and_a_missing_title_are_warnings() -> None:
    record, issues = read({"location": [{"archive": "Parish of Upper Slaughter"}]})
    assert record is not None
    assert [(issue.code, issue.level) for issue in issues] == [("C007", "warning"), ("C008", "warning")]


def test_a_control_character_is_a_warning() -> None:
    record, issues = read({"title": "a\x1b[31m"})
    assert record is not None
    assert [issue.code for issue in issues] == ["C009"]


def test_several_errors_are_all_reported() -> None:
    _, issues = read({"title": 1.5, "date": "1949-13", "people": {"author": ["A,"]}})
    assert [issue.code for issue in issues if issue.level == "error"] == ["C002", "C003", "C004"]
