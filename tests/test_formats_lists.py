"""What is only written: hayagriva for Typst, templates for Wikipedia, plain lists; and every format's golden file.

`pytest --update-golden` writes the golden files anew, to be read in the diff.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from hypothesis import given, settings

from citekit import formats
from citekit.errors import UsageError
from citekit.exchange import ANY, Loss, Options
from citekit.library import Library
from citekit.record import Record
from tests.shared import ROOT, compared, pandoc
from tests.strategies import record_tables
from tests.test_formats import sample
from tests.test_formats_csl import RGASPI, recorded
from tests.test_record import good

GOLDEN = Path(__file__).parent / "cases/formats"
KEYS = (
    "molotov-harriman-1945-11-19",  # everything that a record has
    "record-1945-10-05",  # a papka, and people in their own order
    "cable-1962-10-30",  # a file's title and a note on the place
    "telegram-1962-05-28",  # a shelfmark in words
    "glorious-1992",  # no archive, a printed source
)
FILES = {
    "csl-json": "csl.json",
    "csl-yaml": "csl.yaml",
    "ris": "refs.ris",
    "csv": "refs.csv",
    "hayagriva": "hayagriva.yaml",
    "wikipedia": "refs.wiki",
    "markdown": "list.md",
    "html": "list.html",
}


def golden(name: str) -> str:
    library = Library(ROOT)
    return formats.writer(name)([library.record(key)[0] for key in KEYS], ANY).text


@pytest.mark.parametrize(("name", "file"), FILES.items(), ids=[*FILES])
def test_a_format_is_as_it_was(name: str, file: str, pytestconfig: pytest.Config) -> None:
    compared(GOLDEN / file, golden(name), pytestconfig)


def test_a_page_with_one_document_is_as_it_was(pytestconfig: pytest.Config) -> None:
    record = Library(ROOT).record(KEYS[0])[0]
    compared(GOLDEN / "one.html", formats.writer("html")([record], ANY).text, pytestconfig)


@pytest.mark.parametrize("name", ["hayagriva", "wikipedia", "markdown", "html"])
@settings(deadline=None)
@given(record_tables())
def test_any_record_can_be_written_and_says_what_it_leaves_out(name: str, table: dict[str, Any]) -> None:
    record = recorded(table)
    written = formats.writer(name)([record], ANY)
    assert formats.writer(name)([record], ANY) == written
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", written.text)
    assert all(loss.key == "key" and loss.words for loss in written.losses)


def one(name: str, table: dict[str, Any], options: Options = ANY) -> str:
    return formats.writer(name)([recorded({"title": "T"} | table)], options).text


# Hayagriva


def entry(table: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(one("hayagriva", table))
    return found["key"]


def test_typst_gets_archive_and_shelfmark_and_prints_no_one_wrongly() -> None:
    people = {"author": ["Molotov, V. M."], "translator": ["Goldberg, Gary"], "contributor": ["Radchenko, Sergey"]}
    assert entry({"type": "memorandum", "date": "1946~", "people": people, "location": [RGASPI]}) == {
        "type": "manuscript",
        "title": "T",
        "author": ["Molotov, V. M."],
        "date": "~1946",
        "affiliated": [{"role": "translator", "names": ["Goldberg, Gary"]}],
        "genre": "memorandum",
        "archive": "RGASPI, Moscow",
        "archive-location": "f. 558, op. 11, d. 98, ll. 0160-0163",
        "note": "Contributed by Sergey Radchenko and translated by Gary Goldberg.",
    }
    del people["author"]
    assert "affiliated" not in entry({"people": people, "location": [RGASPI]})


def test_an_article_has_its_journal_as_parent() -> None:
    published = {
        "container": "Kritika",
        "volume": 8,
        "issue": "2",
        "pages": "1-9",
        "publisher": "Slavica",
        "doi": "10.1/x",
    }
    assert entry({"type": "article-journal", "published": published}) == {
        "type": "article",
        "title": "T",
        "parent": {
            "type": "periodical",
            "title": "Kritika",
            "volume": "8",
            "issue": "2",
            "publisher": {"name": "Slavica"},
        },
        "page-range": "1-9",
        "serial-number": {"doi": "10.1/x"},
    }


def test_names_that_would_be_read_otherwise_are_given_by_parts() -> None:
    authors = ["NKVD", {"literal": "NKVD, Section 1"}, "King, Martin, Jr.", {"family": "Goethe", "particle": "von"}]
    assert entry({"people": {"author": authors}})["author"] == [
        "NKVD",
        {"name": "NKVD, Section 1"},
        {"name": "King", "given-name": "Martin", "suffix": "Jr."},
        {"name": "Goethe", "prefix": "von"},
    ]


LEFT_OUT = [
    ({"language": "Russian"}, "language"),
    ({"online": {"url": "javascript:alert(1)"}}, "url"),
    ({"date": "194X"}, "date"),
    ({"online": {"url": "https://"}}, "url"),
]


@pytest.mark.parametrize(("table", "name"), LEFT_OUT)
def test_what_would_spoil_the_whole_file_is_left_out_and_told(table: dict[str, Any], name: str) -> None:
    assert name not in entry(table)
    assert [loss.path.rpartition(".")[2] for loss in formats.writer("hayagriva")([good(table)], ANY).losses] == [name]


HOSTILE = [
    "$x^2$ {y} \\ $",
    "#emph[x] *b* _i_ @k <l> `c`",
    "\\input{/etc/passwd} } {",
    '\'; #eval("1") //',
    "- a: b # c",
    "«ёлка» — №5 e\u0301",
]


def typst(records: list[Record], tmp_path: Path) -> str:
    compiler = pytest.importorskip("typst", reason="typst comes from the package typst")
    (tmp_path / "refs.yml").write_text(formats.writer("hayagriva")(records, ANY).text, encoding="utf-8")
    main = '#set page(width: 100cm)\n#bibliography("refs.yml", style: "chicago-notes", full: true)\n'
    (tmp_path / "main.typ").write_text(main, encoding="utf-8")
    page = compiler.compile(str(tmp_path / "main.typ"), format="svg")
    assert page
    return str(compiler.query(str(tmp_path / "main.typ"), "bibliography"))


def test_typst_reads_every_sample_and_every_hostile_one(tmp_path: Path) -> None:
    assert "chicago" in typst(sample(), tmp_path)
    tables = [{"title": text, "note": text, "location": [{"archive": text, "shelfmark": text}]} for text in HOSTILE]
    dates = [{"title": "T", "date": date} for date in ("1945-11", "1955?", "1950-01-30/1950-02-02", "-0044", "1946-22")]
    urls = [{"title": "T", "online": {"url": f"https://a.b/{text}"}} for text in HOSTILE]
    people = [
        {"title": "T", "people": {"author": [{"literal": text}, f"{text.replace(',', '')}, X"]}} for text in HOSTILE
    ]
    hostile: list[dict[str, Any]] = [
        *tables,
        *dates,
        *urls,
        *people,
        {"title": "T", "type": "chapter", "published": {"container": "$x$"}},
    ]
    for table in hostile:
        typst([recorded(table)], tmp_path)


# Wikipedia


def test_several_files_of_one_fond_are_one_template() -> None:
    second = {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "99", "list": "5ob", "file_title": "Notes"}
    other = {"archive": "RGANI", "fond": "5", "opis": "30"}
    people = {"author": ["Stalin, I. V."], "translator": ["G, Gary"]}
    table = {"date": "1949-07-04", "people": people, "location": [RGASPI, second, other]}
    assert one("wikipedia", table) == (
        "{{Cite Russian archive |title=T |institution=Russian State Archive of Socio-Political History (RGASPI)"
        " |fond=558 |opis=11 |delo=98 |pages=0160-0163 |opis2=11 |delo2=99 |page2=5ob. |case-title2=Notes"
        " |note=I. V. Stalin, 4 July 1949, RGANI, f. 5, op. 30. Translated by Gary G.}}\n"
    )


def test_other_archives_have_the_other_template() -> None:
    nara = {"archive": "NARA", "record_group": "59", "box": "12", "folder": "3"}
    written = one("wikipedia", {"type": "cable", "people": {"author": ["Kennan, George"]}, "location": [nara]})
    assert written.startswith("{{Cite archive |last=Kennan |first=George |item=T |type=cable |collection=")
    assert "|box=12 |file=3 |institution=" in written
    tna = {"archive": "TNA", "series": "FO 371", "piece": "84053", "folio": "12"}
    assert "|collection=FO 371/84053 |page=12 |institution=" in one("wikipedia", {"location": [tna]})


def test_what_lies_nowhere_is_a_citation() -> None:
    table = {"type": "article-journal", "published": {"container": "Kritika", "volume": "8"}, "date": "2003"}
    assert one("wikipedia", table) == "{{Citation |title=T |journal=Kritika |date=2003 |volume=8}}\n"


WIKI = [
    "|x=y}}{{delete}}",
    "[[File:x.jpg]]",
    "<script>",
    "''a'' '''b'''",
    "~~~~",
    "__NOTOC__",
    "#redirect",
    "*a",
    "&lt;",
    "-{x}-",
]


@pytest.mark.parametrize("text", WIKI)
def test_no_value_is_obeyed_by_the_wiki(text: str) -> None:
    written = one("wikipedia", {"title": text, "online": {"url": f"https://a.b/{text}"}})
    assert re.fullmatch(r"\{\{Citation \|title=[^|{}\[\]<>=]* \|url=https://a\.b/[^|{}\[\]<> ]*\}\}\n", written)
    assert not re.search(r"''|~~|__|=[*#:;]|&(?!#\d+;)", written.partition(" |url=")[0])
    assert html.unescape(written.partition("title=")[2].partition(" |url=")[0]) == text


def test_wikipedia_in_ascii_names_the_letter() -> None:
    for name in ("wikipedia", "markdown"):
        with pytest.raises(UsageError, match="ASCII has no letter"):
            one(name, {"title": "é"}, Options(ascii=True))
    assert "&#233;" in one("html", {"title": "é"}, Options(ascii=True))
    assert "\\xE9" in one("hayagriva", {"title": "é"}, Options(ascii=True))


# Lists


@pytest.mark.parametrize(
    "title", ["<script>x</script>", "*a* _b_ `c` [d](e) ![f](g)", "# a", "1. b", "$x$ \\input{y}", "a|b"]
)
def test_a_list_in_markdown_is_plain_text(title: str) -> None:
    written = one("markdown", {"title": title, "online": {"url": "https://a.b/c d>(e)"}})
    plain = pandoc("-f", "markdown-smart", "-t", "plain", "--wrap=none", text=written)
    assert " ".join(plain.split()) == f"- “{title}.” https://a.b/c%20d%3E(e)"


def test_a_link_is_one_of_the_web() -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "//x.y", ""):
        for name in ("markdown", "html"):
            assert "javascript" not in one(name, {"online": {"url": url}})
            assert "<a " not in one(name, {"online": {"url": url}})


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_zotero_finds_archive_and_shelfmark_on_a_page_of_one_document() -> None:
    people = {"author": ["Stalin, I. V.", "Ministry of Trade"], "recipient": ["Mao Zedong"], "translator": ["G, G"]}
    page = Page(one("html", {"type": "letter", "date": "1946~", "people": people, "location": [RGASPI]}))
    metas = [(one["name"], one["content"]) for tag, one in page.tags if tag == "meta" and "name" in one]
    assert metas == [
        ("z:itemType", "letter"),
        ("DC.title", "T"),
        ("DC.creator", "Stalin, I. V."),
        ("DC.creator", "Ministry of Trade,"),
        ("z:translators", "G, G"),
        ("z:recipients", "Mao Zedong,"),
        ("DC.date", "circa 1946"),
        ("z:letterType", "letter"),
        ("z:archive", "RGASPI"),
        ("z:archiveLocation", "f. 558, op. 11, d. 98, ll. 0160-0163"),
        ("z:place", "Moscow"),
        ("z:extra", "Translated by G G."),
    ]
    assert not [one for tag, one in page.tags if one.get("class") == "Z3988"]


def test_a_page_of_several_has_an_item_for_each() -> None:
    page = Page(formats.writer("html")(sample(), ANY).text)
    spans = [dict(parse_qsl(str(one["title"]))) for tag, one in page.tags if one.get("class") == "Z3988"]
    assert [one["rft.title"] for one in spans] == [record.title for record in sample()]
    assert [one["id"] for tag, one in page.tags if tag == "li"] == [record.key for record in sample()]
    assert not [tag for tag, one in page.tags if tag == "meta" and "name" in one]


@given(record_tables())
def test_no_text_is_a_tag(table: dict[str, Any]) -> None:
    for records in ([recorded(table)], [recorded(table)] * 2):
        tags = {tag for tag, _ in Page(formats.writer("html")(records, ANY).text).tags}
        assert tags <= {"html", "head", "meta", "link", "title", "body", "ul", "li", "a", "span"}


def test_a_list_tells_what_it_leaves_out() -> None:
    record = good({"tags": ["Japan"], "location": [RGASPI], "date": "1946~", "people": {"author": ["A, B"]}})
    assert formats.writer("markdown")([record], ANY).losses == (Loss("key", "tags", "Japan"),)
    assert formats.writer("markdown")([], ANY).text == formats.writer("wikipedia")([], ANY).text == ""
    assert formats.writer("hayagriva")([], ANY).text == ""
