"""What importers are known to do with our exports, held as expectations on the files; nothing but pandoc runs here.

Zotero and Better BibTeX are not run: what they do with each field was found by running them, and is said beside each
test. The other programs run with `make clients` (tests/clients).
"""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from bibtexparser.entrypoint import parse_string

from citekit.mapping import archive_name, shelfmark_text
from citekit.record import Record
from tests.clients import faults, judge, programs
from tests.clients.sources import everything, exported, has
from tests.shared import ROOT, shared_json

# What Zotero takes for an item's type; one other refuses the whole file
ZOTERO_TYPES = frozenset(
    (
        "article article-journal article-magazine article-newspaper bill book broadcast chapter dataset document "
        "entry-dictionary entry-encyclopedia graphic hearing interview legal_case legislation manuscript map "
        "motion_picture paper-conference patent personal_communication post post-weblog report song speech standard "
        "thesis treaty webpage"
    ).split()
)
BIB = ("bibtex", "biblatex")


def everything_in(form: str) -> str:
    """All samples and hostile records; a format that is not there skips the test."""
    if not has(form):
        pytest.skip(f"citekit does not write {form} yet")
    return exported(form, everything())


def archival() -> dict[str, Record]:
    """The records that lie in an archive."""
    return {record.key: record for record in everything() if record.locations}


def csl() -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in json.loads(everything_in("csl-json"))}


def ris() -> dict[str, dict[str, str]]:
    return programs.ris_entries(everything_in("ris"))


def bib(form: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The entries of our .bib as they stand: type, and fields with their braces."""
    library = parse_string(everything_in(form), parse_stack=[])
    assert library.failed_blocks == []
    assert library.comments == []
    return {
        entry.key: (entry.entry_type, {field.key: str(field.value) for field in entry.fields})
        for entry in library.entries
    }


def bare(value: str) -> str:
    """The value of a field without braces and escapes, enough to compare shelfmarks."""
    return programs.bare(re.sub(r"\\([&%$#_])", r"\1", value))


# Every format


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "csl-json", "ris"])
def test_pandoc_understands_every_record(form: str) -> None:
    entries = programs.READERS["pandoc 3"].read(form, everything_in(form))
    assert faults.told(judge.unread(everything(), entries), "pandoc 3", form) == []


# CSL-JSON in Zotero: `archive`, `archive_location`, `source`, `publisher-place` and `genre` have fields of their own


def test_csl_json_of_every_record_is_valid() -> None:
    jsonschema.validate(json.loads(everything_in("csl-json")), shared_json("csl-suite/csl-data.json"))


def test_csl_json_has_archive_and_shelfmark_in_the_fields_zotero_has() -> None:
    items = csl()
    for key, record in archival().items():
        location = record.locations[0]
        assert items[key]["archive"] == archive_name(location)
        assert items[key].get("archive_location", "") == shelfmark_text(location)
        assert items[key].get("source", "") == record.online.publisher
        # Zotero reads the place of a manuscript only here
        assert items[key].get("publisher-place") == items[key].get("archive-place")


def test_csl_json_has_no_type_that_zotero_refuses() -> None:
    assert {item["type"] for item in csl().values()} <= ZOTERO_TYPES


def test_csl_json_has_no_creator_that_zotero_makes_an_author() -> None:
    # Manuscripts have no recipient and no editor; letters had no translator before December 2025
    allowed = {
        "manuscript": {"author", "translator", "contributor"},
        "personal_communication": {"author", "recipient", "contributor"},
    }
    roles = {"author", "translator", "contributor", "recipient", "editor", "compiler", "interviewer"}
    turned = {key: item.keys() & roles - allowed.get(item["type"], roles) for key, item in csl().items()}
    assert {key: found for key, found in turned.items() if found} == {}


def test_csl_json_dates_are_right_in_every_version_of_zotero() -> None:
    for record in everything():
        issued = csl()[record.key].get("issued")
        assert (issued is None) == (record.date is None)
        if record.date and issued:
            assert issued["raw"] == record.date.edtf
            assert issued.get("circa", False) == bool(record.date.circa or record.date.uncertain)
            assert not ("literal" in issued and "date-parts" in issued)  # citeproc-js prints both


# RIS in Zotero: DB, AN, DP, CY and M3 of a MANSCPT have fields of their own


def test_ris_has_archive_and_shelfmark_in_the_fields_zotero_has() -> None:
    entries = ris()
    for key, record in archival().items():
        location, entry = record.locations[0], entries[key]
        assert entry["TY"] == "MANSCPT" or (entry["TY"] == "PCOMM" and record.people.get("recipient"))
        assert programs.folded(entry["DB"]) == programs.folded(archive_name(location))
        assert programs.folded(entry.get("AN", entry.get("AV", ""))) == programs.folded(shelfmark_text(location))
        assert programs.folded(entry.get("DP", "")) == programs.folded(record.online.publisher)
        if location.city not in archive_name(location):
            assert programs.folded(entry.get("CY", "")) == programs.folded(location.city)
        assert programs.folded(entry.get("M3", "")).casefold() == programs.folded(record.type).casefold()


def test_ris_has_every_author_and_nobody_else_among_them() -> None:
    entries = ris()
    for record in everything():
        written = [
            name for name in (entries[record.key].get("AU") or entries[record.key].get("A1", "")).split("; ") if name
        ]
        assert len(written) == len(record.people.get("author", ()))


def test_ris_begins_each_record_with_its_type_and_ends_it() -> None:
    text = everything_in("ris")
    tags = re.findall(r"^([A-Z][A-Z0-9])  - ?", text, re.M)
    assert tags.count("TY") == tags.count("ER") == len(everything())
    assert all(re.match(r"[A-Z][A-Z0-9]  - ?", line) for line in text.splitlines() if line.strip())


# BibTeX and BibLaTeX in Zotero and Better BibTeX


@pytest.mark.parametrize("form", BIB)
def test_a_document_in_an_archive_is_unpublished(form: str) -> None:
    entries = bib(form)
    assert {entries[key][0] for key in archival()} == {"unpublished"}


@pytest.mark.parametrize("form", BIB)
def test_howpublished_is_archive_and_whole_shelfmark_and_long_enough(form: str) -> None:
    entries = bib(form)
    for key, record in archival().items():
        location, written = record.locations[0], bare(entries[key][1]["howpublished"])
        assert len(written) >= 7  # Zotero drops what is shorter
        assert not re.match(r"https?:", written)  # and takes this for the address
        assert programs.bare(archive_name(location)) in written
        assert programs.bare(shelfmark_text(location)) in written


@pytest.mark.parametrize("form", BIB)
def test_archive_and_archivelocation_are_there_for_better_bibtex(form: str) -> None:
    entries = bib(form)
    for key, record in archival().items():
        location, fields = record.locations[0], entries[key][1]
        assert bare(fields["archive"]) == programs.bare(archive_name(location))
        assert bare(fields.get("archivelocation", "")) == programs.bare(shelfmark_text(location))


def test_the_note_of_bibtex_begins_with_the_shelfmark() -> None:
    entries = bib("bibtex")
    for key, record in archival().items():
        location, note = record.locations[0], bare(entries[key][1]["note"])
        assert programs.bare(shelfmark_text(location)) in note
        assert note.startswith((programs.bare(archive_name(location)), "At: "))


@pytest.mark.parametrize("form", BIB)
def test_no_note_begins_like_an_identifier(form: str) -> None:
    # Zotero puts such a note among the identifiers
    notes = [fields.get("note", "") for _, fields in bib(form).values()]
    assert [note for note in notes if re.match(r"\{*(?:MR|LCCN|Zbl|PMID|PMCID)", note)] == []


@pytest.mark.parametrize("form", BIB)
def test_no_role_turns_into_an_author_and_no_archive_into_an_eprint(form: str) -> None:
    entries = bib(form)
    forbidden = {"editor", "recipient", "contributor", "eprint", "eprinttype", "archiveprefix", "eprintclass"}
    assert {key: found for key in archival() if (found := entries[key][1].keys() & forbidden)} == {}


@pytest.mark.parametrize("form", BIB)
def test_a_body_is_braced_and_nobody_is_called_others(form: str) -> None:
    entries = bib(form)
    authors = entries["body-with-and"][1]["author"]
    for body in ("Ministry of Trade and Industry", "Central Committee of the CPSU", "CIA, Office of Reports"):
        assert f"{{{body}}}" in authors
    assert "Kim, Il Sung" in authors
    # "and others" is a person of that name in Zotero, Better BibTeX, pandoc and citation-js: nobody is left out so
    crowds = [key for key, (_, fields) in entries.items() if re.search(r"\band \{?others\b", fields.get("author", ""))]
    assert crowds == ["and-others"]
    assert entries["five-hundred-authors"][1]["author"].count(" and ") == 499


def test_dates_of_bibtex_agree_and_the_month_is_a_macro() -> None:
    for _, fields in bib("bibtex").values():
        # Better BibTeX joins what differs
        if "year" in fields and "date" in fields:
            assert fields["date"].startswith(fields["year"].rstrip("?}"))
        month = fields.get("month")
        assert month is None or re.fullmatch(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\{[A-Z][a-z]+\}", month)
        assert "day" not in fields or "month" in fields


def test_dates_of_biblatex_are_edtf_alone() -> None:
    entries = bib("biblatex")
    for record in everything():
        fields = entries[record.key][1]
        assert not fields.keys() & {"year", "month", "day"}
        assert (fields.get("date", "{}")[1:-1] != "") == (record.date is not None)


def test_biblatex_has_what_its_styles_and_importers_print() -> None:
    entries = bib("biblatex")
    for key, record in archival().items():
        fields = entries[key][1]
        assert programs.bare(shelfmark_text(record.locations[0])) in bare(fields["library"])  # the call number of some
        if record.locations[0].city:
            assert bare(fields["location"]) == programs.bare(record.locations[0].city)
        if record.online.publisher:
            assert programs.bare(record.online.publisher) in bare(fields["addendum"])


@pytest.mark.parametrize("form", BIB)
def test_every_word_with_a_capital_is_braced_by_itself(form: str) -> None:
    # Zotero, Better BibTeX, pandoc and plain.bst lower the others; a title braced whole is undone by Better BibTeX
    for key, (_, fields) in bib(form).items():
        inner = fields["title"][1:-1]
        outside = re.sub(r"\\[A-Za-z]+", "", re.sub(r"\{[^{}]*\}", "", inner))
        assert [sign for sign in outside if sign != sign.lower()] == [], key
        assert not re.fullmatch(r"\{[^{}]* [^{}]*\}", inner), key


BAD = (r"\enquote", r"\mkbibquote", r"\~{", r"\^{", r"\textless", r"\ldots", r"$\backslash$", r"\url")


@pytest.mark.parametrize("form", BIB)
def test_no_field_has_a_command_that_importers_misread(form: str) -> None:
    text = everything_in(form)
    assert [command for command in BAD if command in text] == []


@pytest.mark.parametrize("form", BIB)
def test_every_line_outside_an_entry_is_empty(form: str) -> None:
    # an @ in a comment is the end of the file for citation-js, biblatex-csl-converter and bibtex
    text = everything_in(form)
    outside = re.sub(r"^@\w+\{[^\n]*\n(?:  [^\n]*\n)*\}$", "", text, flags=re.M)
    assert outside.strip() == ""


@pytest.mark.parametrize("form", BIB)
def test_keys_have_only_signs_that_every_program_takes(form: str) -> None:
    assert [key for key in bib(form) if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_:.+-]*", key)] == []


def test_the_page_has_the_faults_that_the_tests_know() -> None:
    page = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    listed = [f"| {' | '.join(cells)} |" for cells in faults.listed()]
    assert [line for line in listed if line not in page.splitlines()] == []
