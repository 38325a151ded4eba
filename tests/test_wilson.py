"""The Wilson Center's citations, printed from the records of the sample library.

What is compared is the string of the site, up to the spelling of labels, the order of levels, quotation marks and a
missing stop: the site has no rule for those.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citekit.library import Cite, Library
from citekit.record import Record
from tests.shared import ROOT, shared_lines

FIRST = "molotov-harriman-1945-11-19"
EXACT = (
    "\"From the Journal of V.M. Molotov, 'The Reception of US Ambassador Harriman, 19 November 1945'\", "
    "November 19, 1945, Wilson Center Digital Archive, RGASPI, f. 558, op. 11, d. 98, ll. 0160-0163. "
    "Contributed by Sergey Radchenko and translated by Gary Goldberg. "
    "<https://wilson-center-digital-archive.dvincitest.com/document/208933>"
)
# Each with its reason: what the style prints otherwise, and why.
DIFFERENT = {
    "journal-1957-08-14": "a space after the siglum (AVPRF F. 0102): six others of the family have a colon",
}


def library() -> Library:
    return Library(ROOT)


def records() -> dict[str, Record]:
    return library().records().records


def printed(key: str, style: str) -> str:
    (note,) = library().cite([[Cite(key)]], style).notes
    assert note is not None
    return note.plain()


def test_the_first_document_prints_exactly() -> None:
    assert printed(FIRST, "wilson-center") == EXACT


def test_later_notes_are_short_and_repeated_ones_ibid() -> None:
    desk = library()
    notes = [
        desk.cites(text) for text in (FIRST, f"{FIRST}@l.161ob", f"{FIRST}@ll.161-162", "record-1945-10-10", FIRST)
    ]
    texts = [note.plain() if note else None for note in desk.cite(notes, "wilson-center").notes]
    title = EXACT[: EXACT.index(", November")]
    assert texts[0] == EXACT
    assert texts[1:3] == ["Ibid., l. 161ob.", "Ibid., ll. 161-162."]  # the dash of the leaves of a record
    assert texts[4] == f"{title}, RGASPI, f. 558, op. 11, d. 98, ll. 0160-0163."


def test_cyrillic_labels_print_the_archive_and_the_levels_in_cyrillic() -> None:
    (note,) = library().cite([[Cite(FIRST)]], "wilson-center", labels="cyrillic").notes
    assert note is not None
    assert "РГАСПИ, ф. 558, оп. 11, д. 98, лл. 0160-0163." in note.plain()


def citations() -> list[tuple[str, str]]:
    strings = {
        (line["fields"]["title"].strip(), line["fields"]["date"]): line["citation"]
        for line in shared_lines("archival/wcda-citations.jsonl")
        if line["kind"].startswith("citation-")
    }
    found = {
        key: strings.pop((record.title, record.date.edtf))
        for key, record in records().items()
        if record.date and (record.title, record.date.edtf) in strings
    }
    assert not strings, f"no record for {list(strings)}"
    return list(found.items())


def test_there_is_a_record_for_every_full_citation() -> None:
    assert len(citations()) == 24


def test_the_older_citations_print_as_on_the_site() -> None:
    different = {}
    for key, string in citations():
        style = "wilson-center" if key == FIRST else "wilson-center-old"
        if comparable(printed(key, style)) != comparable(string):
            different[key] = (printed(key, style), string)
    assert different.keys() == DIFFERENT.keys(), different


_LABELS = {"fond": "f.", "opis": "op.", "papka": "pap.", "p.": "pap.", "delo": "d.", "listy": "ll.", "list": "l."}
_LABEL = re.compile(
    r"\b(?:(fond|opis|papka|delo|listy|list)(?: \((?:f|op|d|ll|l)\.\))?|(f|op|p|d|ll|l)\.)(?= \d)", re.I
)
_LEVELS = re.compile(r"(?:\b(?:f|op|pap|d|ll|l)\. [\w-]+(?:, )?)+")
_AMSZ = re.compile(r"(Polish Foreign Ministry Archive \(AMSZ\), Warsaw), (.*?1264)\.")


def comparable(citation: str) -> str:
    """The citation with labels spelt one way, levels in one order, and without quotation marks and the last stop."""
    text = re.sub("[\"'“”‘’]", "", citation)
    text = _LABEL.sub(lambda m: _LABELS.get(m[0].split(" ")[0].lower(), m[0].lower()), text)
    text = _LEVELS.sub(lambda m: ", ".join(sorted(m[0].rstrip(", ").split(", "))), text)
    text = _AMSZ.sub(r"\2, \1.", text)  # the archive is the largest level: printed first, written last
    return re.sub(r" (?=,)|\.(?=$| http| <http)", "", text)


UNSURE = [
    ("1946~", "[1946?]"),
    ("1949-07-04?", "[July 4, 1949?]"),
    ("194X~", "[1940s?]"),
    ("{1959-09-28,1959-09-30}", "September 28 and 30, 1959"),
]


@pytest.mark.parametrize(("date", "printed"), UNSURE)
@pytest.mark.parametrize("style", ["wilson-center", "wilson-center-old"])
def test_a_date_that_is_not_sure_is_not_printed_as_one(date: str, printed: str, style: str, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "t.toml").write_text(f'title = "T"\ndate = "{date}"\n', encoding="utf-8")
    (note,) = Library(tmp_path).cite([[Cite("t")]], style).notes
    assert note is not None
    assert note.plain().replace("04", "4").partition(" ")[2] == f"{printed}."


CREDITS = [
    ({"translator": ["Doe, Jane"]}, "Translated by Jane Doe."),
    ({"translator": [{"name": "Doe, Jane", "for": "CWIHP"}]}, "Translated for CWIHP by Jane Doe."),
    ({"obtained_by": ["Doe, Jane"]}, "Obtained by Jane Doe."),
    ({"contributor": ["Roe, R."], "translator": ["Doe, Jane"]}, "Contributed by R. Roe and translated by Jane Doe."),
    (
        {"obtained_by": ["Roe, R."], "translator": ["Doe, J.", "Poe, E."]},
        "Obtained by R. Roe, translated by J. Doe and E. Poe.",
    ),
    (
        {"obtained_by": ["Roe, R.", "Poe, E."], "translator": ["Doe, J."]},
        "Obtained by R. Roe and E. Poe and translated by J. Doe.",
    ),
    (
        {"obtained_by": ["Vargas Foundation"], "translator": ["Vargas Foundation"]},
        "Obtained and translated by Vargas Foundation.",
    ),
    (
        {"obtained_by": [{"name": "Roe, R.", "for": "NKIDP"}], "translator": [{"name": "Roe, R.", "for": "NKIDP"}]},
        "Obtained and translated for NKIDP by R. Roe.",
    ),
    (
        {"obtained_by": [{"name": "Roe, R.", "for": "NKIDP"}], "translator": [{"name": "Doe, J.", "for": "NKIDP"}]},
        "Obtained for NKIDP by R. Roe and translated for NKIDP by J. Doe.",
    ),
    ({"translator": [{"name": "Doe, J.", "from": "German"}]}, "Translated from German by J. Doe."),
    ({"translator": ["A, A.", "B, B.", "C, C."]}, "Translated by A. A, B. B, and C. C."),
    (
        {"obtained_by": ["A, A."], "translator": ["B, B."], "editor": ["B, B."]},
        "Obtained by A. A and translated and edited by B. B.",
    ),
]


@pytest.mark.parametrize(("people", "sentence"), CREDITS, ids=[sentence for _, sentence in CREDITS])
def test_credits_are_printed_in_their_shape(people: dict[str, object], sentence: str) -> None:
    from citekit.mapping import credits_of
    from tests.test_record import read

    record, issues = read({"title": "T", "people": people, "location": [{"archive": "RGASPI"}]})
    assert record is not None, issues
    assert credits_of(record) == (sentence,)


def test_a_document_without_credits_and_address_ends_with_its_reference() -> None:
    from citekit import mapping
    from tests.test_record import read

    record, _ = read({"title": "T", "date": "1946-02", "location": [{"archive": "RGANI", "fond": 3}]})
    assert record is not None
    item = mapping.to_item(record, mapping.FORMS["wilson-center"], own=True)
    from citekit import csl

    style = csl.compile_style((ROOT / "styles" / "wilson-center.csl").read_text(encoding="utf-8"))
    result = csl.process(style, [item], [csl.Citation(1, (csl.CiteRequest(item.id),))])
    assert result.notes[0].plain() == '"T", February 1946, RGANI, f. 3.'
