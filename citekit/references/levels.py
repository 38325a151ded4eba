"""Pieces of a shelfmark become levels of locations, by the scheme of their archive.

Where labels are missing the order of the scheme tells; a level that comes again begins a new location, which is like
the one before above that level.

>>> [sheet.levels for sheet in Body("f. 1, d. 2, d. 3", OPIS).sheets]
[{'fond': '1', 'delo': '2'}, {'fond': '1', 'delo': '3'}]
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from citekit import locators
from citekit.errors import ParseError
from citekit.locators import Locator
from citekit.patterns import pattern
from citekit.references.labels import EVERYWHERE, SOVIET, is_soviet, label_key
from citekit.references.named import COLLECTION
from citekit.references.pieces import DECIMAL, RUN, YEARS, Cutter, Kind, Piece, day_at, is_weak, without_stop
from citekit.shelfmark import OPIS, Scheme, format_value, parse, places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CORE = ("fond", "opis", "delo", "list")
_TITLE_OF_FOND = pattern(r"(?:General )?(?:Records|Archives?) of |Fonds? [^\W\d_]|Nachlass ")
_MS = pattern(r"MSS?\.? \d+\w?", re.I)
_OF_PAPERS = pattern(r"\b(?:Papers|Collection|Fonds|Nachlass)\b")
_PAPERS = pattern(r"^(?=\D+$).*\b(?:Papers|Collection|[Ff]onds|Nachlass)$")
_CODE = pattern(r"(?:[A-Z]{3,6} )?[A-Z]{0,5}\d[^\s,/-]{0,40}[/-][^\s,]{0,40}\d")  # "LA10/146", "A20229735/085-08-0653"
_NO_FOLDER = pattern(r"\b(?:files?|series|records|papers|collection)$", re.I)
_FOLLOWING = pattern(r"(?<=\d)\s?ff?\.$")
_MAKER = pattern(r" / (?=[^\W\d_][\w-]+, [^\W\d_]|[^\W\d_](?:[^\W\d_]|[.-]){2,40}$)")


class Sheet:
    """One location while it is filled: its archive, its levels in the order they are read, and words beside them;
    and the names of what is *shared* with the location before."""

    def __init__(self, levels: Mapping[str, str] | None = None) -> None:
        self.shared = set(levels or ())
        self.archive = ""
        self.scheme = OPIS
        self.levels = dict(levels or {})
        self.words: dict[str, str] = {}

    def table(self) -> dict[str, str]:
        """The table of a record's location."""
        named = {"archive": self.archive} if self.archive else {}
        return named | self.levels | self.words

    def own(self) -> dict[str, str]:
        """The table without what stands only in the location before."""
        return {name: value for name, value in self.table().items() if name not in self.shared}

    def add(self, name: str, words: str) -> None:
        """Adds *words* behind those that are called *name*."""
        self.words[name] = "; ".join(filter(None, [self.words.get(name, ""), words]))

    def next(self, level: str, scheme: Scheme) -> Sheet:
        """A sheet for a shelfmark that begins with *level* and is like this one above it."""
        order = places(scheme)
        own = order.get(level, (0, 0))
        return Sheet({name: value for name, value in self.levels.items() if order.get(name, (0, 0)) < own})


class Body:
    """The shelfmarks of one clause, read in *scheme*: `sheets`, `titles`, what is `unread`, and how many of the levels
    had a mark. *rising*: the archive stands behind them, so that the largest level may be last."""

    def __init__(self, text: str, scheme: Scheme, *, rising: bool = False) -> None:
        self.scheme = scheme
        self.rising = rising
        self.larger: list[str] = []  # words behind box and folder
        self.soviet = is_soviet(scheme)
        self.sheets = [Sheet()]
        self.titles: list[str] = []
        self.unread: list[str] = []
        self.marked = 0
        self.bare = [level for level in scheme.levels if not level.marks or (level.bare and not level.leaf)]
        self.order = places(scheme)
        self.pieces: list[Piece] = []
        if not (text and self._strictly(text)):
            self.pieces = Cutter(text, scheme).cut()
            told = [piece for piece in self.pieces if self._counts(piece)]
            self.marked = len(told) if len(told) > 1 or not all(is_weak(piece) for piece in told) else 0
            self.text, self.done = text, 0
            self.last_at = {piece.level: number for number, piece in enumerate(self.pieces)}
            for number, piece in enumerate(self.pieces):
                if number >= self.done:
                    _FILL[piece.kind](self, number, piece)
            self._name_larger()
            self._name_folder()
        self._check_leaves()

    def _check_leaves(self) -> None:
        """Leaves that cannot be leaves, "5, 7/8", become a note."""
        for sheet in self.sheets:
            for level in [level for level in sheet.levels if self.scheme.level(level).leaf]:
                try:
                    locators.parse(sheet.levels[level])
                except ParseError:
                    self.unread.append(sheet.levels[level])
                    sheet.add("note", sheet.levels.pop(level))

    def _counts(self, piece: Piece) -> bool:
        """Whether a mark tells that the scheme is right: "file" and "no." are everywhere."""
        own = SOVIET if self.scheme is OPIS else self.scheme.names()
        return piece.kind == "level" and piece.level in own and label_key(piece.said) not in (*EVERYWHERE, "p", "pp")

    def is_typed(self) -> bool:
        """Whether a level was read."""
        return any(sheet.levels for sheet in self.sheets)

    def remarks(self) -> int:
        """How many words found no level."""
        return sum(len(words) for sheet in self.sheets for words in sheet.words.values()) + sum(map(len, self.unread))

    def _strictly(self, text: str) -> bool:
        """Reads levels that joints hold together, "FO 371/84053", as their scheme says."""
        levels = self.scheme.levels
        if self.soviet or all(level.joint is None or level.marks for level in levels):
            return False
        sheet = self.sheets[-1]
        text, *notes = _MAKER.split(text, maxsplit=1)
        if following := _FOLLOWING.search(text):  # "S. 13ff.": where it ends is not said
            text, notes = text[: following.start()], [following[0].strip()]
        head, rest = self._joined(text)
        try:
            mark = parse(head, self.scheme)
        except ParseError:
            return False
        counted = [mark for level in self.scheme.levels if level.after for mark in level.all_marks()]
        if any(isinstance(part.value, str) and any(one in part.value for one in counted) for part in mark.parts):
            return False  # too much was taken for one level: "Korea, 1959, 10. doboz"
        for part in mark.parts:
            level = self.scheme.level(part.level)
            value = part.value
            if isinstance(value, Locator):
                value = Locator(value.label, locators.as_written(value.ranges))
            sheet.levels[part.level] = format_value(value, level)
            self.marked += bool(level.marks)
        for chunk in rest:
            self._add_rest(chunk, sheet)
        for note in notes:
            sheet.add("note", note)
        return True

    def _joined(self, text: str) -> tuple[str, list[str]]:
        """*text* in which joints alone hold levels together, and what commas without a mark cut from it."""
        if any(level.joint is None for level in self.bare[1:]):
            return text, []
        head, *chunks = text.split(", ")
        cutter = Cutter("", self.scheme)
        begins: list[bool] = []
        leaves = False
        for chunk in chunks:
            piece = cutter.begins(chunk)
            leaves = self.scheme.level(piece.level).leaf if piece else leaves and bool(_RANGES.fullmatch(chunk))
            begins.append(cutter.is_own(piece) or (leaves and not piece))  # "ff. 5, 7"
        marked = [chunk for chunk, own in zip(chunks, begins, strict=True) if own]
        return ", ".join([head, *marked]), [chunk for chunk, own in zip(chunks, begins, strict=True) if not own]

    def _add_rest(self, chunk: str, sheet: Sheet) -> None:
        """Leaves without their mark, further numbers, a smaller level, or the title of the file."""
        leaf = next((level.name for level in self.scheme.levels if level.bare and level.leaf), "")
        free = [level for level in self.bare if level.name not in sheet.levels]
        fitting = [level for level in free if not level.shape or re.fullmatch(level.shape, chunk)]
        smaller = fitting[0].name if fitting else ""
        if piece := Cutter("", self.scheme).begins(chunk):
            sheet.levels[piece.level] = piece.text
        elif len(self.bare) == 2 and smaller == self.bare[1].name and re.fullmatch(r"\d+\w?", chunk):
            sheet.levels[smaller] = chunk  # "DY 30, 3386"
        elif _RANGES.fullmatch(chunk) and leaf:
            sheet.levels[leaf] = ", ".join(filter(None, [sheet.levels.get(leaf, ""), chunk]))
        elif _RANGES.fullmatch(chunk):
            self._extend(sheet, ", " + chunk)
        elif (
            (day_at(chunk) == chunk and "file_title" not in sheet.words)
            or (chunk[:1].islower() and chunk.count(" ") > 1)
            or "note" in sheet.words
        ):
            sheet.words["note"] = ", ".join(filter(None, [sheet.words.get("note", ""), chunk]))
        elif smaller and (fitting[0].shape or re.search(r"\d", chunk)) and "file_title" not in sheet.words:
            sheet.levels[smaller] = chunk
        else:
            sheet.words["file_title"] = ", ".join(filter(None, [sheet.words.get("file_title", ""), chunk]))

    # pieces

    def _level(self, number: int, piece: Piece) -> None:
        level = self._meant(number, piece)
        sheet = self.sheets[-1]
        if level in sheet.levels and self.scheme.level(level).leaf:
            sheet.levels[level] += ", " + piece.text
            return
        if level in sheet.levels:
            sheet = sheet.next(level, self.scheme)
            self.sheets.append(sheet)
        sheet.levels[level] = piece.text

    def _meant(self, number: int, piece: Piece) -> str:
        """The level that a label means at its place: "P. 72" before a delo is a papka, "С64" before the leaves a
        sprava, and pages otherwise; "por. 19" is the file, but beside a delo its number in the opis. Source: our
        reading of AVPRF notes and of Ukrainian ones."""
        label, levels = label_key(piece.said), self.sheets[-1].levels
        if piece.level == "fond" and self._is_folio(number, label):
            return "folio"
        if piece.level == "fond" and "fond" in levels and not self._follows(number, "opis", "delo"):
            filed = len(levels) > 1 or self.sheets[-1].words  # "fond Moscova, dosar 5, f. 12": its f. is filă
            return "list" if filed else "fond"
        if piece.level == "poriadok":
            return "poriadok" if "delo" in levels or self._file_follows(number) else "delo"
        if piece.level == "page" and self.soviet and label == "p" and self._follows(number, "list"):
            return "papka"  # where leaves come too, it is no page
        if piece.level != "page" or not self.soviet or "delo" in levels:
            return piece.level
        file_follows = self._follows(number, "delo")
        if label == "p" and file_follows:
            return "papka"
        return "delo" if label in ("с", "c", "s") and "opis" in levels and not file_follows else piece.level

    def _is_folio(self, number: int, label: str) -> bool:
        """Whether the last "f. 12" is a folio: behind a code that is no fond, "MS 1234, f. 12"."""
        levels = self.sheets[-1].levels.keys() | self.sheets[-1].words.keys()
        last = number > 0 and number == len(self.pieces) - 1 and label in ("f", "ff")
        coded = last and re.search(r"\d", self.pieces[number - 1].text)
        return bool(coded and levels and not levels & {"fond", "opis", "delo", "papka"})

    def _file_follows(self, number: int) -> bool:
        """Whether a file comes behind piece *number*, and before the next fond or opis."""
        levels = [piece.level for piece in self.pieces[number + 1 : number + 20]]
        return next((level for level in levels if level in ("fond", "opis", "delo")), "") == "delo"

    def _follows(self, number: int, *levels: str) -> bool:
        """Whether one of *levels* has a mark behind piece *number*."""
        return any(self.last_at.get(level, 0) > number for level in levels)

    def _number(self, number: int, piece: Piece) -> None:
        sheet = self.sheets[-1]
        if not self.soviet:
            self._bare(number, piece)
            return
        run = RUN.fullmatch(piece.text)
        if not sheet.levels and run:
            values = [run[1], *re.findall(r"[^-/.:]+", run[2])]
            core = _CORE if len(values) < 5 else (*_CORE[:2], "papka", *_CORE[2:])
            sheet.levels.update(zip(core, values, strict=False))
            if run[3]:
                self._extend(sheet, run[3])
            return
        last = next((level for level in reversed(sheet.levels) if level in _CORE), "")
        free = [level for level in _CORE[_CORE.index(last) + 1 if last else 0 :] if level not in sheet.levels]
        # labels that were begun are not dropped at the end: "d. 5, 7" are two files
        several = last == "delo" and "delo" in self.last_at
        if YEARS.fullmatch(piece.text) and last and not YEARS.search(sheet.levels[last]) and "year" not in sheet.levels:
            sheet.levels["year"] = piece.text
        elif (
            free
            and not several
            and not self._follows(number, "fond", "opis", "delo", free[0])
            and (last or number == 0)
        ):
            sheet.levels[free[0]] = piece.text
        elif sheet.levels:
            self._extend(sheet, ", " + piece.text)
        else:
            self.unread.append(piece.text)

    def _extend(self, sheet: Sheet, text: str) -> None:
        last = next(reversed(sheet.levels))
        sheet.levels[last] += text

    def _words(self, number: int, piece: Piece) -> None:
        sheet = self.sheets[-1]
        if not self.soviet:
            self._bare(number, piece)
        elif sheet.levels:
            sheet.add("note", self._sentence(number))
        else:
            sheet.levels["series"] = piece.text

    def _is_prose(self, number: int) -> bool:
        """Whether the words from piece *number* on are no shelfmark: behind the leaves, and what looks like a mark in
        them is one letter, "resolution of the Politburo P 93/6"."""
        marks = [piece.said for piece in self.pieces[number + 1 :] if piece.kind == "level"]
        leaves = {"list", "page"} & self.sheets[-1].levels.keys()
        return bool(
            leaves and len(self.pieces[number].text.split()) > 2 and all(len(mark.strip()) == 1 for mark in marks)
        )

    def _sentence(self, number: int) -> str:
        """The words from piece *number* to the next level or bracket, as they stand."""
        later = range(number + 1, len(self.pieces) if not self._is_prose(number) else 0)
        self.done = next((n for n in later if self.pieces[n].kind not in ("words", "number")), len(self.pieces))
        end = self.pieces[self.done].start if self.done < len(self.pieces) else len(self.text)
        return without_stop(self.text[self.pieces[number].start : end].strip(" ,;:"))

    def _bare(self, number: int, piece: Piece) -> None:
        """Gives words to the next level without a mark."""
        sheet, text = self.sheets[-1], piece.text
        last = next(reversed(sheet.levels), "")
        names = self.scheme.names()
        box = re.fullmatch(r"(\d+):(\d+)", text)
        if day_at(text) == text:
            sheet.add("note", text)
        elif box and "folder" in names and "box" not in sheet.levels:
            sheet.levels |= {"box": box[1], "folder": box[2]}
        elif YEARS.fullmatch(text) and "year" not in names and self._last_words(sheet):
            sheet.words["fond_title"] += ", " + text
        elif YEARS.fullmatch(text) and last and not self.scheme.level(last).marks and "year" not in names:
            sheet.levels[last] += ", " + text
        elif _TITLE_OF_FOND.match(text) and ("collection" not in names or "collection" in sheet.levels):
            sheet.add("fond_title", text)
        elif piece.kind == "number" and "item" in names:
            sheet.levels["item"] = text
        elif "collection" in names and "collection" not in sheet.levels and _PAPERS.search(text):
            sheet.levels["collection"] = text  # behind its boxes too: "Box 5, Harriman Papers"
        elif self.rising and self._is_larger(number, sheet):
            self.larger.append(text)
        elif "box" in sheet.levels and "folder" in names and "folder" not in self._to_come(number):
            before = sheet.levels.get("folder", "")
            sheet.levels["folder"] = before + self._joint(number) * bool(before) + text
        elif len(self.bare) == 1 and not re.search(r"\d", text) and self._goes_on(number):
            sheet.add("fond_title", text)  # "British Library, India Office Records, L/P&S/12/1993"
        else:
            self._to_next(number, text, sheet)

    def _is_larger(self, number: int, sheet: Sheet) -> bool:
        """Whether words behind the last mark are a series or a collection: "Box 36, NSC Series, Ann Whitman File"."""
        box = {"box", "folder"} & sheet.levels.keys() and "collection" in self.scheme.names()
        named = "collection" in sheet.levels or bool(self._to_come(number))
        return bool(box) and not named and not re.search(r"\d", self.pieces[number].text)

    def _name_larger(self) -> None:
        """Gives the words behind box and folder to series and collection, the largest last. Source: NARA, General
        Information Leaflet 17."""
        levels = self.sheets[-1].levels
        if self.larger and "collection" not in levels:
            levels["collection"] = self.larger.pop()
        if self.larger:
            levels["series"] = ", ".join(filter(None, [levels.get("series", ""), *self.larger]))

    def _joint(self, number: int) -> str:
        """What parts piece *number* from the one before: "El Salvador: 12/80"."""
        return ": " if self.text[: self.pieces[number].start].rstrip().endswith(":") else ", "

    def _last_words(self, sheet: Sheet) -> bool:
        """Whether the words before were the title of a fond."""
        return bool(sheet.words.get("fond_title")) and not any(
            not level.marks and level.name in sheet.levels for level in self.bare
        )

    def _to_next(self, number: int, text: str, sheet: Sheet) -> None:
        names = self.scheme.names()
        later = [self.order[name] for name in self._to_come(number) if name in self.order]
        bare = [level.name for level in self.bare if not level.shape or re.fullmatch(level.shape, text)]
        given = [self.order[name] for name in bare if name in sheet.levels and name != "item"]
        free = [name for name in bare if name == "item" or self.order[name] > max(given, default=(-1, 0))]
        free = [name for name in free if name not in sheet.levels]
        if "folder" in names and "folder" not in sheet.levels and "record_group" not in names:
            free = [name for name in free if name != "item"]
        before = [name for name in free if not later or self.order[name] < min(later)]
        coded = _CODE.fullmatch(text) or (_MS.fullmatch(text) and self._collection_follows(number))
        if "item" in bare and "item" not in sheet.levels and len(bare) > 1 and coded:
            before = ["item"]
        if before:
            sheet.levels[before[0]] = text
        elif self._belongs_to(next(reversed(sheet.levels), ""), text, more=bool(given and later)):
            self._extend(sheet, ", " + text)
        elif sheet.levels and _PAGES.fullmatch(text) and not YEARS.fullmatch(text) and "page" not in sheet.levels:
            sheet.levels["page"] = text
        else:
            sheet.add("note" if "file_title" in sheet.words else "file_title", text)

    def _belongs_to(self, last: str, text: str, *, more: bool) -> bool:
        """Whether *text* goes on with the level before: a series has several parts, an item too."""
        if "folder" not in self.scheme.names():
            return (last == "item" and not _PAGES.fullmatch(text)) or (more and last in {one.name for one in self.bare})
        return last in {one.name for one in self.bare}

    def _collection_follows(self, number: int) -> bool:
        return any(
            piece.kind == "words" and _OF_PAPERS.search(piece.text) for piece in self.pieces[number + 1 : number + 2]
        )

    def _goes_on(self, number: int) -> bool:
        return not self.sheets[-1].levels and any(
            piece.kind == "words" for piece in self.pieces[number + 1 : number + 3]
        )

    def _to_come(self, number: int) -> list[str]:
        return [piece.level for piece in self.pieces[number + 1 : number + 20] if piece.kind == "level"]

    def _round(self, number: int, piece: Piece) -> None:
        """Brackets: the title of the file behind its numbers, that of the fond behind its own. Source: GOST R
        7.0.5-2008, 11.9."""
        sheet = self.sheets[-1]
        last = next(reversed(sheet.levels), "")
        before = self.pieces[number - 1].kind if number else ""
        if not self.soviet and last and before == "words":
            self._extend(sheet, f" ({piece.text})")
        elif self._to_come(number):
            sheet.add("fond_title" if last == "fond" else "note", piece.text)
        else:
            sheet.add("note" if "file_title" in sheet.words else "file_title", piece.text)

    def _square(self, number: int, piece: Piece) -> None:
        """Square brackets: the title of the document, or a remark in small letters, "[emphasis mine]"."""
        if self.sheets[-1].levels and piece.text[:1].islower():
            self.sheets[-1].add("note", piece.text)
        else:
            self.titles.append(piece.text)

    def _quoted(self, number: int, piece: Piece) -> None:
        sheet = self.sheets[-1]
        if "folder" in self.scheme.names() and "folder" not in [*sheet.levels, *self._to_come(number)]:
            sheet.levels["folder"] = piece.text
        else:
            self.titles.append(piece.text)

    def _extent(self, number: int, piece: Piece) -> None:
        """How many leaves a file has, "214 л." behind its number, not leaf 214. Source: GOST R 7.0.5-2008, 11."""
        self.sheets[-1].add("note", piece.text)

    def _name_folder(self) -> None:
        """Words of a collection behind its series name the folder, as in notes on presidential libraries: "National
        Security File, Country File, Vietnam, Vol. LXXI"."""
        levels = self.sheets[-1].levels
        if self.scheme.name != "collection" or "series" not in levels or "folder" in levels:
            return
        parts = levels["series"].split(", ")
        count = next((n for n, part in enumerate(parts) if not _NO_FOLDER.search(part)), len(parts))
        if count == len(parts) or (count == 0 and "box" in levels):
            return
        del levels["series"]
        levels |= {"series": ", ".join(parts[:count])} if count else {}
        levels["folder"] = ", ".join(parts[count:])


_PAGES = pattern(r"[1-9]\d{0,3}(?:\s?[-\u2010-\u2015,]\s?[1-9]\d{0,3})*")
_RANGES = pattern(r"\[?\d+\w{0,3}\]?(?:\s?(?:[-\u2010-\u2015,&]|and|und|et|i|и)\s?\[?\d+\w{0,3}\]?)*")
_FILL: Mapping[Kind, Callable[[Body, int, Piece], None]] = MappingProxyType(
    {
        "level": Body._level,
        "number": Body._number,
        "words": Body._words,
        "round": Body._round,
        "square": Body._square,
        "quoted": Body._quoted,
        "extent": Body._extent,
    }
)


def tells(body: Body) -> int:
    """How well words or numbers without marks tell the system: a decimal file, a collection of papers."""
    if body.scheme.name == "nara":
        return 2 * any(DECIMAL.fullmatch(piece.text) for piece in body.pieces)
    if body.scheme.name == "collection":
        return int(any(piece.kind == "words" and COLLECTION.search(piece.text) for piece in body.pieces))
    return 0
