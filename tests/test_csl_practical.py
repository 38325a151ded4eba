"""Sources as people cite them in twelve styles, against what citeproc-js prints; both lie beside the project.

`cases/csl_practical.toml` lists every difference that is left, and why; docs/csl.md says who is right.
"""

from __future__ import annotations

import json
import runpy
import sys
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from citekit import csl
from tests.shared import ROOT, shared

KNOWN = ROOT / "tests/cases/csl_practical.toml"
SINGLE = ("first", "subsequent", "ibid", "bibliography")


@cache
def outcomes() -> tuple[dict[str, Any], ...]:
    """Every text with what citeproc-js prints, as the runner of these documents compares them."""
    runner = shared("csl-suite/practical/compare.py")
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        out = Path(folder, "out.json")
        patch.setattr(sys, "path", [*sys.path])
        patch.setattr(csl, "compile_style", cache(csl.compile_style))  # it asks for a style with each document
        patch.setattr(sys, "argv", ["", "--engine", "tests.csl_practical_adapter:render", "--json", str(out)])
        runpy.run_path(str(runner), run_name="__main__")
        return tuple(json.loads(out.read_text(encoding="utf-8")))


def place(one: dict[str, Any]) -> str:
    """Where the text stands."""
    return "/".join(one[key] for key in ("style", "split", "item", "part") if one[key] != "dev")


def differences() -> dict[str, str]:
    """What citeproc-js prints where we print something else, by place."""
    return {place(one): one["expected"] for one in outcomes() if not one["equal"]}


def known() -> dict[str, str]:
    """The differences that are listed."""
    causes = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["cause"]
    assert all(cause["why"] for cause in causes)
    return {where: text for cause in causes for where, text in cause["theirs"].items()}


def test_every_difference_is_listed() -> None:
    assert differences().items() - known().items() == set()


def test_every_listed_difference_is_there() -> None:
    assert known().items() - differences().items() == set()


@pytest.mark.parametrize(
    ("parts", "share"), [(SINGLE, 0.97), (("document",), 0.95), (("document-bibliography",), 0.95)], ids=str
)
def test_nearly_all_texts_are_those_of_citeproc_js(parts: tuple[str, ...], share: float) -> None:
    equal = [one["equal"] for one in outcomes() if one["part"] in parts]
    assert sum(equal) >= share * len(equal) > 0


def test_no_text_is_an_exception() -> None:
    assert [place(one) for one in outcomes() if str(one["actual"]).startswith("!! ")] == []
