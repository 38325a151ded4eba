"""Record to CSL item: what is printed, what is exported, and that nothing is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from citekit import mapping
from citekit.csl.item import to_json
from citekit.library import natural
from citekit.locators import parse as locator
from citekit.mapping import FORMS, csl_date, to_export, to_item
from citekit.record import KNOWN, ROLES, Record
from citekit.shelfmark import Form
from tests.test_record import good, read

RGASPI = {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98", "list": "0160-0163"}


def item(table: dict[str, Any], **options: Any) -> dict[str, Any]:
    return to_json(to_item(good(table), **options))


def export(table: dict[str, Any]) -> dict[str, Any]:
    return to_json(to_export(good(table)))


def test_an_archival_document_is_a_manuscript_with_a_genre() -> None:
    assert item({"type": "report", "location": [RGASPI]}) == {
        "id": "key",
        "type": "manuscript",
        "title": "T",
        "genre": "report",
        "archive": "RGASPI",
        "archive_location": "f. 558, op. 11, d. 98, ll. 0160-0163",
        "archive-place": "Moscow",
    }


def test_a_title_that_names_its_kind_does_not_have_it_said_twice() -> None:
    assert "genre" not in item({"title": "Telegram from Havana", "type": "telegram", "location": [RGASPI]})


def test_the_translator_is_one_only_behind_an_author() -> None:
    people = {"translator": ["Goldberg, Gary"]}
    assert "translator" not in item({"people": people})
    assert item({"people": people | {"author": ["Molotov, V. M."]}})["translator"] == [
        {"family": "Goldberg", "given": "Gary"}
    ]


def test_a_contributor_is_exported_but_never_printed_as_one() -> None:
    table = {"people": {"contributor": ["Radchenko, Sergey"]}, "location": [RGASPI]}
    assert "contributor" not in item(table)
    exported = export(table)
    assert exported["contributor"] == [{"family": "Radchenko", "given": "Sergey"}]
    assert exported["note"] == "Contributed by Sergey Radchenko."


def test_an_untitled_letter_is_personal_communication() -> None:
    people = {"author": ["Stalin, I. V."], "recipient": ["Mao Zedong"]}
    untitled, _ = read({"title": "", "type": "letter", "people": people, "location": [RGASPI]})
    assert untitled is not None
    printed = to_json(to_item(untitled))
    assert (printed["type"], printed["recipient"]) == ("personal_communication", [{"literal": "Mao Zedong"}])
    titled = {"title": "Cable", "type": "letter", "people": people, "location": [RGASPI]}
    assert item(titled)["type"] == "manuscript"
    assert export(titled)["type"] == "personal_communication"


def test_the_city_is_not_said_twice() -> None:
    assert "archive-place" not in item({"location": [{"archive": "Polish Foreign Ministry Archive (AMSZ), Warsaw"}]})


def test_the_archive_prints_as_written_and_a_key_as_its_siglum() -> None:
    assert item({"location": [{"archive": "AMAE-RO"}]})["archive"] == "AMAE"
    assert item({"location": [RGASPI]}, form=Form("Cyrl"))["archive"] == "РГАСПИ"


def test_a_style_of_our_own_gets_one_reference_and_the_leaves() -> None:
    fields = item({"location": [RGASPI | {"file_title": "Japan"}]}, form=FORMS["wilson-center-old"], own=True)
    assert fields["archive_collection"] == "RGASPI: f. 558, op. 11, d. 98"
    assert fields["archive_location"] == "ll. 0160-0163, Japan"


def test_a_printed_source_stands_where_the_reference_would() -> None:
    printed = {"text": "Wartime (New York, 1977)", "pages": "385-387"}
    assert item({"reprinted": [printed]}, own=True)["archive_collection"] == "Wartime (New York, 1977), pp. 385-387"
    both = item({"reprinted": [printed], "location": [RGASPI]}, own=True)
    assert both["note"] == "Reprinted in Wartime (New York, 1977), pp. 385-387."


def test_a_book_is_a_book() -> None:
    fields = item(
        {"type": "book", "published": {"publisher": "Knopf", "place": "New York", "isbn": "1"}, "csl": {"edition": 2}}
    )
    assert (fields["type"], fields["publisher"], fields["publisher-place"], fields["edition"]) == (
        "book",
        "Knopf",
        "New York",
        2,
    )


def test_a_descriptive_title_keeps_its_capitals() -> None:
    assert (
        item({"title": "Minutes of 3 May", "title_kind": "descriptive"})["title"]
        == '<span class="nocase">Minutes of 3 May</span>'
    )


DATES = [
    ("1945-11-19", {"date-parts": [[1945, 11, 19]]}),
    ("1946~", {"date-parts": [[1946]], "circa": True}),
    ("1955?", {"date-parts": [[1955]], "circa": True}),
    ("1917-10-25/1917-11-07", {"date-parts": [[1917, 10, 25], [1917, 11, 7]]}),
    ("1946-21", {"date-parts": [[1946]], "season": 1}),
    ("194X", {"literal": "1940s"}),
    ("19XX", {"literal": "1900–1999"}),
    ("1945-XX", {"date-parts": [[1945]]}),
    ("../1946", {"date-parts": [[1946]]}),
]


@pytest.mark.parametrize(("edtf", "expected"), DATES, ids=[edtf for edtf, _ in DATES])
def test_dates_become_csl_dates(edtf: str, expected: dict[str, Any]) -> None:
    fields = item({"date": edtf})
    assert fields["issued"] == expected
    assert export({"date": edtf})["issued"] == expected | {"raw": edtf}
    record = good({"date": edtf})
    assert record.date is not None
    assert csl_date(record.date, raw=True).more["raw"] == edtf


def test_names_become_csl_names() -> None:
    people = [
        {"family": "Mao", "given": "Zedong", "order": "family-first"},
        {"family": "Goethe", "given": "J. W.", "particle": "von"},
    ]
    assert item({"people": {"author": [*people, "King, Martin Luther, Jr.", "CC CPSU"]}})["author"] == [
        {"literal": "Mao Zedong"},
        {"family": "Goethe", "given": "J. W.", "non-dropping-particle": "von"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"literal": "CC CPSU"},
    ]


def test_an_export_keeps_what_csl_has_no_place_for() -> None:
    exported = export(
        {
            "type": "memorandum",
            "number": "1413-M",
            "classification": "Secret",
            "titles": {"original": "Прием"},
            "title_kind": "descriptive",
            "tags": ["Japan", "Far East"],
            "people": {"recorder": ["Potrubach"], "editor": ["Doe, J."]},
            "location": [RGASPI],
        }
    )
    assert exported["publisher-place"] == "Moscow"
    assert exported["keyword"] == "Japan, Far East"
    assert "editor" not in exported  # Zotero would make it an author of a manuscript
    assert exported["custom"] == {
        "fond": "558",
        "opis": "11",
        "delo": "98",
        "list": "0160-0163",
        "title-original": "Прием",
        "recorder": ["Potrubach"],
        "editor": ["J. Doe"],
        "classification": "Secret",
        "title-kind": "descriptive",
    }


@pytest.mark.parametrize("name", sorted(KNOWN - {"calendar", "published", "reprinted", "csl", "title_kind"}))
def test_every_field_of_a_record_reaches_the_export(name: str) -> None:
    values: dict[str, Any] = {
        "titles": {"original": "mark"},
        "people": {"author": ["mark"]},
        "location": [{"archive": "mark", "fond": "5"}],
        "online": {"url": "https://mark.example"},
        "date": "1946~",
        "tags": ["mark"],
        "bibtex": {"foo": "mark"},
    }
    record, _ = read({"type": "memo", "location": [RGASPI], name: values.get(name, "mark")})
    assert isinstance(record, Record)
    assert any(word in str(to_json(to_export(record))) for word in ("mark", "1946~"))


def test_every_role_that_citations_print_is_known() -> None:
    assert set(ROLES) >= {"author", "translator", "contributor", "obtained_by"}


LEAVES = [
    ("RGASPI", "161ob", "Latn", "l. 161ob."),
    ("RGASPI", "l. 5-7", "Latn", "ll. 5-7"),
    ("RGASPI", "5ob", "Cyrl", "л. 5 об."),
    ("TsDAVO", "арк. 5", "Cyrl", "арк. 5"),
    ("TNA", "12v", "Latn", "f. 12v"),
    ("RGASPI", "p. 5-7", "Latn", "pp. 5-7"),
    ("RGASPI", "ch. 3", "Latn", "chapter 3"),
    ("", "fol. 3", "Latn", "fol. 3"),
    ("", "3", "Latn", "3"),
]


@pytest.mark.parametrize(("archive", "at", "script", "printed"), LEAVES)
def test_cited_leaves_have_the_marks_of_the_archive(archive: str, at: str, script: Any, printed: str) -> None:
    record = good({"location": [{"archive": archive}]} if archive else {})
    assert mapping.cited_leaves(record, locator(at), Form(script)) == printed


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["f. 100", "f. 9", "f. 82"], key=natural) == ["f. 9", "f. 82", "f. 100"]
