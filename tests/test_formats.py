"""Exports hold in the programs that read them: the schema, pandoc, and what TeX would take for a command."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import jsonschema
import pytest

from citekit import formats
from citekit.errors import UsageError, did_you_mean
from citekit.exchange import ANY
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


def test_csl_json_reaches_pandoc_whole() -> None:
    (item,) = json.loads(pandoc("-f", "csljson", "-t", "csljson", text=one("csl-json", Library(ROOT).record(FIRST)[0])))
    assert (item["archive"], item["archive_location"], item["archive-place"]) == ("RGASPI", SHELFMARK, "Moscow")
    assert item["translator"] == [{"family": "Goldberg", "given": "Gary"}]
    assert item["issued"]["date-parts"] == [[1945, 11, 19]]


def test_every_sample_record_is_read_by_pandoc_from_both_formats() -> None:
    for name, reader in [("bibtex", "bibtex"), ("csl-json", "csljson")]:
        items = json.loads(pandoc("-f", reader, "-t", "csljson", text=formats.writer(name)(sample(), ANY).text))
        assert len(items) == 24


def test_nothing_makes_an_empty_file() -> None:
    assert formats.writer("bibtex")([], ANY).text == ""
    assert json.loads(formats.writer("csl-json")([], ANY).text) == []


def test_csl_json_escapes_what_a_terminal_obeys() -> None:
    table: dict[str, Any] = {"csl": {"medium": "a\x9bb\x7f"}}
    assert "a\\u009bb\\u007f" in one("csl-json", good(table))


def test_an_unknown_format_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no format 'bibtxe'") as caught:
        formats.writer("bibtxe")
    assert caught.value.hint == did_you_mean("bibtxe", formats.NAMES)


def test_the_same_records_give_the_same_bytes() -> None:
    assert formats.writer("bibtex")(sample(), ANY).text == formats.writer("bibtex")(sample(), ANY).text
