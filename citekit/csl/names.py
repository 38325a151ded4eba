"""Names: one name in its order, with particles and initials; a list of names with its joints and et al.

Source: CSL 1.0.2, "Names", "Name", "Et-al", "Name-part Order", "Name Particles"; for particles that the data does not
set apart, and for initials, what citeproc-js does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from citekit.csl.text import APOSTROPHE, bare
from citekit.csl.text import field as rich
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from citekit.csl.item import Name

# Letters of alphabets whose names are written with a space; other scripts write family and given name together
_ALPHABETIC = pattern(r"[A-Za-zªºÀ-ʯ\u0370-\u05ff\u0600-\u06ff\u0750-\u077f\u0900-\u10ff\u1e00-\u1fff]")


@dataclass(slots=True, eq=False, repr=False)
class Look:
    """How a style wants names: the attributes of `cs:name`, those it inherits, and the style's own options."""

    conjunction: str = ""  # `and`: the word or sign, "" for none
    delimiter: str = ", "
    precedes_et_al: str = "contextual"
    precedes_last: str = "contextual"
    et_al_min: int = 0
    et_al_use_first: int = 1
    et_al_subsequent_min: int = 0
    et_al_subsequent_use_first: int = 0
    et_al_use_last: bool = False
    form: str = "long"
    initialize: bool = True
    initialize_with: str | None = None
    hyphen: bool = True
    sort_order: str = ""  # `name-as-sort-order`: "", "first", "all"
    separator: str = ", "
    demote: str = "display-and-sort"
    et_al: str = "et al."
    wrap_family: Callable[[str], str] | None = None  # faces and case; what stands round the part is by itself
    wrap_given: Callable[[str], str] | None = None
    around_family: tuple[str, str] = ("", "")
    around_given: tuple[str, str] = ("", "")
    wrap_name: Callable[[str], str] | None = None
    wrap_et_al: Callable[[str], str] | None = None
    sorting: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Shown:
    """What became of a list of names: how many of them are shown, of how many, and each as printed."""

    names: Sequence[Name]
    count: int
    parts: list[str] = field(default_factory=list)
    text: str = ""


BETWEEN = "\x1f"  # stands between the parts of a sort key: a part that ends goes before one that goes on
INITIALS, FULL = 1, 2  # how much of a given name disambiguation adds


def count_shown(names: Sequence[Name], look: Look, *, subsequent: bool, more: int = 0) -> int:
    """How many names the style shows before et al., *more* of them for disambiguation; all where it has no et al."""
    least = look.et_al_min
    first = look.et_al_use_first
    if subsequent:
        least = look.et_al_subsequent_min or least
        first = look.et_al_subsequent_use_first or first
    if not least or len(names) < least or first >= len(names):
        return len(names)
    return min(len(names), max(first, more))


def render(
    names: Sequence[Name],
    look: Look,
    *,
    subsequent: bool = False,
    more: int = 0,
    levels: Mapping[int, int] | None = None,
) -> Shown:
    """The list as printed. *more* names and higher *levels* of given names, by place, come from disambiguation."""
    if len(names) == 1 and not levels:
        only = one(names[0], look, True, 0)
        return Shown(names, 1, [only], only)
    shown = count_shown(names, look, subsequent=subsequent, more=more)
    levels = levels or {}
    parts = [one(name, look, not place, levels.get(place, 0)) for place, name in enumerate(names[:shown])]
    text = _joined(parts, names, look, shown)
    return Shown(names, shown, parts, text)


def _joined(parts: list[str], names: Sequence[Name], look: Look, shown: int) -> str:
    if shown < len(names):
        return _with_et_al(parts, names, look, shown)
    if len(parts) < 2 or not look.conjunction:
        return look.delimiter.join(parts)
    precedes = _precedes(
        look.precedes_last, many=len(parts) > 2, inverted=_is_inverted(names[len(parts) - 2], look, len(parts) == 2)
    )
    before = look.delimiter.rstrip() if precedes and look.conjunction[0] == " " else ""
    return look.delimiter.join(parts[:-1]) + before + look.conjunction + parts[-1]


def conjoined(word: str) -> str:
    """A conjunction with spaces; one that is no word, or of a script without spaces, has those it needs."""
    return f" {word} " if word and (word[0] == "&" or (word[0].isalpha() and word[0] < _CJK)) else word


_CJK = "\u2e80"  # from here on scripts that set no spaces between words


def _is_inverted(name: Name, look: Look, first: bool) -> bool:
    return bool(name.family) and (look.sort_order == "all" or (look.sort_order == "first" and first))


def _precedes(rule: str, *, many: bool, inverted: bool) -> bool:
    if rule == "always":
        return True
    if rule == "after-inverted-name":
        return inverted
    return rule == "contextual" and many


def _with_et_al(parts: list[str], names: Sequence[Name], look: Look, shown: int) -> str:
    if not parts:
        return ""
    if look.et_al_use_last and len(names) > shown + 1:
        last = one(names[-1], look, False, 0)
        return look.delimiter.join(parts) + look.delimiter + "\N{HORIZONTAL ELLIPSIS} " + last
    if not look.et_al.strip():
        return look.delimiter.join(parts)
    inverted = _is_inverted(names[len(parts) - 1], look, len(parts) == 1)
    precedes = _precedes(look.precedes_et_al, many=len(parts) > 1, inverted=inverted)
    before = look.delimiter if precedes else "" if look.et_al[:1] >= _CJK else " "
    et_al = look.wrap_et_al(look.et_al) if look.wrap_et_al else look.et_al
    return look.delimiter.join(parts) + before + et_al


# One name


@lru_cache(16_384)
def one(name: Name, look: Look, first: bool, level: int) -> str:
    """One name as the style wants it; *first* of its list, *level* of its given name for disambiguation."""
    text = _one(name, look, first=first, level=level)
    return look.wrap_name(text) if look.wrap_name else text


def _one(name: Name, look: Look, *, first: bool, level: int) -> str:
    if name.literal or not (name.family or name.given):
        literal = _ARTICLE.sub("", name.literal) if look.sorting else name.literal
        return _family(rich(literal), look)
    parts = split(name.family, name.given, name.dropping_particle, name.non_dropping_particle)
    family, given, dropping, particle = parts
    suffix = rich(name.suffix) if name.suffix else ""
    if look.initialize_with is not None and "." not in look.initialize_with:
        suffix = suffix.replace(".", "")  # "King ML Jr", as citeproc-js has it
    if look.form == "short" and not level:
        if not family:
            return _around(_given(given, look), look.around_given)
        if look.sorting:
            return _sortable(family, particle, "", "", "", look)
        return _around(_with_particle(particle, family, look), look.around_family)
    if not _ALPHABETIC.search(family + given):
        return _family(family, look) + _given(given, look)
    given_text = _initialized(given, look, level) if family else given
    if look.sorting:
        return _sortable(family, particle, given_text, dropping, suffix, look)
    order = look.sort_order == "all" or (look.sort_order == "first" and first)
    if order:
        return _inverted(family, particle, given_text, dropping, suffix, look)
    comma = bool(name.more.get("comma-suffix")) if name.more else False
    return _direct(family, particle, given_text, dropping, suffix, look, comma=comma)


def _direct(family: str, particle: str, given: str, dropping: str, suffix: str, look: Look, *, comma: bool) -> str:
    last = _with_particle(particle, family, look)
    if suffix:
        last = f"{last}, {suffix}" if comma else _spaced(last, suffix)
    return _spaced(
        _around(_given(_spaced(given, dropping), look), look.around_given), _around(last, look.around_family)
    )


def _sortable(family: str, particle: str, given: str, dropping: str, suffix: str, look: Look) -> str:
    """The parts that names are sorted by, one after the other.

    Source: CSL 1.0.2, "Name-part Order"; non-personal names lose an English article.
    """
    if look.demote == "never":
        family, particle = _spaced(particle, family), ""
    return BETWEEN.join((family, _spaced(dropping, particle), given, suffix)).rstrip(BETWEEN)


_ARTICLE = pattern(r"^(?:an?|the)\s+", re.I)


def _inverted(family: str, particle: str, given: str, dropping: str, suffix: str, look: Look) -> str:
    """Faces and case go with the part of the name, affixes with the place: demoted particles stand in those of given.

    Source: CSL 1.0.2, "Name-part Formatting".
    """
    tail = _given(_spaced(given, dropping), look)
    if not family:
        return _around(tail, look.around_given)
    if look.demote == "display-and-sort":
        head, tail = _family(family, look), _spaced(tail, _family(particle, look))
    else:
        head = _with_particle(particle, family, look)
    pieces = _around(head, look.around_family), _around(tail, look.around_given), suffix
    return look.separator.join(piece for piece in pieces if piece)


def _around(text: str, affixes: tuple[str, str]) -> str:
    return f"{affixes[0]}{text}{affixes[1]}" if text else ""


def _with_particle(particle: str, family: str, look: Look) -> str:
    return _spaced(_family(particle, look), _family(family, look))


def _family(text: str, look: Look) -> str:
    return look.wrap_family(text) if look.wrap_family and text else text


def _given(text: str, look: Look) -> str:
    return look.wrap_given(text) if look.wrap_given and text else text


def _spaced(before: str, after: str) -> str:
    if not before or not after:
        return before or after
    return before + after if bare(before)[-1:] in f"'{APOSTROPHE}-\N{EN DASH}" else f"{before} {after}"


# Particles that stand in the family or given name: small words before the family name, behind the given one

_FRONT = pattern(
    r"((?:['’]?(?:[^\W\d_A-ZÀ-ÖØ-ÞА-Я][^\W\d_A-ZÀ-ÖØ-ÞА-Я]*)(?:['’ʼ]\s*|-(?=[A-Z])|\s+))+)(?=[^\W\d_])(.+)", re.S
)
_SMALL = pattern("['’]?[a-zà-öø-ÿ]+['’]?")


@lru_cache(4096)
def split(family: str, given: str, dropping: str, particle: str) -> tuple[str, str, str, str]:
    """(family, given, dropping particle, non-dropping particle), typeset, particles found where none is set apart.

    A family name in quotation marks is taken whole.
    """
    if family[:1] == '"' and family[-1:] == '"' and len(family) > 1:
        return rich(family[1:-1]), rich(given), rich(dropping), rich(particle)
    if not particle and not dropping:
        found = _FRONT.fullmatch(family)
        if found and found[2][:1].upper() == found[2][:1] and family != family.lower():
            particle, family = found[1].strip(), found[2]
        words = given.split()
        first = next((place for place in range(len(words), 0, -1) if not _SMALL.fullmatch(words[place - 1])), 0)
        if 0 < first < len(words):
            given, dropping = " ".join(words[:first]), " ".join(words[first:])
    return rich(family), rich(given), rich(dropping), rich(particle)


# Initials


def _initialized(given: str, look: Look, level: int) -> str:
    if look.initialize_with is None or not given:
        return given
    return initials(given, look.initialize_with, all_words=look.initialize and level < FULL, hyphen=look.hyphen)


@lru_cache(4096)
def initials(given: str, ending: str, *, all_words: bool = True, hyphen: bool = True) -> str:
    """The initials of a given name, each with *ending*; without *all_words* only those that are initials already.

    >>> initials("Jean-Luc", ". "), initials("James T", ". ", all_words=False)
    ('J.-L.', 'James T.')
    """
    if not _ALPHABETIC.match(bare(given)):
        return given  # "ʿAlī" begins with a sign
    if not hyphen:
        given = given.replace("-", " ")
    words = [word for word in _GIVEN_WORDS.findall(given) if word == "-" or _LETTERS.search(word)]
    out: list[str] = []
    for number, word in enumerate(words):
        if word == "-":
            if out:
                out[-1] = out[-1].rstrip()
            out.append("-")
        elif number and words[number - 1] == "-" and word.islower():  # "Guo-ping" is one name
            out.pop()
            if out and not all_words:
                out[-1] += f"-{word} "
        else:
            out.append(_initial(word, ending, all_words=all_words, out=out))
    return re.sub(r"\s+", " ", "".join(out)).strip()


_GIVEN_WORDS = pattern(r"[^\s.\-]+\.?|-")
_LETTERS = pattern(r"[^\W_]")


def _initial(word: str, ending: str, *, all_words: bool, out: list[str]) -> str:
    """What becomes of a word behind those that are *out*: its initial, or itself where it begins with no capital."""
    stem = word.rstrip(".")
    kept = not word[:1].isalpha() or (word[:1].islower() and (all_words or not word.endswith(".")))
    before = (
        " "
        if out
        and out[-1]
        and not out[-1][-1:].isspace()
        and out[-1] != "-"
        and (kept or (not all_words and not _short(stem)))
        else ""
    )
    if kept:
        return f"{before}{word} "
    if _short(stem) or word.endswith("."):
        return f"{before}{stem}{ending}"
    if all_words:
        return _first_letters(stem) + ending
    return f"{before}{word} "


def _short(stem: str) -> bool:
    return len(stem) == 1


def _first_letters(word: str) -> str:
    return word[:1].upper()


def for_sorting(look: Look) -> Look:
    """The look of names in a sort key: in full, inverted."""
    return replace(
        look,
        sort_order="all",
        sorting=True,
        conjunction="",
        et_al="",
        wrap_family=None,
        wrap_given=None,
        around_family=("", ""),
        around_given=("", ""),
        wrap_name=None,
    )
