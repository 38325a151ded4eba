"""CSV: our own table comes back as it was, others are read by the names of their columns, and no cell is a formula."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit import formats
from citekit.errors import ParseError, UsageError, Where
from citekit.exchange import ANY, Loss, Options
from citekit.formats.csv_ import COLUMNS
from citekit.record import Draft, Record
from tests.strategies import record_tables, ugly_text
from tests.test_formats import sample
from tests.test_formats_csl import RGASPI, recorded, repr_of
from tests.test_record import good


def write(record: Record, options: Options = ANY) -> str:
    return formats.writer("csv")([record], options).text


def drafts(text: str) -> list[Draft]:
    return formats.reader("csv")(text, "refs.csv")


def row(record: Record) -> dict[str, str]:
    (found,) = csv.DictReader(io.StringIO(write(record), newline=""))
    return {name: value for name, value in found.items() if value}


@settings(deadline=None)
@given(record_tables())
def test_a_record_comes_back_from_csv_as_it_was(table: dict[str, Any]) -> None:
    record = recorded(table)
    text = write(record)
    (draft,) = drafts(text)
    assert (draft.key, draft.issue, draft.line) == ("key", None, 2)
    assert repr_of(draft.table) == repr_of(record.table)
    assert write(recorded(dict(draft.table))) == text


@pytest.mark.parametrize("title", ["\r", "\n", " \r\n", "\x0b", "\u2028"])
def test_a_text_of_nothing_but_spaces_comes_back(title: str) -> None:
    assert drafts(write(recorded({"title": title})))[0].table == {"title": title}


def test_a_record_is_a_line_of_its_fields() -> None:
    people = {"author": ["Molotov, V. M.", "CC CPSU"], "recorder": ["Potrubach"]}
    table = {"type": "memo", "date": date(1945, 11, 19), "people": people, "location": [RGASPI], "tags": ["a", "b"]}
    assert row(good(table)) == {
        "key": "key",
        "type": "memo",
        "title": "T",
        "date": "1945-11-19",
        "people.author": "Molotov, V. M.; CC CPSU",
        "location.archive": "RGASPI",
        "location.shelfmark": "f. 558, op. 11, d. 98, ll. 0160-0163",
        "tags": "a; b",
        "citekit": '[["people.recorder",["Potrubach"]]]',
    }
    assert formats.writer("csv")([good(table)], ANY).losses == (Loss("key", "people.recorder", "Potrubach"),)


def test_a_particle_stands_before_its_family() -> None:
    gogh = {"family": "Gogh", "given": "Vincent", "particle": "van"}
    record = good({"title": "T", "people": {"author": [gogh, {"family": "King", "given": "Martin", "suffix": "Jr."}]}})
    assert row(record)["people.author"] == "van Gogh, Vincent; King, Martin, Jr."
    assert drafts(write(record))[0].table == record.table


def test_the_header_is_always_the_same() -> None:
    assert formats.writer("csv")([], ANY).text == ",".join(COLUMNS) + "\r\n"
    assert drafts(formats.writer("csv")([], ANY).text) == []


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "''@",
    " =cmd|' /C calc'!A0",
    "\r=1",
    '=HYPERLINK("http://x")',
]


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_is_a_formula(title: str) -> None:
    record = recorded({"title": title, "people": {"author": [{"literal": title}]}, "tags": [title]})
    assert all(value.startswith("'") for name, value in row(record).items() if name not in ("key", "citekit"))
    assert drafts(write(record))[0].table == record.table


@given(ugly_text.filter(lambda text: text.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in text)))
def test_whatever_is_in_a_cell_it_begins_like_no_formula(text: str) -> None:
    for cell in next(csv.reader(io.StringIO(write(recorded({"title": text})).partition("\r\n")[2], newline=""))):
        assert cell.lstrip()[:1] not in tuple("=+-@") or cell.lstrip() == ""


OWN = (
    "\ufeffID;Authors;Title;Archive;Shelfmark;Year;Shelf life\r\n"
    ';Molotov, V. M.;"A; b";РГАСПИ;Ф. 558. Оп. 11.;1945;long\r\n'
)


@pytest.mark.parametrize("sign", [";", "\t", ","])
def test_a_table_of_ones_own_is_read_by_its_columns(sign: str) -> None:
    parted = OWN.replace("Molotov, V. M.", '"Molotov, V. M."').replace(";", sign).replace(f"A{sign} b", "A; b")
    (draft,) = drafts(parted)
    assert draft.table == {
        "people": {"author": ["Molotov, V. M."]},
        "title": "A; b",
        "location": [{"archive": "РГАСПИ", "fond": "558", "opis": "11"}],
        "date": "1945",
        "csv": {"Shelf life": "long"},
    }


ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","Date","Date Added","Access Date",'
    '"Manual Tags","Archive","Archive Location","Place","Type","Extra","Rights","Contributor"\n'
    '"ABCD2345","manuscript","1945","Molotov, V. M.; Central Committee","From the Journal","","1945-11-00",'
    '"2020-01-01 10:00:00","2020-01-02 10:00:00","Japan; Far East","RGASPI","f. 558, op. 11","Moscow","memorandum",'
    '"original-date: 1944","free","Radchenko, Sergey"\n'
    '"EFGH2345","journalArticle","2003","Doe, Jane","On","Kritika","2003","","","","","","","","","",""\n'
)


def test_the_table_that_zotero_writes_is_read() -> None:
    first, second = drafts(ZOTERO)
    assert (first.key, first.line, second.line) == ("ABCD2345", 2, 3)
    assert first.table == {
        "type": "memorandum",
        "title": "From the Journal",
        "date": "1945-11",
        "tags": ["Japan", "Far East"],
        "people": {"author": ["Molotov, V. M.", "Central Committee"], "contributor": ["Radchenko, Sergey"]},
        "location": [{"archive": "RGASPI", "fond": "558", "opis": "11"}],
        "online": {"accessed": date(2020, 1, 2)},
        "csl": {"original-date": {"raw": "1944"}},
        "csv": {"Rights": "free"},
    }
    assert second.table["published"] == {"container": "Kritika"}
    assert second.table["type"] == "article-journal"


def test_a_bad_line_is_named_and_hides_no_other() -> None:
    text = 'key,title\na,"two\nlines"\nb,B,too,many\n\nc,C\nd,D,,\n'
    found = drafts(text)
    assert [(draft.key, draft.line, draft.issue and draft.issue.message) for draft in found] == [
        ("a", 2, None),
        ("b", 4, "the line has 4 cells, the header 2"),
        ("c", 6, None),
        ("d", 7, None),
    ]
    assert found[1].issue is not None
    assert found[1].issue.where.line == 4


@pytest.mark.parametrize(
    ("lines", "bad", "good"),
    [
        (['k1,"Open,1950', "k2,T,1950", "k3,T,1950"], [(2, 4)], ["k2", "k3"]),
        (['k1,"Open,1950', 'k2,"T",1950', 'k3,"T"', ""], [(2, 4)], ["k2", "k3"]),
        (["k1,T", 'k2,"two', 'lines","Open', "k3,T"], [(4, 8)], ["k1", "k3"]),
        (['k1,"Cable" to Stalin,1950', 'k2,A "quoted" word'], [(2, 4)], ["k2"]),
        (['k1,T,"'], [(2, 6)], []),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mark_that_is_not_closed_takes_no_other_line(
    lines: list[str], bad: list[tuple[int, int]], good: list[str], end: str
) -> None:
    found = drafts(end.join(["key,title,date", *lines]))
    issues = [draft.issue for draft in found if draft.issue]
    assert [(issue.where.line, issue.where.column) for issue in issues] == bad
    assert {issue.message for issue in issues} == {
        "the quotation mark that opens here is not closed at the end of its cell"
    }
    assert [draft.key for draft in found if not draft.issue] == good


def test_a_mark_that_is_not_closed_in_the_header_is_an_error() -> None:
    with pytest.raises(UsageError, match="the quotation mark that opens here") as caught:
        drafts('key,"title,date\nk,T,1950\n')
    assert caught.value.where == Where("refs.csv", 1, 5)


@pytest.mark.parametrize(
    ("text", "key", "table", "again"),
    [
        ("title,date,year\nA,1945,1946", "", {"title": "A", "date": "1945", "csv": {"year": "1946"}}, "year"),
        ("title,date,year\nA,1945-11-19,1945", "", {"title": "A", "date": date(1945, 11, 19)}, ""),
        ("title,date,year\nA,,1946", "", {"title": "A", "date": "1946"}, ""),
        ("title,Title,title\nA,B,C", "", {"title": "A", "csv": {"Title (2)": "B", "title (3)": "C"}}, "Title (2)"),
        ("author,title,author\nStalin,A,Mao; Zhou", "", {"people": {"author": ["Stalin", "Mao", "Zhou"]}}, ""),
        ("author,authors,title\nStalin,Mao,A", "", {"people": {"author": ["Stalin", "Mao"]}}, ""),
        ("key,id,title\nk,17,A", "k", {"title": "A", "csv": {"id": "17"}}, "id"),
        ("key,id,title\n,17,A", "17", {"title": "A"}, ""),
        ("title,shelf,shelf\nA,1,2", "", {"title": "A", "csv": {"shelf": "1", "shelf (2)": "2"}}, ""),
        ("citekit,title,citekit\n[],A,[[", "", {"title": "A", "csv": {"citekit (2)": "[["}}, "citekit (2)"),
        (
            "Item Type,Title,Title\nbook,A,B",
            "",
            {"type": "book", "title": "A", "csv": {"Title (2)": "B"}},
            "",
        ),
    ],
)
def test_no_column_is_overwritten_by_another(text: str, key: str, table: dict[str, Any], again: str) -> None:
    (draft,) = drafts(text)
    assert (draft.key, draft.table) == (key, {"title": "A", **table})
    assert (draft.issue.level if draft.issue else "") == ("warning" if again else "")
    assert draft.issue is None or repr(again) in draft.issue.message


def test_a_rest_that_is_spoilt_is_told_and_kept() -> None:
    (draft,) = drafts("key,title,citekit\na,A,[[\n")
    assert draft.table == {"title": "A", "csv": {"citekit": "[["}}
    assert draft.issue is not None
    assert (draft.issue.level, draft.issue.where.line) == ("warning", 2)


@pytest.mark.parametrize("text", ["", "Dear colleague, how are you", "\n\n"])
def test_a_text_without_a_header_is_no_table(text: str) -> None:
    with pytest.raises(ParseError, match="there is no header in it"):
        drafts(text)


def test_ascii_names_the_letter_it_has_not() -> None:
    with pytest.raises(UsageError, match="ASCII has no letter 'é'"):
        write(good({"title": "é"}), Options(ascii=True))


@settings(deadline=None)
@given(st.lists(st.lists(ugly_text, max_size=4), max_size=4))
def test_any_cells_are_read_or_refused(lines: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["key", "title", "citekit", "date"], *lines])
    assert all(isinstance(draft, Draft) for draft in drafts(out.getvalue()))
    with contextlib.suppress(ParseError, UsageError):
        drafts("\n".join(",".join(cells) for cells in lines))


def test_the_samples_are_the_same_after_a_walk_through_csv() -> None:
    first = formats.writer("csv")(sample(), ANY).text
    assert [draft.table for draft in drafts(first)] == [record.table for record in sample()]
