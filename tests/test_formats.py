"""Exports hold in the programs that read them: the schema, pandoc, and what TeX would take for a command."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import jsonschema
import pytest

from citekit import formats
from citekit.errors import UsageError
from citekit.exchange import ANY
from citekit.formats.bibtex import escape, title
from citekit.library import Library
from citekit.record import Record
from tests.shared import ROOT, shared_json
from tests.test_record import good

FIRST = "molotov-harriman-1945-11-19"
SHELFMARK = "f. 558, op. 11, d. 98, ll. 0160-0163"


def sample() -> list[Record]:
    return list(Library(ROOT).records().records.values())


def pandoc(*arguments: str, text: str) -> str:
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc comes from pypandoc-binary")
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), *arguments], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


def one(name: str, record: Record) -> str:
    return formats.writer(name)([record], ANY).text


def test_csl_json_is_valid_for_every_record() -> None:
    schema = shared_json("csl-suite/csl-data.json")
    jsonschema.validate(json.loads(formats.writer("csl-json")(sample(), ANY).text), schema)


def test_bibtex_reaches_pandoc_whole() -> None:
    (item,) = json.loads(pandoc("-f", "bibtex", "-t", "csljson", text=one("bibtex", Library(ROOT).record(FIRST)[0])))
    assert re.sub("[‘’]", "'", re.sub("</?span[^>]*>", "", item["title"])).startswith(
        "From the Journal of V.M. Molotov, 'The Reception"
    )
    assert item["issued"]["date-parts"] == [[1945, 11, 19]]
    assert item["author"] == [{"family": "Molotov", "given": "V. M."}]
    assert item["translator"] == [{"family": "Goldberg", "given": "Gary"}]
    assert item["URL"] == "https://wilson-center-digital-archive.dvincitest.com/document/208933"
    assert item["note"].startswith(
        f"RGASPI, {SHELFMARK}. Wilson Center Digital Archive. Contributed by Sergey Radchenko"
    )
    assert item["publisher"] == f"RGASPI, {SHELFMARK}"


def test_csl_json_reaches_pandoc_whole() -> None:
    (item,) = json.loads(pandoc("-f", "csljson", "-t", "csljson", text=one("csl-json", Library(ROOT).record(FIRST)[0])))
    assert (item["archive"], item["archive_location"], item["archive-place"]) == ("RGASPI", SHELFMARK, "Moscow")
    assert item["translator"] == [{"family": "Goldberg", "given": "Gary"}]
    assert item["issued"]["date-parts"] == [[1945, 11, 19]]


def test_every_sample_record_is_read_by_pandoc_from_both_formats() -> None:
    for name, reader in [("bibtex", "bibtex"), ("csl-json", "csljson")]:
        items = json.loads(pandoc("-f", reader, "-t", "csljson", text=formats.writer(name)(sample(), ANY).text))
        assert len(items) == 24


def fields(record: Record) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) = (.*),$", one("bibtex", record), re.M))


def test_a_body_is_braced_twice_and_a_person_is_not() -> None:
    people = [
        "Ministry of Trade and Industry",
        "Doe, John and Jane",
        "King, Martin Luther, Jr.",
        {"family": "Mao", "given": "Zedong", "order": "family-first"},
    ]
    written = fields(good({"people": {"author": people}}))["author"]
    assert (
        written
        == "{{Ministry of Trade and Industry} and Doe, {John and Jane} and King, Jr., Martin Luther and {Mao Zedong}}"
    )


DATES = [
    ("1945-11-19", {"year": "{1945}", "month": "nov", "day": "{19}", "date": "{1945-11-19}"}),
    ("1946~", {"year": "{1946?}", "date": "{1946~}"}),
    ("1917-10-25/1917-11-07", {"year": "{1917}", "month": "oct", "day": "{25}", "date": "{1917-10-25/1917-11-07}"}),
    ("1946-22", {"year": "{1946}", "month": "{Summer}", "date": "{1946-22}"}),
    ("194X", {"year": "{194X}", "date": "{194X}"}),
]


@pytest.mark.parametrize(("edtf", "expected"), DATES, ids=[edtf for edtf, _ in DATES])
def test_bibtex_dates_agree(edtf: str, expected: dict[str, str]) -> None:
    written = fields(good({"date": edtf}))
    assert {name: written[name] for name in ("year", "month", "day", "date") if name in written} == expected


def test_a_circa_date_and_a_range_are_said_in_the_note() -> None:
    table = {"location": [{"archive": "RGASPI", "fond": "558"}]}
    assert fields(good(table | {"date": "1946~"}))["note"] == "{RGASPI, f. 558. Date: 1946\\textasciitilde{}.}"


def test_a_bare_siglum_is_long_enough_for_zotero() -> None:
    assert (
        fields(good({"location": [{"archive": "RGANI"}]}))["howpublished"]
        == "{RGANI (Russian State Archive of Contemporary History)}"
    )


def test_a_note_never_begins_like_an_identifier() -> None:
    assert fields(good({"location": [{"archive": "RGANI", "place": ""}]}))["note"].startswith("{RGANI")
    record = good({"reprinted": [{"text": "MR Papers"}]})
    assert fields(record)["note"] == "{At: MR Papers.}"


def test_other_sources_have_their_classic_types() -> None:
    article = good(
        {
            "type": "article",
            "published": {"container": "Kritika", "volume": 8, "pages": "1-9"},
            "people": {"author": ["Doe, J."]},
        }
    )
    assert one("bibtex", article).startswith("@article{key,")
    assert fields(article)["journal"] == "{{Kritika}}"
    assert one("bibtex", good({"type": "blog"})).startswith("@misc{key,")


def test_a_document_that_was_only_read_online_names_its_site() -> None:
    assert fields(good({"online": {"publisher": "Wilson Center"}}))["note"] == "{Wilson Center}"


HOSTILE = [
    ("\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}"),
    ("50% & $5 #1 a_b ~ ^", "50\\% \\& \\$5 \\#1 a\\_b \\textasciitilde{} \\textasciicircum{}"),
    ("a } b {", "a \\textbraceright{} b \\textbraceleft{}"),
    ("a\nb\x1b[0m\x00", "a b�[0m�"),
    ("e\u0301", "é"),
    ("Хрущёв «ёлка» — №5", "Хрущёв «ёлка» — №5"),
]


@pytest.mark.parametrize(("text", "escaped"), HOSTILE)
def test_no_text_becomes_a_tex_command(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_every_word_with_a_capital_is_protected() -> None:
    assert (
        title("The KPSS, 'Secret', V.M. Молотов, o'Neill 5")
        == "{{The} {KPSS}, '{Secret}', {V.M.} {Молотов}, {o'Neill} 5}"
    )


def test_an_address_keeps_its_signs_but_ends_no_field() -> None:
    assert (
        fields(good({"online": {"url": "https://a.b/c_d?e=50%25#f}{\\x"}}))["url"]
        == "{https://a.b/c_d?e=50%25#f%7D%7B%5Cx}"
    )


def test_nothing_makes_an_empty_file() -> None:
    assert formats.writer("bibtex")([], ANY).text == ""
    assert json.loads(formats.writer("csl-json")([], ANY).text) == []


def test_csl_json_escapes_what_a_terminal_obeys() -> None:
    table: dict[str, Any] = {"csl": {"medium": "a\x9bb\x7f"}}
    assert "a\\u009bb\\u007f" in one("csl-json", good(table))


def test_an_unknown_format_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no format 'bibtx'") as caught:
        formats.writer("bibtx")
    assert caught.value.hint == "did you mean bibtex?"


def test_the_same_records_give_the_same_bytes() -> None:
    assert formats.writer("bibtex")(sample(), ANY).text == formats.writer("bibtex")(sample(), ANY).text
