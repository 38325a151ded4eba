"""The words before a level: which level one names, in a scheme and beside it, also where it is misspelt.

>>> level_of("акруш", LABELS)
'list'
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from citekit.shelfmark import LABELS, Scheme, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBERED = frozenset("no nos nr nrs № arkivnr fileno".split())
EVERYWHERE = frozenset("file files kniga кн kn".split())
_SHORT = frozenset("rg pp p ff bd bl ll".split())
LONG = 3  # a shorter label is read only where the archive's own scheme has it: "A 14330" is no akt
SOVIET = frozenset("fond opis delo list papka korobka perechen protokol tetrad portfel poriadok kniga stolbets".split())


def is_soviet(scheme: Scheme) -> bool:
    """Whether fond, opis and delo have marks in *scheme*, so that whatever bears none is a number or a remark."""
    return bool(scheme.level("fond").marks) and {"fond", "delo"} <= set(scheme.names()) and scheme.name != "nara"


@cache
def labels_of(scheme: Scheme) -> Mapping[str, str]:
    """Labels as `label_key` has them, and the level of each; an archive's own ones come before the usual ones."""
    soviet = is_soviet(scheme)
    own = {label_key(mark): level.name for level in scheme.levels for mark in level.all_marks()}
    usual = LABELS if soviet else {key: one for key, one in LABELS.items() if len(key) >= LONG or key in _SHORT}
    usual = {**_SCANNED, **usual} if soviet else {key: one for key, one in usual.items() if key not in EVERYWHERE}
    return MappingProxyType({**usual, **dict.fromkeys(NUMBERED, "item"), **own})


_SCANNED = {"on": "opis"}  # "On. 3": a scan's letters for "Оп."
_LOOKS_LIKE = str.maketrans("аеорсхкмті", "aeopcxkmti")


def label_key(label: str) -> str:
    return re.sub(r"[:’'/]", "", fold(label))


@cache
def _misspelt() -> Mapping[str, str]:
    """Labels of five letters and more by their letters, so that "акруш" is found for "аркуш"."""
    return MappingProxyType({label[0] + "".join(sorted(label)): lv for label, lv in LABELS.items() if len(label) > 4})


def level_of(label: str, labels: Mapping[str, str]) -> str:
    """The level that *label* names, also with letters of the other alphabet that look alike, or with two of them
    exchanged."""
    key = label_key(label)
    if key in labels or not key:
        return labels.get(key, "")
    alike = key.translate(_LOOKS_LIKE)
    if alike in labels and len(key) > 1:
        return labels[alike]
    return _misspelt().get(key[0] + "".join(sorted(key)), "") if len(key) > 4 else ""
