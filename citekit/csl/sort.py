"""Sorting: keys that follow the letters of a language, and items by the keys of a style.

There is no ICU in the standard library. `collation_key` does what its root order does for the alphabets that scholars
cite in: letters by their base, then accents, then case; spaces and signs before figures, figures before letters; with
the letters that some languages count as their own.

Source: CSL 1.0.2, "Sorting" (empty keys last in both orders); Unicode Technical Standard 10; CLDR for the languages.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from citekit.csl.names import BETWEEN
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from citekit.csl.compile import Cite, SortKey

T = TypeVar("T")

# Letters of their own, each behind the one before it: "zåäö" sorts å, ä, ö behind z. Source: CLDR 44, collation.
_OWN: Mapping[str, Sequence[str]] = {
    "da": ("zæøå",),
    "nb": ("zæøå",),
    "nn": ("zæøå",),
    "no": ("zæøå",),
    "sv": ("zåäö",),
    "fi": ("zåäö",),
    "et": ("sšzž", "wõäöü"),
    "es": ("nñ",),
    "pl": ("aą", "cć", "eę", "lł", "nń", "oó", "sś", "zźż"),
    "cs": ("cč", "rř", "sš", "zž"),
    "sk": ("aä", "cč", "oô", "sš", "zž"),
    "hr": ("cčć", "dđ", "sš", "zž"),
    "sl": ("cč", "sš", "zž"),
    "hu": ("oö", "uü"),
    "ro": ("aăâ", "iî", "sș", "tț"),
    "tr": ("cç", "gğ", "hı", "oö", "sş", "uü"),
    "lt": ("cč", "sš", "zž"),
    "lv": ("cč", "gģ", "kķ", "lļ", "nņ", "sš", "zž"),
    "uk": ("гґ", "еє", "иіїй"),
    "ru": ("ий",),
}
# Where the language's own script goes before the others. Source: CLDR 44, [reorder].
_CYRILLIC, _GREEK, _ARABIC, _HEBREW = (
    pattern(f"[{letters}]") for letters in ("\u0400-\u052f", "\u0370-\u03ff", "\u0600-\u06ff", "\u0590-\u05ff")
)
_FIRST: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys("ru uk be bg mk sr mn kk ky tg".split(), _CYRILLIC),
    "el": _GREEK,
    "ar": _ARABIC,
    "fa": _ARABIC,
    "he": _HEBREW,
}
_LETTER = pattern("@(.)", re.S)  # a letter with its mark, a sign between figures and letters
# Letters that decompose but count as their own everywhere, and those that do not decompose but have a base
_WHOLE = {"й": "и\uffff", "ў": "у\uffff", "ї": "і\uffff"}
_BASE = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_IGNORED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


@lru_cache(8192)
def collation_key(text: str, lang: str = "en") -> tuple[str, str, str]:
    """A key by which texts sort as in the dictionaries of *lang* (BCP 47).

    >>> sorted(["Zürich", "Åbo", "apple"], key=lambda word: collation_key(word, "sv"))
    ['apple', 'Zürich', 'Åbo']
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_IGNORED))
    text = text.strip()
    folded = text.lower()
    return _primary(folded, lang[:2].lower()), _accents(folded), text.swapcase()


def _primary(folded: str, language: str) -> str:
    key = folded.translate(_own(language))
    first = _FIRST.get(language)
    return key if first is None else _LETTER.sub(lambda match: ("@" if first.match(match[1]) else "A") + match[1], key)


class _Keys(dict[int, str | None]):
    """The part of a key that each sign makes, found when it is first met; None where it does not count."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark  # stands before a letter

    def __missing__(self, code: int) -> str | None:
        self[code] = self.of(chr(code)) or None
        return self[code]

    def of(self, sign: str) -> str:
        """The key of a sign: of its letters without what stands above and below them."""
        based = sign.translate(_BASE)
        plain = "".join(one for one in unicodedata.normalize("NFKD", based) if not unicodedata.combining(one))
        return "".join(map(self.letter, plain))

    def letter(self, sign: str) -> str:
        """The ends of keys, then spaces, figures, letters in the order of their scripts; other signs do not count."""
        if sign == "\uffff":
            return "\U0010ffff"
        if sign == BETWEEN:
            return "\x00"
        if sign.isspace():
            return "\x01"
        if sign.isdigit():
            return sign if sign.isascii() else f":{sign}"  # a colon stands between figures and letters
        return self.mark + sign if sign.isalpha() else ""


@lru_cache(64)
def _own(language: str) -> _Keys:
    keys = _Keys("@" if language in _FIRST else "")
    whole = dict(_WHOLE)
    for group in _OWN.get(language, ()):
        for place, sign in enumerate(group[1:], 1):
            whole[sign] = group[0] + "\uffff" * place
    keys |= {ord(sign): "".join(map(keys.letter, key)) for sign, key in whole.items()}
    return keys


def _accents(folded: str) -> str:
    return "" if folded.isascii() else folded.translate(_MARKS)


class _Accents(dict[int, str]):
    """What of each letter is not its base."""

    def __missing__(self, code: int) -> str:
        marks = unicodedata.normalize("NFKD", chr(code))[1:]
        self[code] = marks if marks else "" if code < 0x80 or chr(code).isalpha() else chr(code)
        return self[code]


_MARKS = _Accents()


_FIGURES = pattern(r"[0-9]{1,18}")


def _padded(match: re.Match[str]) -> str:
    return match[0].zfill(18)


def ordered(things: Sequence[T], cite_of: Callable[[T], Cite], keys: Sequence[SortKey], lang: str) -> list[T]:
    """*things* in the order of a style's keys; equal ones stay in the order they had, empty keys come last.

    A later key is asked only for things that the earlier ones leave equal.
    """
    if not keys or len(things) < 2:
        return list(things)
    key, *others = keys
    down = key.descending
    ranks = []
    for thing in things:
        value = key.value(cite_of(thing))
        if not (value.isalpha() or (len(value) > 8 and value.replace("/", "").isdecimal())):  # a date has all of them
            value = _FIGURES.sub(_padded, value)  # "9 ways" goes before "10 ways", as in citeproc-js
        ranks.append(((value != "") == down, collation_key(value, lang)[:2]))  # case does not count
    places = sorted(range(len(things)), key=ranks.__getitem__, reverse=down)
    found: list[T] = []
    for _, group in groupby(places, key=ranks.__getitem__):
        alike = [things[place] for place in group]
        found += ordered(alike, cite_of, others, lang) if len(alike) > 1 else alike
    return found
