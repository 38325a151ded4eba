"""Numbers: what counts as numeric, plural, ordinals, Roman figures, and page ranges.

Source: CSL 1.0.2, "Number", "Choose" (is-numeric), "Label" (plural), appendix V "Page Range Formats".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from citekit.patterns import pattern

if TYPE_CHECKING:
    from citekit.csl.locale import Locale

EN_DASH = "\N{EN DASH}"
LONGEST = 1_000  # signs; a longer content is words, whatever it holds
# Variables whose content is a number or a range of them (CSL 1.0.2, appendix IV)
NUMBER_VARIABLES = frozenset(
    "chapter-number citation-number collection-number edition first-reference-note-number issue locator number "
    "number-of-pages number-of-volumes page page-first part-number printing-number section supplement-number "
    "version volume".split()
)
# A number may have letters before and behind: "D2", "2b", "L2d"; several are joined by comma, hyphen or ampersand.
# citeproc-js counts small Roman figures and "3/4", a double issue, but not "2.1"
_ONE = r"(?:[^\W\d_]*\d+[^\W\d_]*|[ivx]+|\d+(?:/\d+)+)"
_NUMERIC = pattern(rf"\s*{_ONE}(?:\s*[,&–-]\s*{_ONE})*\s*")
_ROMAN_ONLY = pattern(r"[ivxlcdm]+\.?|[IVXLCDM]+\.?")
_PIECES = pattern(r"(\s*[,&–-]\s*|\s+and\s+)")


@lru_cache(2048)
def is_numeric(text: str) -> bool:
    """Whether the whole content is numbers: figures, with a prefix or suffix of letters, and what joins them."""
    return len(text) <= LONGEST and bool(_NUMERIC.fullmatch(text))


def is_plural(text: str) -> bool:
    """Whether the content holds more than one number: "1-3", "5, 7", "xi–xv"; a minus before a word counts not."""
    text = " ".join(text[:LONGEST].split())
    pieces = re.split(r"\s*[,&–—]\s*|(?<=\w)\s*--?\s*(?=\w)|\s+(?:and|et|und|y|и)\s+", text.strip())
    numbers = [piece for piece in pieces if re.search(r"\d", piece) or _ROMAN_ONLY.fullmatch(piece)]
    return len(numbers) > 1


_DASHED = pattern(r"(?<=[\divx])\s*-\s*(?=[\divx])")
_HYPHEN = pattern(r"(?<=\w)\s*--?\s*(?=\w)")


def dashed(text: str, delimiter: str = EN_DASH) -> str:
    """A numeric content with *delimiter* for the hyphens between its numbers.

    >>> dashed("3-4"), dashed("A-1")
    ('3–4', 'A-1')
    """
    return _DASHED.sub(lambda _: delimiter, text) if "-" in text and is_numeric(text) else text


def unhyphened(text: str, delimiter: str) -> str:
    r"""A locator with *delimiter* for its hyphens, but for those that the writer set apart as ``\-``.

    Source: CSL 1.0.2, "Range Delimiters".
    """
    return text.replace("\\-", "-") if "\\-" in text else _HYPHEN.sub(lambda _: delimiter, text)


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """The number in small Roman figures; from 4000 on, which have none, in Arabic ones.

    >>> roman(1948)
    'mcmxlviii'
    """
    if not 0 < number < 4000:
        return str(number)
    out = []
    for value, figures in _ROMAN:
        count, number = divmod(number, value)
        out.append(figures * count)
    return "".join(out)


def formatted(text: str, form: str, locale: Locale, gender: str) -> str:
    """A number in *form* (`numeric`, `ordinal`, `long-ordinal`, `roman`), each number of a list or range by itself.

    What is not numeric stays as it is.
    """
    if not is_numeric(text):
        return text
    pieces = _PIECES.split(text.strip())
    between = locale.term("page-range-delimiter") or EN_DASH
    return "".join(
        _joint(piece, between) if number % 2 else _one(piece, form, locale, gender)
        for number, piece in enumerate(pieces)
    )


def _joint(piece: str, between: str) -> str:
    sign = piece.strip()
    return {",": ", ", "&": " & ", "-": between, EN_DASH: EN_DASH}.get(sign, piece)


def _one(piece: str, form: str, locale: Locale, gender: str) -> str:
    if form == "numeric" or not piece.isdecimal() or len(piece) > 18:
        return piece
    number = int(piece)
    if form == "roman":
        return roman(number)
    if form == "long-ordinal" and (words := locale.long_ordinal(number, gender)):
        return words
    return f"{piece}{locale.ordinal(number, gender)}"


# Page ranges

_RANGE = pattern(
    r"(?<![\w.])((?:\d*[^\W\d_]+)?)(\d{1,18})([^\W\d_]?)\s*(?:--?|–|—)\s*((?:\d*[^\W\d_]+)?)(\d{1,18})([^\W\d_]?)(?![\w–-])"
)


@lru_cache(4096)
def pages(text: str, form: str, delimiter: str) -> str:
    r"""Page ranges in the style's *form*, with *delimiter* between the numbers.

    >>> pages("321-328", "chicago", "–"), pages("42-45", "minimal", "–"), pages("1496-504", "expanded", "–")
    ('321–28', '42–5', '1496–1504')
    """
    if ("-" not in text and EN_DASH not in text) or len(text) > LONGEST:
        return text
    if "\\-" in text:
        return text.replace("\\-", "-")

    def one(match: re.Match[str]) -> str:
        prefix, first, side, prefix2, last, side2 = match.groups()
        if not form:
            return f"{prefix}{first}{side}{delimiter}{prefix2}{last}{side2}"
        full = _expanded(first, last)
        if prefix2 != prefix or side or side2 or int(full) < int(first):
            joint = delimiter if (side or side2) and prefix2 == prefix else "-"
            return f"{prefix}{first}{side}{joint}{prefix2}{last}{side2}"
        shown = _shortened(first, full, form)
        return f"{prefix}{first}{delimiter}{prefix if form == 'expanded' else ''}{shown}"

    done = _RANGE.sub(one, text)
    return re.sub(r"(?<=\w)\s*(?:--|[–-])\s*(?=\w)", delimiter, done) if not _RANGE.search(text) else done


def _expanded(first: str, last: str) -> str:
    return first[: len(first) - len(last)] + last if len(last) < len(first) else last


def _shortened(first: str, last: str, form: str) -> str:
    if form == "expanded" or len(first) != len(last):
        return last
    if form in ("minimal", "minimal-two"):
        return _minimal(first, last, 2 if form == "minimal-two" else 1)
    return _chicago(first, last, sixteenth=form == "chicago-16")


def _minimal(first: str, last: str, least: int) -> str:
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(last))
    return last[min(same, max(0, len(last) - least)) :]


def _chicago(first: str, last: str, *, sixteenth: bool) -> str:
    """The Chicago Manual of Style, 15th edition (`chicago`, `chicago-15`) and 16th (`chicago-16`)."""
    number = int(first)
    if number < 100 or number % 100 == 0:
        return last
    short = _minimal(first, last, 1 if number % 100 < 10 else 2)
    if len(first) == 4 and len(short) == 3 and not sixteenth:
        return last
    return short
