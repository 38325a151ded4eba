"""RIS: what Zotero, EndNote, Mendeley and databases write comes in whole, and our own comes back as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit import formats
from citekit.errors import ParseError, UsageError
from citekit.exchange import ANY, Loss, Options
from citekit.record import Draft, Record
from tests.strategies import record_tables, ugly_text
from tests.test_formats import sample
from tests.test_formats_csl import RGASPI, recorded, repr_of
from tests.test_record import good


def write(record: Record, options: Options = ANY) -> str:
    return formats.writer("ris")([record], options).text


def drafts(text: str) -> list[Draft]:
    return formats.reader("ris")(text, "refs.ris")


def only(text: str) -> dict[str, Any]:
    (draft,) = drafts(text)
    assert draft.issue is None
    return dict(draft.table)


def tags(record: Record, options: Options = ANY) -> dict[str, list[str]]:
    """The tags of a reference whose values are all of one line."""
    found: dict[str, list[str]] = {}
    for line in write(record, options).splitlines():
        found.setdefault(line[:2], []).append(line[6:])
    return found


@settings(deadline=None)
@given(record_tables())
def test_a_record_comes_back_from_ris_as_it_was(table: dict[str, Any]) -> None:
    record = recorded(table)
    text = write(record)
    (draft,) = drafts(text)
    assert (draft.key, draft.issue, draft.line) == ("key", None, 1)
    assert repr_of(draft.table) == repr_of(record.table)
    assert write(recorded(dict(draft.table))) == text
    assert text.count("\nER  - ") == text.count("TY  - ", 0, 6) == 1


def test_an_archival_document_has_its_facts_in_the_fields_of_zotero() -> None:
    record = next(record for record in sample() if record.key == "molotov-harriman-1945-11-19")
    found = tags(record)
    assert {tag: found[tag] for tag in "TY ID AU A2 A4 DA PY CY M3 LA DB AN DP UR Y2 KW".split()} == {
        "TY": ["MANSCPT"],
        "ID": ["molotov-harriman-1945-11-19"],
        "AU": ["Molotov, V. M."],
        "A2": ["Radchenko, Sergey"],
        "A4": ["Goldberg, Gary"],
        "DA": ["1945/11/19/"],
        "PY": ["1945"],
        "CY": ["Moscow"],
        "M3": ["memorandum"],
        "LA": ["ru"],
        "DB": ["RGASPI"],
        "AN": ["f. 558, op. 11, d. 98, ll. 0160-0163"],
        "DP": ["Wilson Center Digital Archive"],
        "UR": ["https://wilson-center-digital-archive.dvincitest.com/document/208933"],
        "Y2": ["2026/11/23/"],
        "KW": ["Japan", "Far East Commission"],
    }
    assert found["N1"][0].startswith(
        "No. 1413-M. Contributed by Sergey Radchenko and translated by Gary Goldberg. In the list"
    )
    assert found["TY"][0] == "MANSCPT"


DATES = [
    ("1945-11-19", "1945/11/19/", ["1945"]),
    ("1945-11", "1945/11//", ["1945"]),
    ("1945", "1945///", ["1945"]),
    ("1946~", "circa 1946", ["1946"]),
    ("1945-11~", "circa November 1945", ["1945"]),
    ("1955?", "1955?", ["1955"]),
    ("1950-01-30/1950-02-02", "1950-01-30/1950-02-02", ["1950"]),
    ("1945-11-19/..", "1945-11-19/..", ["1945"]),
    ("194X", "194X", []),
    ("1946-22", "1946-22", ["1946"]),
    ("-0044", "-0044", []),
]


@pytest.mark.parametrize(("edtf", "da", "py"), DATES, ids=[edtf for edtf, *_ in DATES])
def test_dates_are_written_as_zotero_reads_them_and_read_back(edtf: str, da: str, py: list[str]) -> None:
    found = tags(good({"date": edtf, "type": "memo"}))
    assert (found["DA"], found.get("PY", [])) == ([da], py)
    assert only(f"TY  - GEN\nDA  - {da}\nER  - \n").get("date", "") in (edtf, date(1945, 11, 19))


def test_a_letter_has_its_recipient_as_second_author() -> None:
    letter = {"type": "letter", "people": {"recipient": ["Mao Zedong"], "contributor": ["R, S"]}, "location": [RGASPI]}
    found = tags(good(letter))
    assert (found["TY"], found["A2"]) == (["PCOMM"], ["Mao Zedong"])
    assert found["N1"] == ["Contributed by S R."]


def test_mendeley_does_not_take_the_shelfmark_for_a_number_of_pubmed() -> None:
    found = tags(good({"location": [RGASPI]}), Options("mendeley"))
    assert "AN" not in found
    assert found["AV"] == ["f. 558, op. 11, d. 98, ll. 0160-0163"]
    assert only(write(good({"location": [RGASPI]}), Options("mendeley")))["location"] == [RGASPI]


def test_no_text_is_a_tag_or_ends_a_reference() -> None:
    note = "one\nTY  - BOOK\nER  - \n\nAU  - X\x1b[31m"
    text = write(recorded({"title": "a\nER  - \nTY  - BOOK", "note": note}))
    assert [line for line in text.splitlines() if line.startswith(("TY", "ER", "AU"))] == ["TY  - MANSCPT", "ER  - "]
    assert "\x1b" not in text
    assert only(text)["note"] == note


def test_ascii_names_the_letter_it_has_not() -> None:
    with pytest.raises(UsageError, match=r"key: ASCII has no letter 'Х' \(U\+0425 CYRILLIC CAPITAL LETTER HA\)"):
        write(good({"title": "Хрущёв"}), Options(ascii=True))
    assert write(good({"title": "x"}), Options(ascii=True)).isascii()


def test_what_has_no_tag_is_lost_but_for_us() -> None:
    written = formats.writer("ris")([good({"type": "memo", "classification": "Secret", "note": "n"})], ANY)
    assert written.losses == (Loss("key", "classification", "Secret"),)
    assert 'CK  - citekit [["classification","Secret"]]\n' in written.text


def test_a_rest_that_is_spoilt_is_told_with_its_line_and_kept() -> None:
    first, second = drafts("TY  - BOOK\nTI  - A\nER  - \n\nTY  - BOOK\nID  - b\nTI  - B\nCK  - citekit [[\nER  - \n")
    assert (first.issue, first.line, second.line) == (None, 1, 5)
    assert second.issue is not None
    assert (second.issue.level, second.issue.where.line) == ("warning", 5)
    assert second.table == {"type": "book", "title": "B", "ris": {"CK": "citekit [["}}


ZOTERO = """TY  - JOUR
TI  - On the Origins
AU  - Doe, Jane
AU  - Ministry of Trade
T2  - Cold War History
A2  - Roe, Richard
AB  - First paragraph.

Second.
DA  - 2003/05//
PY  - 2003
DO  - 10.1000/x;y
VL  - 3
IS  - 2
SP  - 1
EP  - 20
J2  - Cold War Hist
SN  - 1468-2745
UR  - https://a.b/c;d
AN  - WOS:000
DB  - Scopus
Y2  - 2020/01/02/10:30:00
L1  - files/1/a.pdf
N1  - <p>See <i>also</i> &amp; more</p>
KW  - Japan
KW  - one; two
ER  -


TY  - MANSCPT
TI  - Letter
DB  - РГАСПИ
AN  - Ф. 558. Оп. 11. Д. 98. Л. 160–163
CY  - Moscow
ER  -
"""
ENDNOTE = """\ufeffTY  - MANSCPT
AU  - Molotov, V. M.
DA  - Nov 19
PY  - 1945
PB  - RGASPI
T2  - f. 558, op. 11
VL  - d. 98
TI  - From the Journal
ID  - 12
ER  -

"""
OLD = """1.
TY - WHATSIT
A1  -Doe,J.
A1  - Doe,Q.
T1  - A title that is
  broken in two
Y1  - 1996/6//
N2  - Words.
U1  - 77
U1  - 78
RP  - Not In File
ER -
AU  - Nobody
TI  - No type and no end
TY  - BOOK
TI  - Unclosed"""


def test_what_zotero_writes_is_read() -> None:
    article, letter = drafts(ZOTERO)
    assert article.table == {
        "type": "article-journal",
        "title": "On the Origins",
        "date": "2003-05",
        "abstract": "First paragraph.\n\nSecond.",
        "note": "See also & more",
        "tags": ["Japan", "one", "two"],
        "people": {"author": ["Doe, Jane", "Ministry of Trade"], "editor": ["Roe, Richard"]},
        "online": {"url": "https://a.b/c;d", "accessed": date(2020, 1, 2)},
        "published": {
            "container": "Cold War History",
            "volume": "3",
            "issue": "2",
            "pages": "1-20",
            "issn": "1468-2745",
            "doi": "10.1000/x;y",
        },
        "ris": {"AN": "WOS:000", "DB": "Scopus", "J2": "Cold War Hist", "L1": "files/1/a.pdf"},
    }
    assert letter.table["location"] == [
        {"archive": "РГАСПИ", "fond": "558", "opis": "11", "delo": "98", "list": "160-163"}
    ]
    assert (article.line, letter.line) == (1, 30)


def test_what_endnote_writes_is_read() -> None:
    (draft,) = drafts(ENDNOTE)
    assert draft.key == "12"
    assert draft.table == {
        "type": "manuscript",
        "title": "From the Journal",
        "date": date(1945, 11, 19),
        "people": {"author": ["Molotov, V. M."]},
        "location": [{"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98"}],
    }


def test_old_and_broken_files_lose_no_reference() -> None:
    first, second, third = drafts(OLD.replace("\n", "\r\n"))
    assert first.table == {
        "type": "whatsit",
        "title": "A title that is broken in two",
        "date": "1996-06",
        "abstract": "Words.",
        "people": {"author": ["Doe, J.", "Doe, Q."]},
        "ris": {"U1": ["77", "78"], "RP": "Not In File", "TY": "WHATSIT"},
    }
    assert second.table["title"] == "No type and no end"
    assert third.table == {"type": "book", "title": "Unclosed"}
    assert [draft.line for draft in (first, second, third)] == [2, 13, 15]


def test_what_was_kept_is_written_again() -> None:
    for draft in drafts(ZOTERO + OLD):
        record = recorded({"title": ""} | dict(draft.table))
        (again,) = drafts(write(record))
        assert again.table == record.table
        for tag, value in record.table.get("ris", {}).items():
            assert tag == "TY" or str(value if isinstance(value, str) else value[0]) in write(record)


@pytest.mark.parametrize("text", ["Dear colleague,", "{}", "1.\n2.\n"])
def test_a_text_without_a_tag_is_no_ris(text: str) -> None:
    with pytest.raises(ParseError, match="there is no reference in it"):
        drafts(text)
    assert drafts("") == drafts(" \n") == []


_LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from("TY ER AU TI DA PY DB AN KW N1 AB CK U1 M1 T2 SP EP Y2 A2 xx".split()),
    st.sampled_from(["  - ", " - ", "  -", "-", "  - \n"]),
    st.sampled_from(["MANSCPT", "JOUR", "1945/11/19/", "99/99", "RGASPI", "f. 5", "citekit []", ",", "a, b, c, d"])
    | ugly_text,
)


@settings(deadline=None)
@given(st.lists(_LINES, max_size=12))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    try:
        found = drafts("\n".join(lines))
    except ParseError:
        return
    assert all(draft.issue is None or draft.issue.level == "warning" for draft in found)


def test_the_samples_are_the_same_bytes_after_a_walk_through_ris() -> None:
    first = formats.writer("ris")(sample(), ANY).text
    again = [recorded(dict(draft.table)) for draft in drafts(first)]
    assert [record.table for record in again] == [record.table for record in sample()]
    assert [draft.key for draft in drafts(first)] == [record.key for record in sample()]
