"""A whole citation becomes the table of a record; what is not understood is told, and nothing is invented."""

from __future__ import annotations

import datetime
import importlib.util
import time
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import citations, csl, dates, mapping
from citekit.archives import shipped
from citekit.citations import LONGEST
from citekit.library import Cite, Library
from citekit.markup import write
from tests.shared import ROOT, shared
from tests.strategies import ugly_text
from tests.test_record import read as read_record

if TYPE_CHECKING:
    from types import ModuleType


def read(text: str) -> tuple[dict[str, Any], str]:
    """The table of a citation, and what was not understood."""
    found = citations.read(text, shipped())
    return dict(found.table), found.unread


NEW = "Wilson Center Digital Archive"
OLD = "History and Public Policy Program Digital Archive"
URL = "https://digitalarchive.wilsoncenter.org/document/5"
ONLINE = {"id": "5", "url": URL, "publisher": NEW}
LETTER = {"title": "Letter to Mao", "date": datetime.date(1949, 7, 4)}
APRF = [{"archive": "APRF", "fond": "45", "opis": "1", "delo": "331", "list": "15-21"}]
RGASPI = [{"archive": "РГАСПИ", "fond": "558", "opis": "11", "delo": "98", "list": "1–3об."}]

# The forms of the Wilson Center; composed after the shapes of practice.md, section 3
WILSON: list[tuple[str, dict[str, Any]]] = [
    (
        f'"Letter to Mao", July 4, 1949, {NEW}, APRF, f. 45, op. 1, d. 331, ll. 15-21. '
        f"Contributed by Jane Doe and translated by R. Roe. <{URL}>",
        {
            **LETTER,
            "people": {"contributor": ["Doe, Jane"], "translator": ["Roe, R."]},
            "location": APRF,
            "online": ONLINE,
        },
    ),
    (
        f"“Letter to Mao,” July 04, 1949, {OLD}, APRF: F. 45, Op. 1, D. 331, Ll. 15-21. Translated by R. Roe {URL}.",
        {
            **LETTER,
            "people": {"translator": ["Roe, R."]},
            "location": APRF,
            "online": {"id": "5", "url": URL, "publisher": OLD},
        },
    ),
    (
        f"„Letter to Mao“, July 1949, {NEW}, APRF. https://digitalarchive.wilsoncenter.org/document/letter-mao-2",
        {
            "title": "Letter to Mao",
            "date": "1949-07",
            "location": [{"archive": "APRF"}],
            "online": {"url": "https://digitalarchive.wilsoncenter.org/document/letter-mao-2", "publisher": NEW},
        },
    ),
    (
        f"'Stalin's \"Letter\" to Mao', 1949, {NEW}, digitalarchive.wilsoncenter.org/document/5.pdf?v=f3",
        {
            "title": 'Stalin\'s "Letter" to Mao',
            "date": "1949",
            "online": {"id": "5", "url": "digitalarchive.wilsoncenter.org/document/5.pdf?v=f3", "publisher": NEW},
        },
    ),
    (
        f'"The "Reception" of X," and "Y," July 4, 1949, {NEW}. Accessed May 5, 2020. <http://x.org/node/7>',
        {
            "title": 'The "Reception" of X," and "Y',
            "date": datetime.date(1949, 7, 4),
            "online": {"url": "http://x.org/node/7", "accessed": datetime.date(2020, 5, 5), "publisher": NEW},
        },
    ),
    (
        '"Letter to Mao," July 4, 1949, APRF, f. 45, op. 1, d. 331, ll. 15-21; and AVPRF, f. 059a, op. 5a, d. 5. '
        "Reprinted in A. Ledovskii, Otnosheniia, Vol. 5 (Moscow: PIM, 2005), pp. 11-14. "
        "Obtained and translated for NKIDP by the Vargas Foundation.",
        {
            **LETTER,
            "people": {
                "obtained_by": [{"name": "Vargas Foundation", "for": "NKIDP"}],
                "translator": [{"name": "Vargas Foundation", "for": "NKIDP"}],
            },
            "location": [*APRF, {"archive": "AVPRF", "fond": "059a", "opis": "5a", "delo": "5"}],
            "reprinted": [{"text": "A. Ledovskii, Otnosheniia, Vol. 5 (Moscow: PIM, 2005)", "pages": "11-14"}],
        },
    ),
    (
        f"“Letter to Mao,” July 4, 1949, {OLD}, Mao, Wengao (Works), vol. 7 (Beijing: Zhongyang, 1992), 326-327. {URL}",
        {
            **LETTER,
            "reprinted": [{"text": "Mao, Wengao (Works), vol. 7 (Beijing: Zhongyang, 1992), 326-327"}],
            "online": {"id": "5", "url": URL, "publisher": OLD},
        },
    ),
    (
        "Source:. See Pei, Waijiaoshi (Beijing: WAP, 1994), pp.17- 18.) Translated from Chinese by R. Roe. "
        "Published in Bulletin 16",
        {
            "people": {"translator": [{"name": "Roe, R.", "from": "Chinese"}]},
            "reprinted": [{"text": "Pei, Waijiaoshi (Beijing: WAP, 1994)", "pages": "17- 18"}, {"text": "Bulletin 16"}],
        },
    ),
    (
        "Djilas. Wartime. Translated by M. Petrovich. (New York: HBJ, 1977), 385-387.",
        {"reprinted": [{"text": "Djilas. Wartime. Translated by M. Petrovich. (New York: HBJ, 1977), 385-387"}]},
    ),
    (
        f"“Letter to Mao,” {NEW}, APRF.",
        {"title": "Letter to Mao", "location": [{"archive": "APRF"}], "online": {"publisher": NEW}},
    ),
    (
        "“A Visit to the U.S.,” 1949, APRF.",
        {"title": "A Visit to the U.S.", "date": "1949", "location": [{"archive": "APRF"}]},
    ),
    ("“A Visit.” 1949. APRF.", {"title": "A Visit", "date": "1949", "location": [{"archive": "APRF"}]}),
    (
        "“Letter to Mao,” 1949, APRF, f. 45; translation by R. Roe",
        {
            "title": "Letter to Mao",
            "date": "1949",
            "people": {"translator": ["Roe, R."]},
            "location": [{"archive": "APRF", "fond": "45"}],
        },
    ),
    ("Obtained by R. Roe; edited by J. Doe.", {"people": {"obtained_by": ["Roe, R."], "editor": ["Doe, J."]}}),
]

TITLED = f'"Letter to Mao", July 4, 1949, {NEW}, '
HERE = {**LETTER, "online": {"publisher": NEW}}
# Printed sources without a place and a publisher, and printed besides
PRINTED: list[tuple[str, dict[str, Any]]] = [
    (f"{TITLED}{text}. Translated by R. Roe.", {**HERE, "people": {"translator": ["Roe, R."]}, "reprinted": [source]})
    for text, source in (
        ("Istochnik 5 (1995), pp. 3-9", {"text": "Istochnik 5 (1995)", "pages": "3-9"}),
        (
            "Novaia i noveishaia istoriia 2 (1993): 31-50",
            {"text": "Novaia i noveishaia istoriia 2 (1993)", "pages": "31-50"},
        ),
        ("Krasnaia zvezda, July 5, 1992, p. 2", {"text": "Krasnaia zvezda, July 5, 1992", "pages": "2"}),
        ("New York Times, July 5, 1992, p. A2", {"text": "New York Times, July 5, 1992, p. A2"}),
        ("Rodong Sinmun, 5 May 1971", {"text": "Rodong Sinmun, 5 May 1971"}),
        ("CWIHP Bulletin 6/7, pp. 58-59", {"text": "CWIHP Bulletin 6/7", "pages": "58-59"}),
        ("Zhou Enlai nianpu, vol. 2, p. 5", {"text": "Zhou Enlai nianpu, vol. 2", "pages": "5"}),
        ("Liu Shaoqi, Liu Shaoqi xuanji, 2:40-41", {"text": "Liu Shaoqi, Liu Shaoqi xuanji, 2:40-41"}),
        (
            "Mao, Wengao, 4 vols. (Beijing: WAP, 1997), 4:12-13",
            {"text": "Mao, Wengao, 4 vols. (Beijing: WAP, 1997), 4:12-13"},
        ),
        (
            "Troianovskii, Cherez gody (Moscow, 1997), vol. 1, 5",
            {"text": "Troianovskii, Cherez gody (Moscow, 1997), vol. 1, 5"},
        ),
    )
]
PRINTED += [
    (
        "Source: Trud, 12 May 1969, p. 3. Translated by R. Roe.",
        {"people": {"translator": ["Roe, R."]}, "reprinted": [{"text": "Trud, 12 May 1969", "pages": "3"}]},
    ),
    (
        "APRF, f. 45; translated by R. Roe. CWIHP Bulletin 14/15, p. 25.",
        {
            "people": {"translator": ["Roe, R."]},
            "location": [{"archive": "APRF", "fond": "45"}],
            "reprinted": [{"text": "CWIHP Bulletin 14/15", "pages": "25"}],
        },
    ),
    (
        f"{TITLED}APRF, f. 45, compiled by R. Roe. Published in CWIHP Bulletin 8-9, pp. 389-392.",
        {
            **HERE,
            "people": {"compiler": ["Roe, R."]},
            "location": [{"archive": "APRF", "fond": "45"}],
            "reprinted": [{"text": "CWIHP Bulletin 8-9", "pages": "389-392"}],
        },
    ),
    (
        f"{TITLED}APRF, f. 45. Obtained by Jane Doe and included in CWIHP e-Dossier No. 12.",
        {
            **HERE,
            "people": {"obtained_by": ["Doe, Jane"]},
            "location": [{"archive": "APRF", "fond": "45"}],
            "reprinted": [{"text": "CWIHP e-Dossier No. 12"}],
        },
    ),
]

# Brackets round the source or the credits; credits and publisher in other places
PLACED: list[tuple[str, dict[str, Any]]] = [
    ("[Source: APRF, f. 45, op. 1, d. 331, ll. 15-21.]", {"location": APRF}),
    *(
        (text, {"people": {"translator": ["Roe, R."]}, "location": APRF})
        for text in (
            "[Source: APRF, f. 45, op. 1, d. 331, ll. 15-21; translated by R. Roe.]",
            "APRF, f. 45, op. 1, d. 331, ll. 15-21. [Translated by R. Roe.]",
            "APRF, f. 45, op. 1, d. 331, ll. 15-21 (translated by R. Roe).",
            "Trans. R. Roe, APRF, f. 45, op. 1, d. 331, ll. 15-21.",
        )
    ),
    (f'{NEW}, "Letter to Mao", July 4, 1949, APRF, f. 45, op. 1, d. 331, ll. 15-21.', {**HERE, "location": APRF}),
    (
        f"{TITLED}APRF, f. 45; copy on Reel 5, NSA.",
        {**HERE, "location": [{"archive": "APRF", "fond": "45", "note": "copy on Reel 5, NSA"}]},
    ),
]

# GOST R 7.0.5-2008, section 11
GOST: list[tuple[str, dict[str, Any]]] = [
    (
        "Письмо Мао. 4 июля 1949 г. // РГАСПИ. Ф. 558. Оп. 11. Д. 98. Лл. 1–3об.",
        {"title": "Письмо Мао", "date": datetime.date(1949, 7, 4), "location": RGASPI},
    ),
    (
        "[Письмо Мао от 4 июля 1949 г.] // РГАСПИ. Ф. 558. Оп. 11. Д. 98. Лл. 1–3об.",
        {
            "title": "Письмо Мао от 4 июля 1949 г.",
            "title_kind": "descriptive",
            "date": datetime.date(1949, 7, 4),
            "location": RGASPI,
        },
    ),
    (
        "Протокол № 38, октябрь 1917 // РГАСПИ. Ф. 558. Опубликовано: Переписка. М., 2001. С. 5–7; Сборник. С. 3.",
        {
            "title": "Протокол № 38",
            "date": "1917-10",
            "location": [{"archive": "РГАСПИ", "fond": "558"}],
            "reprinted": [{"text": "Переписка. М., 2001", "pages": "5–7"}, {"text": "Сборник", "pages": "3"}],
        },
    ),
    (
        "«Записка». 4 июля 1949 г. // РГАСПИ. Ф. 558. URL: https://x.ru/5 (дата обращения: 05.05.2020).",
        {
            "title": "Записка",
            "date": datetime.date(1949, 7, 4),
            "location": [{"archive": "РГАСПИ", "fond": "558"}],
            "online": {"url": "https://x.ru/5", "accessed": datetime.date(2020, 5, 5)},
        },
    ),
    (
        "«Правда» о «Правде» // РГАСПИ. Ф. 558.",
        {"title": "«Правда» о «Правде»", "location": [{"archive": "РГАСПИ", "fond": "558"}]},
    ),
    (
        "Личное дело П. И. Болдина // ЦГАИПД. Ф. 1728. Ед. хр. 537079.",
        {
            "title": "Личное дело П. И. Болдина",
            "location": [{"archive": "ЦГАИПД", "fond": "1728", "delo": "537079"}],
        },
    ),
]

# Notes as Chicago and Turabian have them
NOTES: list[tuple[str, dict[str, Any]]] = [
    (
        "45. Joseph Purcell, “A Map of the District” [ca. 1772], f. 5, RGASPI.",
        {
            "title": "A Map of the District",
            "date": "1772~",
            "people": {"author": ["Purcell, Joseph"]},
            "location": [{"archive": "RGASPI", "fond": "5"}],
        },
    ),
    (
        "[3] Record of a conversation (5 May 1917, secret), 25 October/7 November 1917, GARF, f. 1235, l. 5ob.",
        {
            "title": "Record of a conversation (5 May 1917, secret)",
            "title_kind": "descriptive",
            "date": "1917-10-25",
            "calendar": "julian",
            "location": [{"archive": "GARF", "fond": "1235", "list": "5ob."}],
        },
    ),
    (
        "Telegram from Havana, 28 May 1962, 29 May 1962, f. 5, op. 1, RGASPI, Wilson Center Digital Archive, "
        "(accessed 5 May 2020), www.x.org/a_(b).",
        {
            "title": "Telegram from Havana, 28 May 1962",
            "title_kind": "descriptive",
            "date": datetime.date(1962, 5, 29),
            "location": [{"archive": "RGASPI", "fond": "5", "opis": "1"}],
            "online": {"url": "www.x.org/a_(b)", "accessed": datetime.date(2020, 5, 5), "publisher": NEW},
        },
    ),
    (
        "Minutes, [day left blank] February 1946, RGANI, f. 3.",
        {
            "title": "Minutes",
            "title_kind": "descriptive",
            "date": "1946-02",
            "date_note": "[day left blank]",
            "location": [{"archive": "RGANI", "fond": "3"}],
        },
    ),
    (
        "Stalin to Mao, 4 July 1949, RGASPI, f. 558, d. 329, l. 9; AVPRF, f. 0100, op. 42, por. 19, d. 3; d. 4, l. 5.",
        {
            "title": "Stalin to Mao",
            "title_kind": "descriptive",
            "date": datetime.date(1949, 7, 4),
            "location": [
                {"archive": "RGASPI", "fond": "558", "delo": "329", "list": "9"},
                {"archive": "AVPRF", "fond": "0100", "opis": "42", "poriadok": "19", "delo": "3"},
                {"archive": "AVPRF", "fond": "0100", "opis": "42", "poriadok": "19", "delo": "4", "list": "5"},
            ],
        },
    ),
    (
        "Report on Berlin, 5 June 1953; Folder 3; Box 12; Entry 5; Record Group 59; NARA.",
        {
            "title": "Report on Berlin",
            "title_kind": "descriptive",
            "date": datetime.date(1953, 6, 5),
            "location": [{"archive": "NARA", "folder": "3", "box": "12", "entry": "5", "record_group": "59"}],
        },
    ),
    (
        "RGANI, f. 3, l. 7–11: Aug. 26, 1931.",
        {"date": datetime.date(1931, 8, 26), "location": [{"archive": "RGANI", "fond": "3", "list": "7–11"}]},
    ),
    (
        "RGANI, f. 3, op. 2, accessed last spring",
        {"location": [{"archive": "RGANI", "fond": "3", "opis": "2", "note": "accessed last spring"}]},
    ),
    (
        "See “Letter to Mao,” July 4, 1949, APRF, f. 45, l. 5; copy at NSA, Washington, D.C.",
        {
            **LETTER,
            "location": [{"archive": "APRF", "fond": "45", "list": "5", "note": "copy at NSA, Washington, D.C."}],
        },
    ),
    ("“Letter,” 1949. Copy at NSA.", {"title": "Letter", "date": "1949", "location": [{"note": "Copy at NSA"}]}),
    (
        "Minutes, 16 June 1989, in CWIHP Bulletin, no. 12/13 (Fall/Winter 2001), 15-29.",
        {
            "title": "Minutes",
            "title_kind": "descriptive",
            "date": datetime.date(1989, 6, 16),
            "reprinted": [{"text": "CWIHP Bulletin, no. 12/13 (Fall/Winter 2001), 15-29"}],
        },
    ),
    ("", {}),
]


@pytest.mark.parametrize(("text", "table"), [*WILSON, *PRINTED, *PLACED, *GOST, *NOTES])
def test_a_citation_is_read(text: str, table: dict[str, Any]) -> None:
    found, _ = read(text)
    assert found == table


@pytest.mark.parametrize(("text", "_"), [*WILSON, *PRINTED, *PLACED, *GOST])
def test_a_citation_by_the_rules_is_understood_whole(text: str, _: object) -> None:
    assert read(text)[1] == ""


UNREAD = [
    ('"Letter," 1949, RGANI, f. 3. Translated into German by R. Roe.', "into German"),
    ('"Letter" // "Another," 1949, RGANI, f. 3.', ""),
    ('"Letter, RGANI, f. 3', '"Letter'),
    ("Stalin, “Letter, 1949, RGANI, f. 3", ""),
]


@pytest.mark.parametrize(("text", "unread"), UNREAD)
def test_what_is_not_understood_is_told(text: str, unread: str) -> None:
    assert unread in read(text)[1]


def test_a_second_title_is_told() -> None:
    table, unread = read("“Letter,” 1949, РО ИРЛИ. Ф. 568. Оп. 1. Д. 1. [Фомин А. Г. Материалы].")
    assert table["title"] == "Letter"
    assert "Фомин А. Г. Материалы" in unread


def test_a_supplied_title_behind_its_numbers_is_the_title() -> None:
    table, _ = read("РО ИРЛИ. Ф. 568. Оп. 1. Д. 1. [Фомин А. Г. Материалы].")
    assert (table["title"], table["title_kind"]) == ("Фомин А. Г. Материалы", "descriptive")


def test_a_siglum_of_several_archives_is_not_taken_for_a_title() -> None:
    assert "title" not in read("NA, 5 May 1950, box 3")[0]
    assert "title" not in read("f. 3, op. 2, 1950, RGANI")[0]


@pytest.mark.parametrize(
    "text",
    [
        "Kennan Papers, 23:45",
        "Private archive, vol. 2, p. 5",
        "Telegrammi, vol. 2, p. 5",
        "Trud Archive, 5 May 1971",
        "RGANI, f. 5, op. 30, d. 1 (Moscow, 1994)",
        "Moscow, 5 May 1971, p. 5",
    ],
)
def test_not_everything_with_pages_is_printed(text: str) -> None:
    assert "reprinted" not in read(text)[0]


def test_a_day_in_the_title_of_a_file_is_not_the_documents() -> None:
    assert "date" not in read("AMAE, Folder 5, Issue 217: Reports, January 4 – December 30, 1972.")[0]


def test_a_text_longer_than_any_citation_is_not_read() -> None:
    text = '"Letter," 1949. ' * LONGEST
    assert read(text) == ({}, text)


# The corpus


def corpus() -> ModuleType:
    """The program that scores the corpus."""
    spec = importlib.util.spec_from_file_location("corpus_citations", ROOT / "bench" / "corpus_citations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STRINGS, FIELDS = 35, 310  # of 36 and 311: never less


def test_the_citations_of_the_wilson_center_are_read() -> None:
    shared("archival/wcda-citations.jsonl")
    bench = corpus()
    strings, fields = bench.score(bench.lines())
    assert strings >= (STRINGS, 36)
    assert fields >= (FIELDS, 311)


def test_every_correction_of_the_corpus_has_its_string_and_its_reason() -> None:
    shared("archival/wcda-citations.jsonl")
    texts = (shared("archival") / "wcda-citations.jsonl").read_text(encoding="utf-8")
    cases = (ROOT / "tests" / "cases" / "citations.toml").read_text(encoding="utf-8")
    for correction in tomllib.loads(cases)["correction"]:
        assert correction["source"] in texts
        assert correction["begins"] in texts
        assert correction["reason"]


# Any citation, any text

_words = st.lists(
    st.sampled_from(
        "Letter from Mao Zedong to I.V. Stalin, on the Reception, 19 May 1945, (Excerpt) No. 5/3 [via Kovalev]".split()
    ),
    min_size=1,
    max_size=9,
)
_titles = _words.map(lambda words: " ".join(words).strip(",. ")).filter(lambda title: title[-1:].isalnum())
_dates = st.dates(datetime.date(1700, 1, 1), datetime.date(2000, 1, 1)) | st.sampled_from(["1945-11", "1945"])
_numbers = st.integers(1, 9999).map(str)
_locations = st.fixed_dictionaries(
    {"archive": st.sampled_from(["RGASPI", "APRF", "RGANI"]), "fond": _numbers, "opis": _numbers},
    optional={"delo": _numbers, "list": _numbers},
)
_people = st.fixed_dictionaries(
    {},
    optional={
        "contributor": st.just(["Radchenko, Sergey"]),
        "obtained_by": st.sampled_from([["Vargas Foundation"], ["Roe, R.", "Doe, Jane"]]),
        "translator": st.sampled_from([["Goldberg, Gary"], [{"name": "Popp, Stephanie", "from": "German"}]]),
    },
)
tables = st.builds(
    lambda title, date, location, people, online: {
        "title": title,
        "date": date,
        **({"people": people} if people else {}),
        "location": [location],
        "online": online,
    },
    _titles,
    _dates,
    _locations,
    _people,
    st.sampled_from([ONLINE, {"publisher": NEW}]),
)


@cache
def style() -> csl.Style:
    """The Wilson Center's."""
    return csl.compile_style((ROOT / "styles" / "wilson-center.csl").read_text(encoding="utf-8"))


@given(tables)
def test_what_the_wilson_centers_style_prints_is_read_back(table: dict[str, Any]) -> None:
    record, issues = read_record(table)
    assert record is not None, issues
    item = mapping.to_item(record, mapping.FORMS["wilson-center"], own=True)
    (note,) = csl.process(style(), [item], [csl.Citation(1, (csl.CiteRequest(item.id),))]).notes
    assert read(note.plain()) == (table, "")


_pieces = st.sampled_from(
    [
        *"\" “ ” ' « » , . ; // ( ) [ ] < > RGASPI РГАСПИ. f. 5 op. 1945 May 5, n.d. Translated by Jane Doe".split(),
        *(NEW, URL, "Reprinted in", "pp. 3-5", "Source:", "4.", "accessed", "(Moscow: PIM, 2005)", "Опубл.:"),
    ]
)


@given(ugly_text | st.lists(_pieces, max_size=25).map(" ".join) | st.lists(_pieces, max_size=25).map("".join))
def test_any_text_gives_a_table_that_is_a_record(text: str) -> None:
    table, unread = read(text)
    assert isinstance(unread, str)
    record, issues = read_record({"title": "T", **table})
    assert record is not None, issues


@pytest.mark.parametrize(
    "piece", [",", '"', '"" ', "“ ", "[", "(", "5 ", "1945, ", " // ", "by ", "www.", "pp. 3", "[1945] "]
)
def test_reading_citations_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text, taken = ('"' + piece * length)[:length], []
        for _ in range(2):
            start = time.process_time()
            read(text)
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(LONGEST) < 32 * max(seconds(LONGEST // 8), 1e-3)  # eightfold is right, 64-fold would be the square


def test_ten_megabytes_are_only_measured() -> None:
    start = time.process_time()
    read('","' * 3_500_000)
    assert time.process_time() - start < 10


# A note as citekit itself prints it, and Chicago's manual

CHICAGO: dict[str, dict[str, Any]] = {
    "V. M. Molotov, “From the Journal, ‘The Reception, 19 November 1945,’” memorandum, trans. Gary Goldberg and "
    "Emily M. Hill, Wilson Center Digital Archive, November 19, 1945, f. 558, op. 11, d. 98, ll. 0160-0163, RGASPI, "
    "https://example.org/1.": {
        "type": "memorandum",
        "title": "From the Journal, ‘The Reception, 19 November 1945’",
        "date": datetime.date(1945, 11, 19),
        "people": {"author": ["Molotov, V. M."], "translator": ["Goldberg, Gary", "Hill, Emily M."]},
        "location": [{"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98", "list": "0160-0163"}],
        "online": {"url": "https://example.org/1", "publisher": "Wilson Center Digital Archive"},
    },
    "“Cable to Stalin,” April 28, 1955, 207-00084-02, PRC FMA.": {
        "title": "Cable to Stalin",
        "date": datetime.date(1955, 4, 28),
        "location": [{"archive": "PRC FMA", "item": "207-00084-02"}],
    },
    "“On the Situation,” letter, ca. 1949, f. 17, op. 3, d. 5, RGASPI.": {
        "type": "letter",
        "title": "On the Situation",
        "date": "1949~",
        "location": [{"archive": "RGASPI", "fond": "17", "opis": "3", "delo": "5"}],
    },
    "“On the Situation,” trans. Anna Petrova, f. 17, op. 3, d. 5, RGASPI.": {
        "title": "On the Situation",
        "people": {"translator": ["Petrova, Anna"]},
        "location": [{"archive": "RGASPI", "fond": "17", "opis": "3", "delo": "5"}],
    },
}
SLAVISTS: dict[str, dict[str, Any]] = {
    "RGASPI, f. 82, op. 2, d. 1102, ll. 9–11 (V. M. Molotov, “Letter to the Ambassador (Draft),” 3 May 1947).": {
        "title": "Letter to the Ambassador (Draft)",
        "date": datetime.date(1947, 5, 3),
        "people": {"author": ["Molotov, V. M."]},
        "location": [{"archive": "RGASPI", "fond": "82", "opis": "2", "delo": "1102", "list": "9–11"}],
    },
    "AVPRF, f. 06, op. 8, pap. 22, d. 311 (“Memorandum,” 9 August 1946, in file “Correspondence with Ankara”).": {
        "title": "Memorandum",
        "date": datetime.date(1946, 8, 9),
        "location": [
            {
                "archive": "AVPRF", "fond": "06", "opis": "8", "papka": "22", "delo": "311",
                "file_title": "Correspondence with Ankara",
            }
        ],
    },
    "RGANI, f. 5, op. 30, d. 7, l. 4 (“On the Press”).": {  # without a date it may as well be the file
        "location": [
            {"archive": "RGANI", "fond": "5", "opis": "30", "delo": "7", "list": "4", "file_title": "“On the Press”"}
        ],
    },
    "Молотов В. М. Дневник. 19 ноября 1945 г. // РГАСПИ. Ф. 558. Оп. 11. Д. 98. Л. 160.": {
        "title": "Дневник",
        "date": datetime.date(1945, 11, 19),
        "people": {"author": ["Молотов, В. М."]},
        "location": [{"archive": "РГАСПИ", "fond": "558", "opis": "11", "delo": "98", "list": "160"}],
    },
}  # fmt: skip


@pytest.mark.parametrize("text", SLAVISTS)
def test_a_note_of_slavists_is_read(text: str) -> None:
    found = citations.read(text, shipped())
    assert (found.table, found.unread) == (SLAVISTS[text], "")


@pytest.mark.parametrize("text", CHICAGO)
def test_a_note_of_chicago_is_read(text: str) -> None:
    found = citations.read(text, shipped())
    assert (found.table, found.unread) == (CHICAGO[text], "")


@pytest.mark.parametrize("style", ["chicago-notes-bibliography", "slavic-notes", "gost-r-7-0-5-2008-archive"])
def test_a_note_that_citekit_prints_is_read_back(style: str) -> None:
    library = Library(ROOT)
    told = 0
    for record in library.records().records.values():
        levels = {part.level for place in record.locations[:1] if place.mark for part in place.mark.parts}
        if not (record.date and levels) or (style.startswith("gost") and "opis" not in levels):
            continue  # GOST's stops between levels without marks are those of sentences
        (note,) = library.cite([[Cite(record.key)]], style).notes
        assert note is not None
        table = citations.read(write(note, "plain"), shipped()).table
        assert levels - {"year"} <= table["location"][0].keys()
        assert dates.from_toml(table["date"]).edtf == record.date.edtf
        told += 1
    assert told > 7
