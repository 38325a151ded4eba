"""The official cases of CSL, which lie beside the project: those listed in `csl_suite.txt` pass, and no others.

Who mends a case adds its name; who breaks one sees its name here.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from tests.csl_suite_adapter import run
from tests.shared import ROOT, shared

LISTED = ROOT / "tests/csl_suite.txt"
SHARE = 0.98


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """All cases as their own runner reads them; skips where they are missing."""
    folder = shared("csl-suite")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    import csl_suite

    return tuple(csl_suite.load_suite(folder / "cases"))


def passes(case: dict[str, Any]) -> bool:
    """Whether we print what the case expects; an exception is a case that does not pass."""
    import csl_suite

    try:
        return bool(csl_suite.matches(run(case), case))
    except Exception:
        return False


@cache
def passing() -> frozenset[str]:
    """The names of the cases that pass."""
    return frozenset(case["name"] for case in cases() if passes(case))


def listed() -> list[str]:
    """The names in the list."""
    return LISTED.read_text(encoding="utf-8").split()


def test_the_list_is_in_order_and_names_each_case_once() -> None:
    assert listed() == sorted(set(listed()))


def test_every_case_that_is_listed_passes() -> None:
    assert set(listed()) - passing() == set()


def test_every_case_that_passes_is_listed() -> None:
    assert passing() - set(listed()) == set()


def test_nearly_all_cases_pass() -> None:
    assert len(passing()) >= SHARE * len(cases())
