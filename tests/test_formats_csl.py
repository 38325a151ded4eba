"""CSL-JSON and CSL-YAML: what Zotero, pandoc and others write comes in, and our own comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from citekit import formats, items
from citekit.csl import item as csl
from citekit.errors import ParseError
from citekit.exchange import ANY, Loss, Options
from citekit.record import Draft, Record
from tests.conftest import Run
from tests.shared import pandoc, shared_json
from tests.strategies import record_tables
from tests.test_csl_suite import cases
from tests.test_formats import sample
from tests.test_record import good, read

RGASPI = {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98", "list": "0160-0163"}


def recorded(table: dict[str, Any]) -> Record:
    record, issues = read(table)
    assert record is not None, issues
    return record


def back(name: str, record: Record, options: Options = ANY) -> Draft:
    (draft,) = formats.reader(name)(formats.writer(name)([record], options).text, "-")
    return draft


def item(record: Record, target: str = "") -> dict[str, Any]:
    (found,) = json.loads(formats.writer("csl-json")([record], Options(target)).text)
    return dict(found)


def table(entry: dict[str, Any]) -> dict[str, Any]:
    (draft,) = formats.reader("csl-json")(json.dumps([entry]), "-")
    assert draft.issue is None
    return dict(draft.table)


@pytest.mark.parametrize("name", ["csl-json", "csl-yaml"])
@settings(deadline=None)
@given(record_tables())
def test_a_record_comes_back_from_csl_as_it_was(name: str, table: dict[str, Any]) -> None:
    record = recorded(table)
    for options in (ANY, Options("zotero"), Options("pandoc", ascii=True)):
        draft = back(name, record, options)
        assert (draft.key, draft.issue) == ("key", None)
        assert repr_of(draft.table) == repr_of(record.table)


def test_the_items_of_the_official_cases_are_all_taken_and_come_back_as_they_were() -> None:
    """Names by halves, dates in words, variables of every kind: no exception, none lost, the second export the same."""
    read, write = formats.reader("csl-json"), formats.writer("csl-json")
    for case in cases():
        drafts = read(json.dumps(case["input"]), "-")
        assert [draft.key for draft in drafts] == [str(entry.get("id", "")) for entry in case["input"]]
        assert not any(draft.issue for draft in drafts)
        text = write([recorded(dict(draft.table)) for draft in drafts], ANY).text
        assert write([recorded(dict(draft.table)) for draft in read(text, "-")], ANY).text == text


def repr_of(value: Any) -> str:
    """The value with its types, the keys of its tables in one order."""
    if isinstance(value, dict):
        return repr(sorted((key, repr_of(part)) for key, part in value.items()))
    return repr([repr_of(part) for part in value]) if isinstance(value, list) else repr(value)


@settings(deadline=None)
@given(record_tables())
def test_an_export_is_valid_and_stable_whatever_the_record(table: dict[str, Any]) -> None:
    record = recorded({name: value for name, value in table.items() if name != "csl"})
    valid = jsonschema.Draft7Validator(shared_json("csl-suite/csl-data.json")).is_valid
    for options in (ANY, Options("zotero"), Options("pandoc")):
        text = formats.writer("csl-json")([record], options).text
        assert valid(json.loads(text))
        assert (
            formats.writer("csl-json")([recorded(dict(back("csl-json", record, options).table))], options).text == text
        )


def test_what_csl_has_no_variable_for_stands_in_custom_and_the_rest_beside_it() -> None:
    people = {"translator": [{"name": "Popp, Stephanie", "for": "CWIHP"}], "recorder": ["Potrubach"]}
    found = item(good({"people": people, "location": [RGASPI | {"file_title": "Notes"}], "folder": "7"}))
    assert found["custom"] == {
        "fond": "558",
        "opis": "11",
        "delo": "98",
        "list": "0160-0163",
        "people": {"recorder": ["Potrubach"]},
        "citekit": [
            ["folder", "7"],
            ["location.0.file_title", "Notes"],
            ["people.translator", [{"name": "Popp, Stephanie", "for": "CWIHP"}], ["Popp, Stephanie"]],
            ["type", None, "manuscript"],
        ],
    }
    assert found["note"] == "File: Notes. Translated for CWIHP by Stephanie Popp."


def test_what_was_edited_in_the_item_stays_edited_and_the_rest_returns() -> None:
    record = good({"type": "letter", "people": {"author": ["A, B"], "recorder": ["C"]}, "location": [RGASPI], "x": 1})
    entry = item(record) | {"title": "Another", "archive_location": "f. 17, op. 3, d. 5"}
    entry["note"] = "Mine."
    assert table(entry) == {
        "type": "letter",
        "title": "Another",
        "note": "Mine.",
        "people": {"author": ["A, B"], "recorder": ["C"]},
        "location": [{"archive": "RGASPI", "fond": "17", "opis": "3", "delo": "5"}],
        "x": 1,
    }


WORDS = [
    ({"literal": "5 March 1953"}, {"date": date(1953, 3, 5)}),
    ({"literal": "5–7 июня 1950 г."}, {"date": "1950-06-05/1950-06-07"}),
    ({"raw": "March 1953"}, {"date": "1953-03"}),
    ({"literal": "March 1953", "circa": True}, {"date": "1953-03~"}),
    ({"literal": "25 October 1917 (O.S.)"}, {"date": "1917-10-25", "calendar": "julian"}),
    ({"literal": "early 1953"}, {"date": "1953", "date_note": "early"}),
    ({"literal": "n.d."}, {"date_note": "n.d."}),
    ({"literal": "the day of the funeral"}, {"date_note": "the day of the funeral"}),
]


@pytest.mark.parametrize(("issued", "dated"), WORDS)
def test_a_date_in_words_is_read_where_it_is_one(issued: dict[str, Any], dated: dict[str, Any]) -> None:
    entry = {"id": "n", "type": "article-newspaper", "title": "News", "issued": issued}
    assert table(entry) == {"type": "article-newspaper", "title": "News"} | dated


def test_levels_that_say_otherwise_than_the_shelfmark_are_not_kept_by_an_update(run: Run, library: Path) -> None:
    key = "record-1945-10-05"
    text = run("export", key, "--to", "csl-json").stdout
    edited = text.replace("pap. 248, d. 7, ll.", "pap. 248, d. 8, ll.")
    assert edited != text
    before = (library / "records" / f"{key}.toml").read_text()
    assert run("import", "-", "--on-conflict", "update", stdin=edited).code == 0
    assert (library / "records" / f"{key}.toml").read_text() == before.replace('delo = "7"', 'delo = "8"')


def test_a_rest_that_is_spoilt_is_told_and_kept() -> None:
    entry = {"id": "k", "type": "book", "title": "T", "custom": {"citekit": [["title"]]}}
    (draft,) = formats.reader("csl-json")(json.dumps(entry), "refs.json")
    assert draft.table == {"type": "book", "title": "T", "csl": {"custom": {"citekit": [["title"]]}}}
    assert draft.issue is not None
    assert (draft.issue.level, draft.issue.message) == (
        "warning",
        "item 1: the field 'citekit' is not as citekit wrote it; it is kept as it stands",
    )


def test_zotero_is_told_of_no_type_and_no_creator_it_would_not_take() -> None:
    performance = good({"type": "performance", "people": {"editor": ["Doe, J."], "author": ["Roe, R."]}})
    assert (item(performance)["type"], item(performance, "zotero")["type"]) == ("performance", "document")
    assert item(performance, "zotero")["genre"] == "performance"
    assert (
        item(performance)["editor"] == item(performance, "zotero").get("editor") == [{"family": "Doe", "given": "J."}]
    )
    report = good({"type": "report", "people": {"editor": ["Doe, J."]}})
    assert "editor" in item(report)
    assert "editor" not in item(report, "zotero")
    memo = good({"type": "memo", "people": {"recipient": ["Doe, J."], "contributor": ["R, S"]}, "location": [RGASPI]})
    assert {"recipient", "contributor"} & item(memo, "zotero").keys() == {"contributor"}


def test_a_letter_has_its_recipient_and_a_telegram_keeps_him_aside() -> None:
    people = {"people": {"recipient": ["Mao Zedong"]}, "location": [RGASPI]}
    assert item(good({"type": "letter"} | people))["type"] == "personal_communication"
    assert item(good({"type": "letter"} | people))["recipient"] == [{"literal": "Mao Zedong"}]
    assert item(good({"type": "telegram"} | people))["type"] == "manuscript"
    assert item(good({"type": "telegram"} | people))["custom"]["people"] == {"recipient": ["Mao Zedong"]}


def test_a_translated_letter_is_no_letter_to_zotero() -> None:
    people = {"people": {"recipient": ["Mao Zedong"], "translator": ["G, G"]}, "location": [RGASPI], "type": "letter"}
    assert item(good(people))["type"] == "manuscript"
    untitled = recorded({"title": ""} | people)
    assert [item(untitled, target)["type"] for target in ("", "zotero")] == ["personal_communication", "manuscript"]


def test_a_number_that_is_no_range_is_not_printed_as_one() -> None:
    found = item(good({"number": "1413-M", "location": [RGASPI]}))
    assert ("number" in found, found["note"], found["custom"]["number"]) == (False, "No. 1413-M.", "1413-M")
    assert item(good({"number": "1413", "location": [RGASPI]}))["number"] == "1413"


def test_pandoc_gets_nobody_whom_it_would_print_as_an_author() -> None:
    people = {"contributor": ["Radchenko, Sergey"], "translator": ["Goldberg, Gary"]}
    for author in ({}, {"author": ["Molotov, V. M."]}):
        found = item(good({"people": people | author, "location": [RGASPI]}), "pandoc")
        assert "contributor" not in found
        assert ("translator" in found) == bool(author)
        assert found["note"] == "Contributed by Sergey Radchenko and translated by Gary Goldberg."


def test_what_zotero_drops_is_lost_there_and_only_there() -> None:
    record = good({"tags": ["Japan"], "classification": "Secret", "location": [RGASPI], "folder": "7"})
    folder = Loss("key", "folder", "7")
    assert formats.writer("csl-json")([record], ANY).losses == (folder,)
    assert set(formats.writer("csl-json")([record], Options("zotero")).losses) == {
        folder,
        Loss("key", "tags", "Japan"),
        Loss("key", "classification", "Secret"),
    }
    assert set(formats.writer("csl-json")([record], Options("pandoc")).losses) == {
        folder,
        Loss("key", "classification", "Secret"),
    }


def test_ascii_escapes_every_other_letter() -> None:
    written = formats.writer("csl-json")([good({"title": "Хрущёв"})], Options(ascii=True)).text
    assert "\\u0425" in written
    assert written.isascii()


MOSCOW = {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98", "list": "160-163"}
WILSON = "RGASPI, f. 558, op. 11, d. 98, ll. 160-163. Contributed by Sergey Radchenko and translated by Gary Goldberg."
LIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "as Zotero exports a manuscript",
        {"archive": "RGASPI", "archive_location": "f. 558, op. 11, d. 98, ll. 160-163", "publisher-place": "Moscow"},
        {"location": [MOSCOW]},
    ),
    (
        "in Cyrillic marks",
        {"archive": "РГАСПИ", "archive_location": "Ф. 558. Оп. 11. Д. 98. Л. 160–163"},
        {"location": [MOSCOW | {"archive": "РГАСПИ", "list": "160-163"}]},
    ),
    (
        "by Zotero's translator for the Wilson Center",
        {"archive": "History and Public Policy Program Digital Archive", "archive_location": WILSON},
        {
            "location": [MOSCOW],
            "people": {"contributor": ["Radchenko, Sergey"], "translator": ["Goldberg, Gary"]},
            "online": {"publisher": "History and Public Policy Program Digital Archive"},
        },
    ),
    (
        "in lines of Extra",
        {"note": "Read twice.\narchive: RGASPI\nArchive location: f. 558, op. 11, d. 98, ll. 160-163\nissued: 1946~"},
        {"note": "Read twice.", "location": [MOSCOW], "date": "1946~"},
    ),
    (
        "split over a collection",
        {"archive": "RGASPI", "archive_location": "d. 98, ll. 160-163", "note": "archive_collection: f. 558, op. 11"},
        {"location": [MOSCOW]},
    ),
    (
        "from howpublished, by way of Zotero",
        {"note": "Published: RGASPI, f. 558, op. 11, d. 98, ll. 160-163\ntex.key: v"},
        {"location": [MOSCOW], "note": "tex.key: v"},
    ),
    (
        "in the volume",
        {"volume": "РГАСПИ. Ф. 558. Оп. 11."},
        {"location": [{"archive": "РГАСПИ", "fond": "558", "opis": "11"}]},
    ),
    (
        "in the call number",
        {"call-number": "TNA, FO 371/84053"},
        {"location": [{"archive": "TNA", "series": "FO 371", "piece": "84053"}]},
    ),
    ("a volume that is one", {"volume": "8"}, {"published": {"volume": "8"}}),
    ("a note that is one", {"note": "See f. 5, and ask."}, {"note": "See f. 5, and ask."}),
    (
        "two places",
        {"archive_location": "RGASPI, f. 558, op. 11, d. 98; RGANI, f. 5, op. 30"},
        {"location": [
            {"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "98"},
            {"archive": "RGANI", "fond": "5", "opis": "30"},
        ]},
    ),
    (
        "words that are no levels",
        {"archive": "AMSZ", "archive_location": "somewhere on the left"},
        {"location": [{"archive": "AMSZ", "shelfmark": "somewhere on the left"}]},
    ),
    (
        "another's place",
        {"archive": "RGASPI", "publisher-place": "Paris"},
        {"location": [{"archive": "RGASPI"}], "published": {"place": "Paris"}},
    ),
    (
        "a place of its own",
        {"archive": "Uncle's desk", "archive-place": "Oslo"},
        {"location": [{"archive": "Uncle's desk", "place": "Oslo"}]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "expected"), [case[1:] for case in LIES], ids=[case[0] for case in LIES])
def test_where_it_lies_is_read_wherever_it_stands(entry: dict[str, Any], expected: dict[str, Any]) -> None:
    assert (
        table({"id": "x", "type": "manuscript", "title": "T"} | entry)
        == {"type": "manuscript", "title": "T"} | expected
    )


EXTRA = """type: letter_of_nobody
type: personal_communication
Citation Key: molotov1945
recipient: Mao || Zedong
recipient: CC CPSU
Original Date: 1944
accessed: yesterday
genre: again
tex.archive: x
Mind: the gap"""


def test_lines_of_extra_are_variables_where_they_can_be() -> None:
    entry = {
        "id": "x",
        "type": "manuscript",
        "title": "T",
        "genre": "letter",
        "note": EXTRA,
        "issued": {"raw": "never"},
    }
    assert table(entry) == {
        "type": "letter",
        "title": "T",
        "date_note": "never",
        "note": "type: letter_of_nobody\naccessed: yesterday\ngenre: again\ntex.archive: x\nMind: the gap",
        "people": {"recipient": ["Mao, Zedong", "CC CPSU"]},
        "csl": {"citation-key": "molotov1945", "original-date": {"raw": "1944"}},
    }


def test_a_key_is_the_citation_key_where_the_id_is_an_address() -> None:
    address = "http://zotero.org/users/1/items/A"
    entries = [
        {"id": address, "citation-key": "a1"},
        {"id": address, "note": "Mine\nCitation Key: a2"},
        {"id": address, "citation-key": "a/3"},
        {"id": "k", "citation-key": "b"},
    ]
    assert [draft.key for draft in formats.reader("csl-json")(json.dumps(entries), "-")] == ["a1", "a2", address, "k"]


@pytest.mark.parametrize(
    "custom", [{"people": 5}, {"titles": ["x"]}, {"people": {"author": [""]}}, {"fond": 7}, "x", [1]]
)
def test_what_another_program_keeps_in_custom_is_kept(custom: Any) -> None:
    entry = {"id": "x", "type": "book", "title": "T", "custom": custom}
    assert table(entry) == {"type": "book", "title": "T", "csl": {"custom": custom}}


@pytest.mark.parametrize("name", ["csl-json", "csl-yaml"])
def test_what_came_in_goes_out_and_comes_in_the_same(name: str) -> None:
    first = formats.writer(name)(sample(), ANY).text
    assert [draft.table for draft in formats.reader(name)(first, "-")] == [record.table for record in sample()]


# CSL-YAML

PANDOC = """---
nocite: "[@*]"
references:
- id: a
  type: manuscript
  title: "No"
  title-short: no
  issued: 1945-11-19
  accessed:
  - year: 2020
    month: 1
  archive: РГАСПИ
  archive_location: Ф. 558. Оп. 11.
  volume: 1e3
- &same
  id: b
  title: [x
  ]
- *same
- just words
- !!python/object/apply:os.system ["true"]
- ? [a]
  : b
---

# A manuscript [@a]
"""


def test_what_pandoc_has_at_the_head_of_a_manuscript_is_read() -> None:
    drafts = formats.reader("csl-yaml")(PANDOC, "draft.yaml")
    assert drafts[0].table == {
        "type": "manuscript",
        "title": "No",
        "short_title": "no",
        "date": date(1945, 11, 19),
        "location": [{"archive": "РГАСПИ", "fond": "558", "opis": "11"}],
        "online": {"accessed": "2020-01"},
        "published": {"volume": "1e3"},
    }
    assert [(draft.key, draft.line) for draft in drafts] == [
        ("a", 4),
        ("b", 15),
        ("b", 15),
        ("", 20),
        ("", 21),
        ("", 22),
    ]
    assert [draft.issue.message for draft in drafts if draft.issue] == [
        "item 4 is no object",
        "item 5 cannot be read: could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/object/apply:os.system'",
        "item 6 cannot be read: found unhashable key",
    ]


def test_aliases_of_aliases_end_soon() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for one, other in pairwise("abcdefghijk"):
        bomb += f"{other}: &{other} [{', '.join([f'*{one}'] * 10)}]\n"
    text = (
        "references:\n- id: x\n  title: T\n- {id: y, title: Y, custom: {"
        + ", ".join(bomb.splitlines())
        + "}}\n- &z [*z]\n"
    )
    good_one, bomb_one, endless = formats.reader("csl-yaml")(text, "-")
    assert good_one.table["title"] == "T"
    assert [one.issue and one.issue.message for one in (bomb_one, endless)] == [
        "item 2 is too large",
        "item 3 is too large",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("references: [", "not YAML: expected the node content"),
        ("title: x", "there are no references in it"),
        ("", "there are no references in it"),
        ("references:\n- id: x\n\ttitle: y", "not YAML: found character"),
        ("a\x00b", "not YAML: unacceptable character"),
        ("[" * 5000, "not YAML"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        formats.reader("csl-yaml")(text, "-")


def test_words_that_yaml_reads_as_something_else_are_quoted() -> None:
    words = ["no", "y", "1e3", "0o17", "1945-11-19", "- a", "~", "<<", "*a", "!!x", "1:30", "=", "\x85\u2028\x1b[m"]
    record = recorded({"title": "T", "tags": words})
    text = formats.writer("csl-yaml")([record], ANY).text
    assert "\x1b" not in text
    for word in words[:-1]:
        assert f"\n  title: {word}\n" not in formats.writer("csl-yaml")([recorded({"title": word})], ANY).text


HOSTILE = "\\input{/etc/passwd}|<script>x</script>|$\\write18{x}$|`x`{=latex}|*a* _b_ ~c~ ^d^".split("|")
HOSTILE += "[@key]|[a](b)|@key|&copy;".split("|")
HOSTILE += [
    "- a",
    "1. a",
    "# a",
    "> a",
    "| a",
    ": a",
    "a|b\n-|-\nc|d",
    "+ a",
    "(1) a",
    "A. a",
    "#. a",
    "***",
    "a\n===",
    "![a](b)",
    "x\\",
]


def test_nothing_is_markdown_to_pandoc_nor_tex() -> None:
    records = [replace(recorded({"title": title}), key=f"k{number}") for number, title in enumerate(HOSTILE)]
    text = formats.writer("csl-yaml")(records, ANY).text
    found = json.loads(pandoc("-f", "markdown-smart", "-t", "csljson", text=text))
    assert {one["id"]: one["title"].replace("&lt;", "<").replace("&gt;", ">") for one in found} == {
        record.key: " ".join(record.title.split()) for record in records
    }


def test_pandoc_reads_every_sample_from_yaml() -> None:
    text = formats.writer("csl-yaml")(sample(), Options("pandoc")).text
    found = json.loads(pandoc("-f", "markdown", "-t", "csljson", text=text))
    assert {one["id"] for one in found} == {record.key for record in sample()}
    (one,) = [one for one in found if one["id"].startswith("molotov")]
    # "f. " is one of the abbreviations behind which pandoc keeps a line together
    assert one["archive_location"].replace("\u00a0", " ") == "f. 558, op. 11, d. 98, ll. 0160-0163"
    assert one["issued"]["date-parts"] == [[1945, 11, 19]]


@pytest.mark.parametrize(("line", "most"), [("a=1", 0), ("see box 5", 0), ("National 7", 0), ("RGASPI 1", 40)])
def test_of_a_note_of_many_lines_few_are_read_as_shelfmarks(
    line: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(items, "read_locations", asked.append)
    items.to_table(csl.Item("k", "book", {"note": f"{line}\n" * 1000}))
    assert asked == [line] * most


def test_a_shelfmark_is_found_behind_many_lines_of_a_note() -> None:
    note = "page 7 of 12\n" * 1000
    table = items.to_table(csl.Item("k", "manuscript", {"note": f"{note}ГА РФ. Ф. 5783. Оп. 1"}))
    assert table["location"] == [{"archive": "ГА РФ", "fond": "5783", "opis": "1"}]
