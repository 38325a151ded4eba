"""The rest of a record that a format has no field for: taken apart, written in one line, put together again."""

from __future__ import annotations

import datetime
import tomllib
import unicodedata
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from citekit.errors import ParseError
from citekit.exchange import Loss, changes, checked, decode, encode, losses, restored

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    WORDS
    | st.integers(-(10**12), 10**12)
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.dates()
    | st.times().map(lambda time: time.replace(fold=0))  # TOML has no second hour of a night
    | st.datetimes().map(lambda time: time.replace(fold=0))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "$", "0", "b.c", ""]), inner),
    max_leaves=8,
)
TABLES = st.dictionaries(st.sampled_from(["title", "date", "people", "location", "0", "x.y", "$"]), VALUES, max_size=5)


def exact(value: Any) -> str:
    """The value with its types, its tables in one order."""
    if isinstance(value, dict):
        return repr(sorted((name, exact(part)) for name, part in value.items()))
    return repr([exact(part) for part in value]) if isinstance(value, list) else repr(value)


@given(TABLES, TABLES, st.booleans())
def test_a_reading_and_the_changes_make_the_record(table: dict[str, Any], read: dict[str, Any], ascii: bool) -> None:
    line = encode(changes(table, read), ascii=ascii)
    assert line == unicodedata.normalize("NFC", line)
    assert line.isascii() or not ascii
    assert not set(line) & set("\\{}@%#$&~^_<>\n\t*")
    assert exact(restored(read, decode(line) if line else [])) == exact(table)


@given(TABLES)
def test_what_is_read_rightly_needs_no_change(table: dict[str, Any]) -> None:
    assert encode(changes(table, tomllib.loads(tomli_w.dumps(table)))) == ""


def test_what_was_edited_elsewhere_stays_edited() -> None:
    record = {"title": "A  title", "people": {"author": ["Molotov, V. M."], "recorder": ["Potrubach"]}}
    read = {"title": "A title", "people": {"author": ["Molotov, V. M."]}}
    found = changes(record, read)
    assert restored(read, found) == record
    edited = {"title": "Another title", "people": {"author": ["Molotov, Vyacheslav"]}}
    assert restored(edited, found) == {
        "title": "Another title",
        "people": {"author": ["Molotov, Vyacheslav"], "recorder": ["Potrubach"]},
    }


def test_what_a_long_text_takes_the_place_of_is_only_summed() -> None:
    record, read = {"note": "Short"}, {"note": "RGASPI, f. 558, op. 11, d. 98. " * 9, "abstract": "Long " * 90}
    found = changes(record, read)
    assert len(encode(found)) < 120
    assert restored(read, decode(encode(found))) == record
    assert restored(read | {"note": "edited"}, found) == {"note": "edited"}


def test_a_line_that_a_program_has_broken_is_read() -> None:
    found = changes({"note": "one two  three +2B", "date": datetime.date(1945, 11, 19)}, {})
    line = encode(found)
    assert decode(line.replace(" ", "\n\t")) == found


@pytest.mark.parametrize(
    "line",
    ["", "[", "{}", "[1]", "[[]]", '[["a"]]', '[["a",1,2,3]]', '[["a",{"+24":"no toml"}]]', "[" * 5000, "+FF+FE", "7"],
)
def test_another_line_is_an_error(line: str) -> None:
    with pytest.raises(ParseError, match="not as citekit wrote it"):
        decode(line)


@pytest.mark.parametrize("found", [None, {}, [1], [["a"]], [["a", {"$": "no toml"}]], [[[None], 1]], "x" * 500])
def test_other_lists_than_changes_are_an_error(found: object) -> None:
    with pytest.raises(ParseError, match="not as citekit wrote it"):
        checked(found)


@given(TABLES, TABLES)
def test_changes_need_no_line(table: dict[str, Any], read: dict[str, Any]) -> None:
    found = changes(table, read)
    assert checked(found) is found


@pytest.mark.parametrize(
    "path", ['"location.9.note"', '"people.author.0.x"', '["", 0, ""]', '"location.99999999999999"']
)
def test_a_change_without_a_place_is_left_out(path: str) -> None:
    table = {"location": [{"fond": "1"}], "people": {"author": ["A"]}}
    assert restored(table, decode(f'[[{path},"x"]]')) == table


def test_what_stands_in_words_is_not_lost() -> None:
    found = changes(
        {"people": {"contributor": ["Radchenko, Sergey"], "recorder": [{"family": "Potrubach", "given": "I."}]}}, {}
    )
    said = "Contributed by Sergey  Radchenko."
    assert losses("k", found, said) == [Loss("k", "people.recorder", "Potrubach, I.")]
    assert losses("k", found, said + " i. potrubach") == []


def test_a_name_is_said_in_either_order() -> None:
    found = changes({"people": {"author": [{"family": "Mao", "given": "Zedong", "order": "family-first"}]}}, {})
    assert losses("k", found, "Mao Zedong") == losses("k", found, "Zedong Mao") == []
    assert losses("k", found, "Mao") == [Loss("k", "people.author", "Mao, Zedong")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12 об.–13", "f. 1, ll. 12ob.-13"),
        ("12 об.–13", "Ф. 1. Лл. 12 об. – 13."),
        ("190–91, 193 зв.", "ark. 190--191, 193zv."),
        ("5 и об.", "l. 5-5ob."),
        ("12v", "f. 12 verso"),
    ],
)
def test_leaves_are_said_in_any_spelling(written: str, said: str) -> None:
    found = changes({"location": [{"list": written}]}, {})
    assert losses("k", found, said) == []
    assert losses("k", found, f"1{said.rpartition('. ')[2]}") == [Loss("k", "location.0.list", written)]
    assert losses("k", changes({"number": written}, {}), said) == [Loss("k", "number", written)]
