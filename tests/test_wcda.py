"""Pages of the Wilson Center Digital Archive: in three forms, with all they say and nothing that they do not."""

from __future__ import annotations

import contextlib
import datetime
import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit.archives import shipped
from citekit.errors import ParseError
from citekit.formats import wcda
from tests.conftest import Run
from tests.shared import shared

PAGES = Path(__file__).parent / "cases" / "pages"
FORMS = ("md", "txt", "html")


def table(text: str) -> dict[str, Any]:
    """The record of a page, all of whose citation was understood."""
    found = wcda.page(text, shipped())
    assert found.unread == ""
    return dict(found.table)


def form(ending: str) -> str:
    return (PAGES / f"reception.{ending}").read_text(encoding="utf-8")


# Whole pages


@pytest.mark.parametrize("ending", FORMS)
def test_a_page_is_the_same_record_in_every_form(ending: str) -> None:
    assert table(form(ending)) == tomllib.loads(form("toml"))


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_the_ends_of_lines_are_nobodys_business(ends: str) -> None:
    for ending in FORMS:
        assert table(form(ending).replace("\n", ends)) == tomllib.loads(form("toml"))


# What the page of the first document cannot say: what kind of document it is, what it is about in one word, the
# initials of one who was present, the day on which somebody read it
NOT_ON_THE_PAGE = {"type", "tags"}


def test_the_page_of_the_first_document_is_its_record(run: Run, library: Path) -> None:
    page = shared("archival/first-document.txt")
    outcome = run("add", str(page), "--dry-run", "--json")
    assert outcome.code == 0
    found = json.loads(outcome.stdout)
    wanted = json.loads(run("show", "molotov-harriman-1945-11-19", "--json").stdout)
    assert found.pop("key") == "molotov-1945-11-19"
    assert wanted.pop("key")
    for name in NOT_ON_THE_PAGE:
        del wanted[name]
    assert wanted["online"].pop("accessed")
    assert wanted["people"]["participant"] == ["Harriman, W. Averell", "Malik, Ya. A."]
    wanted["people"]["participant"][1] = "Malik"
    assert found == wanted
    assert json.loads(outcome.stderr)["note"].startswith(
        "molotov-harriman-1945-11-19 is this document: it has the same address"
    )


LIVE = """<html><body><header><h2>Search</h2></header>
<div class="date">October 16, 1945</div><h1 class="title">TASS Digest &amp; More</h1>
<div class="donated">This document was made possible with support from Somebody</div>
<div class="text-block"><p>A summary.</p><p>In two paragraphs.</p></div>
<h2 class="title">Author(s):</h2><ul><li>Telegraph Agency</li></ul>
<h3 class="sub-title">Source</h3>
<div class="text">RGASPI, f. 558, op. 11, d. 97, ll. 67-70. Translated by Gary Goldberg.</div>
<h3 class="sub-title">Rights</h3><div class="text">All of them.</div>
<h3 class="sub-title">Original Classification</h3><div class="text">Strictly Secret</div>
<h3 class="sub-title">Record ID</h3><div class="text">134696</div>
<h2 class="title">Subjects Discussed</h2><ul><li>Stalin, Joseph, 1879-1953</li><li>Press</li></ul>
<h2 class="title">Language</h2><ul><li>Russian</li></ul>
</body></html>"""


def test_a_page_without_a_citation_is_read_by_its_source_and_its_blocks() -> None:
    assert table(LIVE) == {
        "title": "TASS Digest & More",
        "date": datetime.date(1945, 10, 16),
        "language": "ru",
        "classification": "Strictly Secret",
        "abstract": "A summary.\n\nIn two paragraphs.",
        "credits": "This document was made possible with support from Somebody",
        "tags": ["Stalin, Joseph, 1879-1953", "Press"],
        "people": {"translator": ["Goldberg, Gary"]},
        "location": [{"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "97", "list": "67-70"}],
        "online": {"publisher": "Wilson Center Digital Archive", "id": "134696"},
    }


# What is not said is not there


def test_a_page_with_little_gives_little() -> None:
    little = "July 1949\n\nLetter to Moscow\n\nOriginal Language:\nKlingon\n"
    online = {"publisher": "Wilson Center Digital Archive"}
    assert table(little) == {"title": "Letter to Moscow", "date": "1949-07", "language": "Klingon", "online": online}


DOCUMENTS = {
    "Secret\n\nText.": {"classification": "Secret"},
    "This was secret.\n\nIt was confidential": {},
    "Cde. Malik said that he was present.": {},
    "He recorded by hand what was distributed to: nobody": {},
    "Text.\n\n12": {},
    "Text.\n\n1945": {},
    "Text.\n\n1413-M.": {"number": "1413-M"},
    "Text.\n\nNo. 17/ss": {"number": "17/ss"},
    "Present: Cdes. Orlov, Belov; Volkov and Sidorov.": {
        "people": {"participant": ["Orlov", "Belov", "Volkov", "Sidorov"]}
    },
    "Cde. Li was present during the talk.": {"people": {"participant": ["Li"]}},
    "Copies to: Cdes. Stalin, Molotov.\n\nThe End": {"people": {"distribution": ["Stalin", "Molotov"]}},
    "Distributed to:\n\n☑ Stalin\n\n✓ Beria": {
        "people": {"distribution": ["Stalin", "Beria"]},
        "note": "In the list of those it was distributed to, Stalin and Beria each have a box, ticked.",
    },
    "Distributed to:\n\nStalin\n\nRecorded by Pavlov\n\n5": {
        "people": {"distribution": ["Stalin"], "recorder": ["Pavlov"]},
        "number": "5",
    },
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_only_the_notes_round_a_document_are_read(document: str) -> None:
    page = f"Title: x\n\nContents:\nTranslation - English\n\n{document}\n"
    found = {key: value for key, value in table(page).items() if key != "online"}
    assert found == DOCUMENTS[document]


def test_a_title_without_a_date_over_it_is_not_guessed() -> None:
    found = table('Room 1945 is closed\n\nCitation: "Letter to Moscow", July 4, 1949, RGASPI, f. 558.\n')
    assert (found["title"], found["date"]) == ("Letter to Moscow", datetime.date(1949, 7, 4))


def test_more_than_one_thing_may_be_in_a_page() -> None:
    found = table("Contents:\n\nTranslation - English\nScanned Original - Russian, French\n\nSecret\n")
    assert found["online"]["contents"] == "Translation - English; Scanned Original - Russian, French"
    assert found["classification"] == "Secret"


@pytest.mark.parametrize("text", ["", "Secret", "<p>Hello", "# A title\n\nNote: text", '"Cable," July 4, 1949, RGASPI'])
def test_what_is_no_such_page_is_said(text: str) -> None:
    with pytest.raises(ParseError, match="no page of the Wilson Center"):
        wcda.page(text, shipped())


# HTML


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<p>a &lt;b&gt; &amp;amp; c", ["a <b> &amp; c"]),
        ("<p>2 < 3 <4>", ["2 < 3 <4>"]),
        ("<p>a<br>b<p>c", ["a", "b", "", "c"]),
        ("<div>a <b>b</b><i>c</i></div>d", ["a bc", "", "d"]),
        ("<script>a<b</script ><p>b", ["b"]),
        ("<style>p > a { }</STYLE>c", ["c"]),
        ('<a title="x > y">z</a>', ["z"]),
        ("<svg><svg></svg><p>no</svg>yes", ["yes"]),
        ("<head><meta><body>b", ["b"]),
        ("<!-- <p>no -->yes", ["yes"]),
        ("<![CDATA[x]]><?php y ?><!DOCTYPE z>a", ["a"]),
        ("<p>&#x41;&#66;&bogus;&#" + "9" * 5000 + ";", ["&#x41;&#66;&bogus;&#" + "9" * 5000 + ";"]),
        (f'<img src="data:{"A" * 5000}">b', ["b"]),
        (f"<p>a</p {'x' * 5000}>b<{'y' * 5000}>c", ["a", "", "bc"]),
    ],
)
def test_html_becomes_the_lines_that_are_seen(text: str, lines: list[str]) -> None:
    assert [line.text for line in wcda.lines(text)][: len(lines)] == lines


def test_markdown_loses_its_marks_and_no_letter() -> None:
    text = "## *Title*\n\n- [x] **Stalin**\n- [ ] Beria\\\n> [text](https://x.org/a_b)\n<https://x.org/a_b_c>\n\\[a\\]&nbsp;b\\_c"
    assert [line.text for line in wcda.lines(text)] == [
        "Title", "", "☒ Stalin", "☐ Beria", "text", "https://x.org/a_b_c", "[a] b_c",
    ]  # fmt: skip


# Hostile input

BOMBS = (
    "< <a <!-- <! <? </ </a <a\" <a=' <div> <script> &#x &amp; <p>a <![ <br> [a]( ** \n\n: ☐\n and , Citation:\n".split(
        " "
    )
)


@pytest.mark.parametrize("piece", BOMBS)
def test_a_page_of_one_sign_many_times_takes_no_time(piece: str) -> None:
    for start in ("<p>", "Contents:\n\n", "Citation: "):
        text = start + piece * (300_000 // len(piece))
        begun = time.monotonic()
        with contextlib.suppress(ParseError):
            wcda.page(text, shipped())
        assert time.monotonic() - begun < 5


PIECES = (
    "<p> < > </p> <a <script> & &amp; Citation: Contents: Secret \n Cde. and , “ 1-M [ ] ( ) <!-- --> ☐ Distributed to:"
).split(" ")


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text()).map("".join))
def test_any_text_is_a_page_or_says_that_it_is_none(text: str) -> None:
    for given_ in (text, f"<p>{text}", f"Contents: {text}", f"Citation: {text}"):
        try:
            found = wcda.page(given_, shipped())
        except ParseError:
            continue
        assert found.table["online"]["publisher"] == wcda.SITE
