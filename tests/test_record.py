"""A record's table becomes values; what is wrong is an issue with its place, and nothing is lost."""

from __future__ import annotations

import copy
import datetime
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.archives import shipped
from citekit.errors import Issue, Where
from citekit.markup import REPLACEMENT, clean
from citekit.record import KNOWN, ROLES, Record, parse
from citekit.shelfmark import OPIS, format_mark
from tests.shared import ROOT
from tests.strategies import ugly_text


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


@pytest.mark.parametrize(
    ("leaves", "column"),
    [("7-5", 0), ("  7-5", 2), ("1, 7-5 ", 3), ("\t7-5", 1)],
    ids=repr,
)
def test_the_place_of_an_error_counts_the_space_before_it(leaves: str, column: int) -> None:
    issue = only({"location": [{"list": leaves}]})
    assert issue.where == Where("location.0.list", 1, 5 + 1 + column)


def test_an_error_in_a_text_of_several_lines_stands_where_the_text_begins() -> None:
    assert only({"location": [{"list": "\n7-5"}]}).where == Where("location.0.list", 1, 5)


def test_an_error_whose_column_is_not_known_has_none() -> None:
    _, issues = parse("key", {"title": "T", "date": "1949-13"}, shipped(), lambda _: Where("a.toml", 3))
    assert [issue.where for issue in issues] == [Where("a.toml", 3)]


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
    ({"people": {"author": ["  "]}}, "C004", "a name needs words"),
    ({"people": {"author": [datetime.time(7, 32)]}}, "C002", "a name must be text or a table, not a time"),
    ({"title": datetime.date(1945, 1, 1)}, "C002", "title must be text, not a date"),
    ({"note": datetime.datetime(1945, 1, 1)}, "C002", "note must be text, not a date and time"),
    ({"titles": {"original": ["T"]}}, "C002", "original must be text, not a list"),
    ({"titles": {"other": 1.5}}, "C002", "other must be text, not a number"),
    ({"location": "RGASPI"}, "C002", "location must be tables, not text"),
    ({"location": [{"archive": {}}]}, "C002", "archive must be text, not a table"),
    ({"location": [{"list": [1]}]}, "C002", "list must be text, not a list"),
    ({"location": [{"list": "zz"}]}, "C005", "a leaf or page number is expected here"),
    ({"reprinted": [1]}, "C002", "reprinted must be tables, not a list"),
    ({"online": {"url": True}}, "C002", "url must be text, not yes or no"),
    ({"online": {"accessed": "2026-11-31"}}, "C003", 'date "2026-11-31" has no day 31: November 2026 has 30 days'),
    ({"published": {"pages": [1, 2]}}, "C002", "pages must be text, not a list"),
    ({"published": {"volume": 1.5}}, "C002", "volume must be text, not a number"),
    ({"published": {"issue": datetime.date(1945, 1, 1)}}, "C002", "issue must be text, not a date"),
    ({"published": {"doi": {"a": "b"}}}, "C002", "doi must be text, not a table"),
    ({"tags": ["Japan", 1]}, "C002", "tags must be a list of texts"),
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


@pytest.mark.parametrize("table", [{}, {"title": ""}, {"title": " \n"}], ids=str)
def test_a_title_of_nothing_is_no_title(table: dict[str, Any]) -> None:
    record, issues = read(table)
    assert record is not None
    assert [(issue.code, issue.level) for issue in issues] == [("C008", "warning")]


def test_a_whole_number_counts_as_its_digits() -> None:
    record = good({"title": 0, "number": 1413, "titles": {"original": 7}, "location": [{"fond": 558, "list": 160}]})
    assert (record.title, record.number, record.titles) == ("0", "1413", {"original": "7"})
    assert record.locations[0].mark is not None
    assert format_mark(record.locations[0].mark, record.locations[0].scheme) == "f. 558, l. 160"


def test_what_is_said_of_print_is_text_and_what_nobody_foresaw_there_is_kept() -> None:
    printed = {"container": " Cold War History ", "volume": 3, "issue": "", "supplement": [1]}
    record = good({"published": printed})
    assert record.published == {"container": "Cold War History", "volume": "3"}
    assert record.table["published"] == printed


def test_an_empty_level_is_no_level() -> None:
    assert good({"location": [{"fond": "", "list": " "}]}).locations[0].mark is None


def test_the_place_is_the_record_s_before_the_archive_s() -> None:
    cities = [{"archive": "RGASPI"}, {"archive": "RGASPI", "place": "Podolsk"}, {"fond": "1"}]
    assert [location.city for location in good({"location": cities}).locations] == ["Moscow", "Podolsk", ""]


def test_one_person_needs_no_list() -> None:
    people = good({"people": {"author": "Molotov, V. M.", "recipient": {"literal": "NKVD, Section 1"}}}).people
    assert {role: [name.display() for name in listed] for role, listed in people.items()} == {
        "author": ["V. M. Molotov"],
        "recipient": ["NKVD, Section 1"],
    }


def test_what_csl_is_given_can_be_said_in_json() -> None:
    given_ = {"issued": datetime.date(2020, 1, 2), "volume": 3, "a": [1.5, {"b": datetime.time(7, 32)}], "c": True}
    csl = good({"csl": given_}).csl
    assert csl == {"issued": "2020-01-02", "volume": 3, "a": [1.5, {"b": "07:32:00"}], "c": True}
    assert json.loads(json.dumps(csl)) == csl


@pytest.mark.parametrize("sign", [*map(chr, range(32)), *"\x7f\x85\x9b\u2028\u2029\u202a\u202e\u2066\u2069\u200b\xa0"])
def test_what_prints_as_a_replacement_is_a_warning(sign: str) -> None:
    record, issues = read({"title": f"a{sign}b"})
    assert record is not None
    assert [issue.code for issue in issues] == ["C009"] * (REPLACEMENT in clean(record.title))


def test_several_errors_are_all_reported() -> None:
    _, issues = read({"title": 1.5, "date": "1949-13", "people": {"author": ["A,"]}})
    assert [issue.code for issue in issues if issue.level == "error"] == ["C002", "C003", "C004"]


# Any table

_plain_values = st.one_of(
    ugly_text,
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from(["RGASPI", "AMAE", "7-5", "1949-13", "julian", "descriptive", "Molotov, V. M.", "A,"]),
)
_names_of_keys = st.sampled_from(
    sorted({*KNOWN, *ROLES, *OPIS.names(), "archive", "place", "text", "url", "name", "x"})
)
_tables = st.dictionaries(
    _names_of_keys,
    st.recursive(
        _plain_values,
        lambda values: st.lists(values, max_size=3) | st.dictionaries(_names_of_keys, values, max_size=4),
        max_leaves=8,
    ),
    max_size=6,
)


@given(_tables)
def test_any_table_is_a_record_or_has_errors(table: dict[str, Any]) -> None:
    before = copy.deepcopy(table)
    record, issues = read(table)
    errors = [issue for issue in issues if issue.level == "error"]
    assert (record is None) == bool(errors)
    assert all(re.fullmatch(r"C0\d\d", issue.code) and issue.message and issue.where.path for issue in issues)
    assert repr(table) == repr(before)
    if record:
        assert record.table is table
        assert set(record.extra) == set(table) - KNOWN
