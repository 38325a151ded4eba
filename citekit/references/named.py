"""The archive that a clause names: by a name of the registry, else by what names of archives look like.

>>> from citekit.archives import shipped
>>> found = names_of(shipped()).find("FO 371/2767, British National Archives")
>>> found.archives[0].key
'TNA'
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from citekit.archives import fold
from citekit.patterns import pattern
from citekit.references.labels import NUMBERED, label_key, level_of
from citekit.references.pieces import BRACKET, GROUP
from citekit.shelfmark import LABELS, is_siglum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.archives import Archive, Registry

_CHUNK = pattern(rf"(?P<group>{GROUP})|[,;]|:(?=\s|$)|(?<!\b[^\W\d_])\.(?=\s|$)")


class Chunk(NamedTuple):
    start: int
    end: int
    text: str

    def is_words(self) -> bool:
        """Whether it can be a part of a name: no figures, and no longer than a name is."""
        return len(self.text) < 150 and not re.search(r"\d", self.text)


def cut_chunks(text: str) -> list[Chunk]:
    """What stands between commas, colons and stops, brackets and quotations whole."""
    found, start = [], 0
    for cut in [*_CHUNK.finditer(text), None]:
        if cut is None or not cut["group"]:
            end = cut.start() if cut else len(text)
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            if begin < end:
                found.append(Chunk(begin, end, text[begin:end].rstrip()))
            start = cut.end() if cut else end
    return found


class Named(NamedTuple):
    """An archive in a clause: from *start* to *end* it is named, from *first* to *last* that is written (with brackets
    that stand round it)."""

    start: int
    end: int
    archives: tuple[Archive, ...]
    first: int
    last: int


_BOUNDARY = pattern(r"(?<=[\w)])(?!\w)")
# The last one: "f. 17, op. 3, d. 5 RGASPI"
_BEGIN = pattern(
    r"(?:^|(?<=[(,;:])|(?<=\w\w\.\s)|(?<=\d\.\s))\s*(?=[^\W\d_])"
    r"|(?<=\d)\s+(?=[^\W\d_]{3,12}\.?$|[^\W\d_]{2,8} [^\W\d_]{2,3}\.?$)"
)
_GOES_ON = pattern(r"[-/]\S|\.\d")
_NEXT_WORD = pattern(r"\s+(?!\S{0,40}\d)([^\W\d_]{2,})")
_INSTITUTION = pattern(
    r"\b(?:\w{0,20}archi[vw]\w*|\w{0,20}ar[kh]+[iī][vw]\w*|\w{0,20}arkisto\w*|academy|akadem\w*|академ\w*|istituto"
    r"|архив\w*|архів\w*|архіў\w*|arquivos?|levéltár\w*|archyv\w*|librar(?:y|ies)"
    r"|bibliothe[kqc]\w*|biblioteca\w*|библиотек\w*|бібліотек\w*|muse(?:um|o)|музе\w+|institut\w*|universit\w*|інститут\w*"
    r"|институт\w*|cent(?:er|re|ro|rum)|fundaç[aã]o|fundación|department of|ministry of|foreign office"
    r"|historical society)\b",
    re.I,
)
COLLECTION = pattern(r"\b(?:papers|collections?|fonds|nachlass|files?|records?|mss?|series)\b", re.I)
# Towns as they are written, besides those that the registry names in English
_TOWNS = (
    "Москва/Санкт-Петербург/Київ/Киев/Kiev/Мінск/Минск/Wien/Praha/Warszawa/München/Köln/Genève/Roma/"
    "St Petersburg/Lichterfelde/Koblenz/Freiburg/Ludwigsburg/Kew/La Courneuve/Nantes/Pierrefitte/Vincennes/"
    "College Park/Sofiia/Jerusalem/Santiago/Hanoi/Havana/La Habana/Buenos Aires/Lima/Bogotá/Quito/Caracas/"
    "Montevideo/New Delhi/Delhi/Islamabad/Kabul/Tehran/Baghdad/Damascus/Beirut/Cairo/Algiers/Tunis/Rabat/Accra/"
    "Lagos/Nairobi/Pretoria/Jakarta/Manila/Bangkok/Phnom Penh/Vientiane/Ulaanbaatar/Pyongyang/Seoul/Taipei/"
    "Hong Kong/Ankara/Athens/Lisbon/Madrid/Dublin/Oslo/Stockholm/Copenhagen/Reykjavik/Helsinki/Bern/Brussels/"
    "Luxembourg/Tirana/Skopje/Sarajevo/Podgorica/Pristina/Nicosia/Minsk/Tashkent/Almaty/Astana/Bishkek/Dushanbe/"
    "Ashgabat/Baku/Yerevan/Tbilisi/Chișinău/Chisinau/Canberra/Wellington/Ottawa/Chile/Vietnam/Cuba/Argentina/"
    "Peru/Colombia/India/Pakistan/Afghanistan/Iran/Iraq/Syria/Egypt/Algeria/Ghana/Israel/Princeton/Ithaca/"
    "Cambridge/Stanford/Austin/Abilene/Independence/New Haven/Ann Arbor/Hyde Park/New York/Palo Alto"
).split("/")
_STATE = pattern(r"[A-Z]{2}|D\.?C|N\.[JYHC]|Massachusetts|California|Texas|Ireland|Scotland|England|UK|USA?")
# What stands behind a siglum without a comma: "ЦА ФСБ РФ", "ЦГИА СПб"
_SIGLUM_OF_LAND = pattern(r"\s+[A-ZА-ЯІ][\w]{1,3}(?=[,.:]\s+(?:f|ф|fond|фонд)\b\.?\s?\S{0,3}\d)")  # "GAPPOD AzR, f. 1"
_LETTERS_APART = pattern(r"\b[^\W\d_] [^\W\d_]\b")
_NUMBER = pattern(r"\s\d")
_LAND = pattern(r"РФ|СССР|СПб|России|України|Украины|Ukra[iїï]n[yi]|RF|SPb")


class Names:
    """The names of archives and of the places they are at."""

    def __init__(self, registry: Registry) -> None:
        self.known = registry.names()
        cities = (city for archive in registry.all() for city in re.split(r", | and ", archive.city))
        countries = (archive.country for archive in registry.all())
        self.places = frozenset(map(fold, [*cities, *countries, *_TOWNS]))

    def at(self, text: str, start: int) -> tuple[int, tuple[Archive, ...]] | None:
        """The longest name that begins at *start*: where it ends, and the archives it may mean."""
        ends = []
        for found in _BOUNDARY.finditer(text, start + 1, start + 200):
            ends.append(found.start())
            if len(ends) == 24:
                break
        for end in reversed(ends):
            said = text[start:end]
            archives = self.known.get(fold(said), ()) or self.known.get(fold(said.removeprefix("The ")), ())
            if archives and self._is_whole(text, said, start, end):
                return end, archives
        return None

    def _is_whole(self, text: str, said: str, start: int, end: int) -> bool:
        """Whether *said* is all of a name: "National Archives" is none in "National Archives Building"."""
        if (_GOES_ON.match(text, end) and not self._town_joined(text, end)) or not (
            len(said) > 5 or sum(map(str.isupper, said)) > 1
        ):
            return False
        if _LETTERS_APART.search(said):  # "A N III 12" is no AN
            return False
        behind = _NEXT_WORD.match(text, end)
        if behind and start and COLLECTION.fullmatch(behind[1]):  # "..., NATO Series, Box 155"
            return False
        return not (behind and " " in said and not said.isupper() and not level_of(behind[1], LABELS))

    def _town_joined(self, text: str, end: int) -> int:
        """Where the town or the other name ends that a hyphen or a slash joins to a name: "MAE-La Courneuve",
        "TNA/PRO"; 0 where none does."""
        found = _JOINED.match(text, end)
        return found.end() if found and (fold(found[1]) in self.places or fold(found[1]) in self.known) else 0

    def find(self, text: str) -> Named | None:
        """The first archive in *text* that is known by name, with the words before its bracketed siglum and its place
        behind it."""
        for count, begin in enumerate(_BEGIN.finditer(text)):
            if count == 60:
                break
            found, start = self.at(text, begin.end()), begin.end()
            if found and not self._is_code(text, start, found[0]) and not self._is_holding(text, *found):
                return self._whole(text, start, *found)
        return None

    def _is_code(self, text: str, start: int, end: int) -> bool:
        """Whether a siglum behind the name of another archive begins its shelfmark: "Stadtarchiv München, RA 12345"."""
        first = text[:start].partition(",")[0].strip()
        siglum = is_siglum(text[start:end]) and _NUMBER.match(text, end) is not None
        return siglum and is_name(first) and not self.is_place(first) and fold(first) not in self.known

    def _is_holding(self, text: str, end: int, archives: tuple[Archive, ...]) -> bool:
        """Whether the name that ends at *end* is a holding of the archive behind it, where all ends: "MfAA, Political
        Archive of the Federal Foreign Office"."""
        gap = _COMMA.match(text, end)
        other = self.at(text, gap.end()) if gap else None
        if not other or re.search(r"\d", text[other[0] :]):
            return False
        return not {one.key for one in other[1]} & {one.key for one in archives}

    def _whole(self, text: str, start: int, end: int, archives: tuple[Archive, ...]) -> Named:
        first, bracketed = start, text[start - 1 : start] == "("
        closing = text.find(")", end) if bracketed else -1
        if bracketed and closing >= 0:
            first = self._name_before(text, start - 1)
            if first == start - 1:  # "PREM 4/100/7 (TNA)"
                return Named(start, closing, archives, first, closing + 1)
            start, end = first, closing + 1
        elif found := BRACKET.match(text, end):
            content = found[1]
            if fold(content) in self.known or self.is_place(content) or is_name(content):
                end = found.end()
                archives = self.known.get(fold(content), archives) if len(archives) > 1 else archives
        end = self.with_places(text, end)
        if (found := BRACKET.match(text, end)) and fold(found[1]) in self.known:  # "Bundesarchiv, Berlin (BArch)"
            end = found.end()
        if again := self._again(text, end, archives):
            return again._replace(start=start, first=first)
        return Named(start, end, archives, first, end)

    def _again(self, text: str, end: int, archives: tuple[Archive, ...]) -> Named | None:
        """The same archive by another name behind a colon: "The National Archives (TNA): Public Record Office (PRO)";
        or behind a comma and before a colon: "TNA, PRO: FO 371"."""
        gap = _AGAIN.match(text, end)
        other = self.at(text, gap.end()) if gap else None
        if not (gap and other) or not {one.key for one in other[1]} & {one.key for one in archives}:
            return None
        return self._whole(text, gap.end(), *other) if ":" in (gap[0][0], text[other[0] : other[0] + 1]) else None

    def _name_before(self, text: str, bracket: int) -> int:
        """Where the name begins that a siglum in brackets explains; the bracket itself where none does."""
        chunks = cut_chunks(text[:bracket])
        if not chunks or not chunks[-1].is_words() or text[chunks[-1].end : bracket].strip(" "):
            return bracket
        run = []
        for chunk in reversed(chunks):
            if not chunk.is_words():
                break
            run.append(chunk)
        like = [chunk for chunk in run if _INSTITUTION.search(chunk.text)]
        if not like and run[-1].start > 0:
            return bracket
        return (like or run[:1])[-1].start

    def with_places(self, text: str, end: int) -> int:
        """Behind the places that follow: ", Belgrade, Serbia", ", College Park, MD"."""
        start = end
        end = self._town_joined(text, end) or end
        if (found := _TOWN.match(text, end)) and (
            fold(found[1]) in self.places or _LAND.fullmatch(found[1]) or _SIGLUM_OF_LAND.match(text, end)
        ):  # "Bundesarchiv Berlin", "ЦА ФСБ РФ"
            end = found.end()
        while (found := _PLACE.match(text, end)) and (
            fold(found[1]) in self.places or (end > start and self.is_place(found[1]))
        ):
            end = found.end()
        chunks = cut_chunks(text[end:])
        if 1 < len(chunks) < 4 and all(one.is_words() for one in chunks) and self.is_place(chunks[-1].text):
            return len(text)  # with the ministry in between
        return end

    def is_place(self, name: str) -> bool:
        """Whether an archive that is known lies in *name*, or it is a state of which cities are named."""
        return fold(name) in self.places or bool(_STATE.fullmatch(name))


_COMMA = pattern(r",\s*")
_AGAIN = pattern(r"[:,]\s*")
_JOINED = pattern(r"[-/]([^\W\d_][\w'-]{1,20}(?: [^\W\d_][\w'-]{2,20})?)(?=[\s,;:.]|$)")
_TOWN = pattern(r"\s+([^\W\d_][\w-]{1,30})(?=[,;:.]|\s\d|$)")
_PLACE = pattern(r",\s*(?:[мг]\.\s?)?([^,;:()\d]{2,40}?)(?=[,;:(]|\.(?:\s|$)|$)")


def unknown(text: str, names: Names) -> Named | None:
    """An archive that the registry lacks, at the beginning or the end of a clause."""
    chunks = cut_chunks(text)
    head = _head(chunks, names)
    if head:
        found = BRACKET.match(text, chunks[head - 1].end)
        end = names.with_places(text, found.end() if found and is_siglum(found[1]) else chunks[head - 1].end)
        return Named(0, end, (), 0, end)
    last = max((number for number, chunk in enumerate(chunks) if not chunk.is_words()), default=0)
    for chunk in chunks[last + 1 :]:
        if is_institution(_LAST_BRACKET.sub("", chunk.text)):
            return Named(chunk.start, len(text), (), chunk.start, len(text))
    for chunk in chunks[1:]:
        if chunk.is_words() and is_institution(_LAST_BRACKET.sub("", chunk.text)):
            end = names.with_places(text, chunk.end)
            return Named(chunk.start, end, (), chunk.start, end)
    if chunks and (found := _LAST_BRACKET.search(text)) and is_institution(found[1]):
        return Named(found.start(1), found.end(1), (), found.start(), len(text))
    return None


_LAST_BRACKET = pattern(r"\(([^()]{1,100})\)$")


def _head(chunks: Sequence[Chunk], names: Names) -> int:
    """How many chunks at the beginning are the name of an archive: "Yale U Library, New Haven, Manuscripts and
    Archives" are three."""
    count = 0
    for number, chunk in enumerate(chunks[:4]):
        if not chunk.is_words():
            break
        if is_institution(chunk.text) and (number == 0 or 0 < number <= count + (count > 0)):
            count = number + 1
    if not count and len(chunks) > 1 and chunks[0].is_words() and is_name(chunks[0].text):
        return 1
    return count


def is_name(words: str) -> bool:
    """Whether *words* may name an archive: a siglum in capitals, or the words of institutions."""
    return (is_siglum(words) and sum(map(str.isupper, words)) > 1) or is_institution(words)


def is_institution(words: str) -> bool:
    return bool(_INSTITUTION.search(words)) and not COLLECTION.search(words) and label_key(words) not in NUMBERED


@cache
def names_of(registry: Registry) -> Names:
    """The names of the archives in *registry*."""
    return Names(registry)
