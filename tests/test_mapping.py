"""Record to CSL item: what is printed, what is exported, and that nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from citekit import mapping
from citekit.csl.item import to_json
from citekit.library import Library, natural
from citekit.locators import parse as locator
from citekit.mapping import FORMS, MANNERS, Manner, csl_date, manner_of, to_export, to_item
from citekit.record import KNOWN, ROLES, Record
from citekit.shelfmark import Form
from tests.shared import ROOT
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


def own(table: dict[str, Any], style: str, language: str = "en", **options: Any) -> dict[str, Any]:
    return item(table, form=FORMS[style], own=True, manner=manner_of(style, language), **options)


def test_styles_of_our_own_have_the_title_of_the_file_its_note_and_the_printed_source_apart() -> None:
    place = RGASPI | {"file_title": "Япония", "note": "Typescript"}
    fields = own({"location": [place], "reprinted": [{"text": "Sbornik", "pages": "3-4"}]}, "slavic-notes")
    assert fields["archive_location"] == "ll. 0160–0163"
    assert (fields["container-title"], fields["annote"]) == ("Iaponiia", "Typescript")
    assert fields["note"] == "reprinted in Sbornik, pp. 3-4"
    assert "archive" not in fields


def test_an_archive_is_spelled_out_at_its_first_mention_or_always() -> None:
    table = {"location": [RGASPI]}
    spelled = "Russian State Archive of Socio-Political History (RGASPI), f. 558, op. 11, d. 98"
    assert own(table, "tna")["archive"] == spelled
    assert "archive" not in own(table, "tna", first=False)
    assert own(table, "nara", first=False)["archive"].endswith(
        "f. 558; Russian State Archive of Socio-Political History, Moscow"
    )
    assert "archive" not in own(table, "slavic-notes")
    written = {"location": [{"archive": "Polish Foreign Ministry Archive (AMSZ), Warsaw"}]}
    assert own(written, "tna")["archive"] == "Polish Foreign Ministry Archive (AMSZ), Warsaw"


def test_a_siglum_is_exchanged_for_the_one_at_its_place_in_the_other_script() -> None:
    for written, printed in (
        ("AVP RF", "АВП РФ"),
        ("AVPRF", "АВПРФ"),
        ("АВП РФ", "АВП РФ"),
        ("TSDAVO", "ЦДАВО України"),
    ):
        assert item({"location": [{"archive": written}]}, form=Form("Cyrl"))["archive"] == printed


TITLES = [
    (Manner(), "ru", {"title": "Decree"}),
    (Manner(language="ru-RU"), "ru", {"title": "Декрет"}),
    (Manner(language="uk-UA"), "ru", {"title": "Decree"}),
    (Manner(title="original"), "ru", {"title": "Декрет"}),
    (Manner(title="romanized"), "ru", {"title": "Decree", "original-title": "Dekret"}),
]


@pytest.mark.parametrize(("manner", "language", "titles"), TITLES)
def test_the_title_is_the_one_that_the_paper_wants(manner: Manner, language: str, titles: dict[str, str]) -> None:
    table = {"title": "Decree", "language": language, "titles": {"original": "Декрет"}}
    fields = item(table, manner=manner)
    assert {name: fields[name] for name in ("title", "original-title") if name in fields} == titles


def test_a_translation_and_a_romanised_title_of_the_record_come_before_ours() -> None:
    titles = {"original": "Декрет", "romanized": "Dekret\N{MODIFIER LETTER PRIME}", "translated": "A decree"}
    fields = item({"titles": titles}, manner=Manner(title="romanized"))
    assert (fields["original-title"], fields["title"]) == (titles["romanized"], "A decree")
    assert "original-title" not in item(
        {"title": "Przemówienie", "titles": {"original": "Przemówienie"}}, manner=Manner(title="romanized")
    )


def test_a_name_in_its_own_script_that_is_no_person_stands_as_it_is() -> None:
    table = {"people": {"author": [{"name": "CC CPSU", "native": "ЦК КПСС, Общий отдел, 1, 2"}]}}
    assert item(table, manner=Manner(native=True))["author"] == [{"literal": "ЦК КПСС, Общий отдел, 1, 2"}]


def test_people_are_named_in_their_own_script_where_the_style_wants_that() -> None:
    table = {"people": {"author": [{"family": "Lenin", "given": "V. I.", "native": "Ленин, В. И."}, "CC CPSU"]}}
    assert item(table, manner=Manner(native=True))["author"] == [
        {"family": "Ленин", "given": "В. И."},
        {"literal": "CC CPSU"},
    ]
    assert item(table)["author"][0] == {"family": "Lenin", "given": "V. I."}


# language, what the record has, what is printed in place of `issued`
OTHER_DATES = [
    ("en", {"date": "1917-10-26", "calendar": "julian"}, {"date-parts": [[1917, 10, 26], [1917, 11, 8]]}),
    ("ru", {"date": "1917-10-26", "calendar": "julian"}, {"literal": "26 октября/8 ноября 1917 г."}),
    ("ru", {"date": "1929-02"}, {"literal": "февраль 1929 г."}),
    ("ru", {"date": "1929-02~"}, None),
    ("ru", {"date": "1949-07-XX"}, {"literal": "июль 1949 г."}),
    ("ru", {"date": "194X~"}, {"literal": "1940-е гг."}),
    ("uk", {"date": "19XX"}, {"literal": "1900–1999 рр."}),
    ("ru", {"date": "1949/.."}, {"literal": "после 1949 г."}),
    ("ru", {"date": "/1945"}, {"literal": "до 1945 г."}),
    ("ru", {"date": "-0044"}, {"literal": "44 до н. э."}),
    ("ru", {"date": "{1959-09-28,1959-09-30}"}, None),
    ("ru", {"date": "1929-02-03"}, None),
    ("de", {"date": "1929-02"}, None),
    ("en", {"date_note": "[day left blank]"}, {"literal": "[day left blank]"}),
    ("en", {}, None),
]


@pytest.mark.parametrize(("language", "table", "printed"), OTHER_DATES)
def test_what_is_printed_in_place_of_a_date(language: str, table: dict[str, Any], printed: Any) -> None:
    assert own(table | {"location": [RGASPI]}, "bundesarchiv", language).get("original-date") == printed


def test_an_old_style_month_says_so_and_a_day_sorts_by_the_new_one() -> None:
    old = {"date": "1917-10", "calendar": "julian", "location": [RGASPI]}
    assert own(old, "slavic-notes")["original-date"]["literal"].startswith("October 1917")
    assert own(old | {"date": "1917-10-26"}, "slavic-notes")["issued"] == {"date-parts": [[1917, 11, 8]]}


def test_official_styles_have_an_old_style_day_in_words_but_for_those_by_year() -> None:
    table = {"date": "1917-10-26", "calendar": "julian"}
    assert item(table)["issued"] == {"literal": "26 October/8 November 1917"}
    assert item(table, manner=Manner(in_text=True))["issued"] == {"date-parts": [[1917, 10, 26]]}
    assert item(table, manner=Manner(language="fr-FR"))["issued"] == {"date-parts": [[1917, 10, 26]]}


def test_every_manner_is_of_a_style_with_a_form_and_any_other_style_has_the_usual_one() -> None:
    assert MANNERS.keys() < FORMS.keys()
    assert manner_of("nature", "de") == Manner(language="de")
    assert manner_of("chicago-notes", "en", in_text=True) == Manner(bare=True, in_text=True)


def test_a_description_stands_in_for_a_title_where_the_style_prints_it_so() -> None:
    table = {"title": "Minutes of 3 May", "title_kind": "descriptive", "type": "minutes", "location": [RGASPI]}
    fields = item(table, manner=Manner(bare=True))
    assert fields["genre"] == '<span class="nocase">Minutes of 3 May</span>'
    assert "title" not in fields
    assert "title" in item({"title": "B", "title_kind": "descriptive", "type": "book"}, manner=Manner(bare=True))


def test_levels_go_upward_with_the_fond_before_its_number_and_slashes_whole() -> None:
    place = {"archive": "NARA", "place": "College Park, MD", "fond_title": "Records of the Coast Guard"}
    fields = own({"location": [place | {"record_group": "26", "box": "3", "folder": "4"}]}, "nara")
    assert fields["archive_collection"] == (
        "Folder 4; Box 3; Records of the Coast Guard, Record Group 26; NARA, College Park, MD"
    )
    piece = {"archive": "TNA", "series": "FO 371", "piece": "84053", "place": "Kew"}
    assert own({"location": [piece]}, "nara")["archive_collection"] == "FO 371/84053; TNA, Kew"
    words = {"archive": "AMSZ", "shelfmark": "6/77 w-82"}
    assert own({"location": [words]}, "nara")["archive_collection"] == "6/77 w-82; AMSZ, Warsaw"


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
    ("../1946", {"literal": "before 1946"}),
    ("/1946-11", {"literal": "before November 1946"}),
    ("../1946~", {"literal": "before ca. 1946"}),
]


@pytest.mark.parametrize(("edtf", "expected"), DATES, ids=[edtf for edtf, _ in DATES])
def test_dates_become_csl_dates(edtf: str, expected: dict[str, Any]) -> None:
    fields = item({"date": edtf})
    assert fields["issued"] == expected
    assert export({"date": edtf})["issued"] == expected | {"raw": edtf}
    record = good({"date": edtf})
    assert record.date is not None
    assert csl_date(record.date, raw=True).more["raw"] == edtf


def test_two_dates_and_none_between_are_printed_so_and_exported_as_a_range() -> None:
    parts = {"date-parts": [[1946], [1948]]}
    assert item({"date": "{1946,1948}"})["issued"] == parts | {"both": True}
    assert export({"date": "{1946,1948}"})["issued"] == parts | {"raw": "{1946,1948}"}


@pytest.mark.parametrize("style", ["chicago", "wilson-center", "tna", "gost-r-7-0-5-2008-archive", "mla"])
def test_a_note_on_the_date_is_printed_where_there_is_no_more(style: str, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    said, place = 'title = "T"\ndate_note = "the day of the funeral"\n', '[location]\narchive = "RGASPI"\nfond = "1"\n'
    (tmp_path / "records" / "book.toml").write_text(f'type = "book"\n{said}')
    (tmp_path / "records" / "paper.toml").write_text(said + place)
    entries = Library(tmp_path).bibliography(Library(tmp_path).records().records.values(), style)
    assert len(entries) == 2
    assert all("he day of the funeral" in entry.plain() for _, entry in entries)


OPEN = [
    ("../1945", "before 1945", "До 1945 г."),
    ("/1945", "before 1945", "До 1945 г."),
    ("1945/..", "1945–", "После 1945 г."),
    ("1945/", "1945–", "После 1945 г."),
]


@pytest.mark.parametrize(("edtf", "said", "russian"), OPEN, ids=[edtf for edtf, *_ in OPEN])
def test_a_range_with_one_end_prints_as_one(edtf: str, said: str, russian: str, tmp_path: Path) -> None:
    library = Library(tmp_path)
    (tmp_path / "records").mkdir()
    place = 'archive = "RGASPI"\nfond = "558"\nopis = "11"\ndelo = "98"'
    (tmp_path / "records" / "key.toml").write_text(f'title = "T"\ndate = "{edtf}"\n[location]\n{place}\n')
    notes = {
        style: library.cite([library.cites("key")], style).notes[0]
        for style in ("chicago", "wilson-center", "gost-r-7-0-5-2008-archive")
    }
    assert {style: note.plain() for style, note in notes.items() if note} == {
        "chicago": f"“T,” {said}, f. 558, op. 11, d. 98, RGASPI, Moscow.",
        "wilson-center": f'"T", {said}, RGASPI, f. 558, op. 11, d. 98.',
        "gost-r-7-0-5-2008-archive": f"T. {russian} // РГАСПИ. Ф. 558. Оп. 11. Д. 98.",
    }


def test_a_list_says_before_when_a_document_was_written_at_the_latest() -> None:
    assert [mapping.described(good({"date": edtf}))[1] for edtf in ("../1945", "/1945")] == ["before 1945."] * 2


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
        "titles": {"original": "Прием"},
        "title_kind": "descriptive",
        "number": "1413-M",
        "people": {"recorder": ["Potrubach"], "editor": ["Doe, J."]},
        "classification": "Secret",
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
        "ris": {"XX": "mark"},
        "csv": {"Rights": "mark"},
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
    ("TsDAHO", "10ob", "Latn", "ark. 10zv."),
    ("NARA", "3", "Latn", "p. 3"),
    ("NARA", "l. 3v", "Latn", "fol. 3v"),
    ("", "fol. 3", "Latn", "fol. 3"),
    ("", "fol. 13ob", "Latn", "fol. 13v"),
    ("", "3", "Latn", "3"),
]


@pytest.mark.parametrize(("archive", "at", "script", "printed"), LEAVES)
def test_cited_leaves_have_the_marks_of_the_archive(archive: str, at: str, script: Any, printed: str) -> None:
    record = good({"location": [{"archive": archive}]} if archive else {})
    assert mapping.cited_leaves(record, locator(at), Form(script)) == printed


@pytest.mark.parametrize("level", ["folio", "page", "list"])
def test_a_cited_leaf_is_one_of_the_level_that_the_record_has(level: str) -> None:
    record, _ = read({"title": "T", "location": [{"archive": "Bodleian Library", "collection": "MS 5", level: "12r"}]})
    assert record is not None
    marks = {"folio": ("fol. 13v", "v"), "page": ("p. 13ob.", "ob."), "list": ("l. 13ob.", "ob.")}
    assert mapping.cited_leaves(record, locator("13v")) == marks[level][0]
    cite = mapping.located(record, locator("13v"))
    assert (f"{cite.word} {cite.locator}", cite.instead) == (marks[level][0], {"archive_location": "MS 5"})


def test_the_cited_leaf_stands_for_the_leaves_of_the_record_in_every_style() -> None:
    desk = Library(ROOT / "tests" / "cases" / "styles")
    asked = ("roberts-1946-03@13v", "lviv-1941-06@10ob", "minots-ledge@3", "roberts-1946-03@l.14", "zubok-2007@13v")
    notes = [note.plain() for note in desk.cite([desk.cites(one) for one in asked]).notes if note]
    assert notes[0].endswith(", FO 371/56763, f. 13v, TNA, Kew, Richmond.")
    assert notes[1].endswith(", f. 1, op. 20, spr. 6339, ark. 10zv., TsDAHO, Kyiv.")
    assert ", District 2, Drawing 2021, p. 3, National Archives at College Park" in notes[2]
    assert notes[3] == "Roberts and Warner, “Soviet Policy,” f. 14."
    assert notes[4].endswith(" 2007), 13v.")
    (nara,) = desk.cite([desk.cites("minots-ledge@3")], "nara").notes
    assert nara
    assert "; p. 3; District 2, Drawing 2021; " in nara.plain()
    entries = desk.bibliography(desk.pick(["roberts-1946-03"])[0].records.values())
    assert "FO 371/56763, ff. 12r-13v. TNA" in entries[0][1].plain()


def test_cited_pages_have_the_mark_of_the_language() -> None:
    book = good({"type": "book"})
    marks = {
        language: mapping.cited_leaves(book, locator("5"), Form(), manner_of("tna", language))
        for language in "en ru de fr".split()
    }
    assert marks == {"en": "p. 5", "ru": "С. 5", "de": "S. 5", "fr": "p. 5"}
    place = good({"location": [RGASPI]})
    cited = mapping.cited_leaves(
        place, locator("5-7ob"), Form("Cyrl", capital=True), manner_of("gost-r-7-0-5-2008-archive", "ru")
    )
    assert cited == "Л. 5-7 об."


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["f. 100", "f. 9", "f. 82"], key=natural) == ["f. 9", "f. 82", "f. 100"]


@pytest.mark.parametrize(
    ("author", "key"),
    [
        ("Molotov, V. M.", "molotov"),
        ("NKVD", "nkvd"),
        (["Molotov, V. M.", "Stalin"], "molotov"),
        ([{"family": "Molotov", "given": "V. M."}], "molotov"),
        ({"family": "Molotov", "given": "V. M."}, "molotov"),
        ({"name": "Molotov, V. M.", "for": "NKIDP"}, "molotov"),
        ({"literal": "NKVD, Section 1"}, "nkvd"),
        ([], "cable"),
        ("", "cable"),
        ([17], "cable"),
        (17, "cable"),
        ([["x"]], "cable"),
    ],
)
def test_a_proposed_key_begins_with_the_author_in_every_form_that_a_record_takes(author: object, key: str) -> None:
    assert mapping.proposed_key({"title": "The Cable", "people": {"author": author}}, ()) == key
    assert mapping.proposed_key({"title": "The Cable", "people": "Stalin"}, ()) == "cable"


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ({"type": "article", "published": {"container": "Cold War History"}}, "article-journal"),
        ({"type": "Article", "published": {"container": "Cold War History"}}, "article-journal"),
        ({"type": "article", "published": {"doi": "10.1/x"}}, "article"),
        ({"type": "article"}, "article"),
        ({"type": "article-magazine", "published": {"container": "Life"}}, "article-magazine"),
        ({"type": "article", "published": {"container": "Life"}, "location": [RGASPI]}, "manuscript"),
        ({"type": "chapter", "published": {"container": "A Book"}}, "chapter"),
        ({"type": "essay", "published": {"container": "A Book"}}, "book"),
        ({"type": "essay"}, "manuscript"),
    ],
)
def test_what_was_printed_has_the_type_that_is_nearest(table: dict[str, Any], kind: str) -> None:
    assert (item(table)["type"], export(table)["type"]) == (kind, kind)
