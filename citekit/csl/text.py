"""What looks at text: rich text in fields, case, quotation marks, punctuation where pieces meet, the finished tree.

While a style runs, a text is a plain string in which Unicode's noncharacters mark what the letters do not say: where a
face begins and ends, where a quotation opens, where two pieces meet. Strings are what Python is fast at; a text without
any mark costs nothing. `finished` turns the string into a `Text`.

Source: CSL 1.0.2, "Formatting", "Text-case", "Quotes", "Rich Text Markup within Fields", "Punctuation"; where the
specification is silent (which of two marks stays where they meet), what citeproc-js prints.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from citekit.markup import DEEPEST, Node, Span, Text
from citekit.patterns import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from citekit.csl.locale import Locale

# U+FDD0 to U+FDEF are for a program's own use and never text (Unicode 15, 23.7); in data they are dropped
ITALIC, UPRIGHT, BOLD, MEDIUM, SMALLCAPS, PLAINCAPS, UNDERLINE, PLAIN_LINE, SUP, SUB, BASELINE = map(
    chr, range(0xFDD0, 0xFDDB)
)
FLIP_ITALIC, FLIP_BOLD, FLIP_CAPS, END = map(chr, range(0xFDDB, 0xFDDF))
QUOTE, UNQUOTE, NOCASE, RECASE, SEAM = map(chr, range(0xFDDF, 0xFDE4))
BLOCK, LEFT, RIGHT, INDENT = map(chr, range(0xFDE4, 0xFDE8))
NODECOR, CURLY, SINGLE_CURLY = map(chr, range(0xFDE8, 0xFDEB))
PAREN, UNPAREN = map(chr, range(0xFDEE, 0xFDF0))
_MARK = "\ufdd0-\ufdef"
_SILENT = "\ufdd0-\ufded"  # those that print nothing
_MARKS = pattern(f"[{_MARK}]")
NBSP = "\N{NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def bare(text: str) -> str:
    """*text* without its marks."""
    text = text.replace(SEAM, "").replace(QUOTE, "").replace(UNQUOTE, "")  # the usual ones
    return text if text.isascii() else _MARKS.sub("", text)


def plain(text: str) -> str:
    """*text* as it is, but on one line and without marks: an address, a writer's own words."""
    if text.isprintable():  # marks are not
        return text
    return _BREAKS.sub(" ", _MARKS.sub("", text))


_BREAKS = pattern(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")

# Fields

_TAGS = {
    "<i>": FLIP_ITALIC, "<b>": FLIP_BOLD, "<sc>": FLIP_CAPS, "<sup>": SUP, "<sub>": SUB,
    '<span style="font-variant:small-caps;">': FLIP_CAPS, '<span class="nocase">': NOCASE,
    '<span class="nodecor">': NODECOR,
}  # fmt: skip
_CLOSING = {"<i>": "</i>", "<b>": "</b>", "<sc>": "</sc>", "<sup>": "</sup>", "<sub>": "</sub>"}
_TAG = pattern(
    r"<(?:/?(?:i|b|sc|sup|sub)|/span|span class=\"no(?:case|decor)\"|span style=\"font-variant: ?small-caps;\")>"
)
_SPECIAL = pattern(f"[<\"'“”‘’\t\n\r\x0b\x0c\x85\u2028\u2029{_MARK}]")


def field(text: str) -> str:
    """The text of a field with its tags and quotation marks as marks. A tag without its partner stays as it is, and so
    do tags in more than `DEEPEST` others."""
    return _field(text) if len(text) < LONG else _typeset(text)


LONG = 500  # letters; what is longer is not kept for the next time


@lru_cache(16_384)
def _field(text: str) -> str:
    return _typeset(text)


def _typeset(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    text = plain(text)
    if "<" in text:
        text = _tagged(text)
    return _quoted(text)


def _tagged(text: str) -> str:
    pieces: list[str] = []
    opened: list[tuple[int, str]] = []  # where in pieces, and what closes it
    waiting: Counter[str] = Counter()
    last = 0
    for match in _TAG.finditer(text):
        pieces.append(text[last : match.start()])
        last = match.end()
        tag = match[0].replace("font-variant: ", "font-variant:")
        pieces.append(match[0])
        if tag in _TAGS:
            opened.append((len(pieces) - 1, _CLOSING.get(tag, "</span>")))
            waiting[opened[-1][1]] += 1
        elif waiting[tag]:
            while opened[-1][1] != tag:
                waiting[opened.pop()[1]] -= 1  # it stays as text
            start, _ = opened.pop()
            waiting[tag] -= 1
            if len(opened) >= DEEPEST:
                continue
            mark = _TAGS[pieces[start].replace("font-variant: ", "font-variant:")]
            pieces[start] = mark
            pieces[-1] = RECASE if mark == NOCASE else END
    return "".join([*pieces, text[last:]])


_QUOTE_SIGN = pattern("[\"'“”‘’]")
_BEFORE = pattern(rf"(?:^|[\s({{\[\-–—/“‘\"'{NBSP}])[{_MARK}]*$")


def _quoted(text: str, *, style: bool = False) -> str:
    """Pairs of quotation marks as marks, so that their kind can follow from their depth; other single ones become
    apostrophes. What a *style* says is taken at its word, but for straight marks in pairs and within words."""
    out: list[str] = []
    opened: list[tuple[int, str]] = []
    waiting: Counter[str] = Counter()
    last = 0
    for match in _QUOTE_SIGN.finditer(text):
        start, end = match.span()
        out.append(text[last:start])
        last = end
        sign, before, after = match[0], text[max(0, start - 6) : start], text[end : end + 4]
        if style and sign in "“”‘’":
            out.append(sign)
            continue
        out.append(APOSTROPHE if sign == "'" and (before[-1:].isalpha() or not style) else sign)
        kind = _kind(sign, before, after)
        if kind == "open":
            opened.append((len(out) - 1, _PARTNER[sign]))
            waiting[_PARTNER[sign]] += 1
        elif kind == "close" and waiting[sign]:
            while opened[-1][1] != sign:
                waiting[opened.pop()[1]] -= 1
            place, _ = opened.pop()
            waiting[sign] -= 1
            out[place], out[-1] = _OPENING[out[place]], UNQUOTE
    return "".join([*out, text[last:]])


_PARTNER = {'"': '"', "'": "'", "“": "”", "‘": "’"}
# Curly marks were chosen by the writer: they stay, but right inside of the same marks (citeproc-js does the same)
_OPENING = {'"': QUOTE, "'": QUOTE, APOSTROPHE: QUOTE, "“": CURLY, "‘": SINGLE_CURLY}


def _kind(sign: str, before: str, after: str) -> str:
    """What a quotation *sign* does, from the six signs *before* it and the four *after* it: "open", "close" or ""."""
    following = _MARKS.sub("", after)[:1]
    if sign in "”’":
        return "" if sign == "’" and following.isalnum() else "close"
    if sign in "“‘":
        return "open"
    opens = bool(_BEFORE.search(before)) and bool(following) and not following.isspace()
    if opens:
        return "open"
    return "close" if not (sign == "'" and following.isalnum()) else ""


@lru_cache(4096)
def affix(text: str) -> str:
    """A prefix, suffix or delimiter of a style: like a field, with a seam where its punctuation meets other text."""
    return _seamed(_quoted(_tagged(_MARKS.sub("", text)), style=True))


def words(text: str) -> str:
    """What a writer puts before or behind a cite: a field with seams."""
    return _seamed(field(text))


def _seamed(text: str) -> str:
    if text and text[0] in PUNCTUATION:
        text = SEAM + text
    if text and text[-1] in PUNCTUATION and len(text) > 1:
        text += SEAM
    return text


def nesting(before: str, after: str) -> tuple[str, str]:
    """Affixes with marks for the brackets that enclose: inside of others they become square ones (Chicago Manual of
    Style, 18th edition, 6.106; citeproc-js does the same)."""
    if before.endswith("(") and after.lstrip(SEAM).startswith(")"):
        return before[:-1] + PAREN, after.replace(")", UNPAREN, 1)
    return before, after


def forget() -> None:
    """Lets go of the texts that are kept for the next time."""
    for kept in (_field, _title, affix):
        kept.cache_clear()


# Case

# Small words of English titles: the specification's and, as citeproc-js and the styles have them, other prepositions
_STOP_WORDS = frozenset(
    "a about above across after against along alongside amid amidst among amongst an and around as aside astride "
    "at athwart atop barring before behind below beneath beside besides between beyond but by circa de despite down "
    "during et except for from given in inside into lest like near next nor notwithstanding of off on onto or out "
    "outside over per plus pro qua sans since so than the through throughout thru till to toward towards under "
    "underneath until unto up upon versus via v vs von van with within without yet d' d’ c ca al".split()
)
_WORD = pattern(rf"[^\s{NBSP}\-–—/]+")
_SENTENCE_END = pattern(r"[:?!.][^\w]*$")


def lowercase(text: str) -> str:
    return _cased(text, str.lower)


def uppercase(text: str) -> str:
    return _cased(text, str.upper)


def _cased(text: str, change: Callable[[str], str]) -> str:
    if not _KEEPING.search(text):
        return change(text)
    kept = _Kept()
    return "".join(part if kept.begins(part) else change(part) for part in _AT_MARKS.split(text))


_KEEPING = pattern(f"[{NOCASE}{FLIP_CAPS}{SUP}{SUB}{NODECOR}]")
_AT_MARKS = pattern(f"(?=[{_MARK}])")


def capitalize_first(text: str) -> str:
    """The first letter a capital, where its word is in small letters."""
    if text[:1].isupper():
        return text
    depth_free = text.lstrip(f"{_LEADING}")
    start = len(text) - len(depth_free)
    if _KEEPING.search(text[:start]):
        return text
    match = _WORD.match(text, start)
    if not match:
        return text
    word = bare(match[0])
    if not word.islower():
        word = _APOSTROPHES.split(word, maxsplit=1)[0]  # "l’Été" begins with a word in small letters
        if word != word.lower():
            return text
    if len(word) == 1 and _GREEK.match(word):
        return text
    return text[:start] + _upper_first(text[start:])


_LEADING = "".join(map(chr, range(0xFDD0, 0xFDF0))) + " ([{“‘\"'«.,;:!?-–—/"
_APOSTROPHES = pattern(f"['{APOSTROPHE}]")
_GREEK = pattern("[\u0370-\u03ff]")  # "β-carotene"


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def capitalize_all(text: str) -> str:
    """Every word in small letters with a capital, behind a hyphen too."""

    kept = _Kept()
    pieces = _SPLIT_WORDS.split(text)  # words and what is between, by turns
    for place, piece in enumerate(pieces):
        if not kept.begins(piece) and place % 2 == 0:
            pieces[place] = capitalize_first(piece)
    return "".join(pieces)


class _Kept:
    """Goes through the words of a text and knows which stand where the case is meant as it is: in a nocase span, in
    small capitals, a superscript or a subscript."""

    def __init__(self) -> None:
        self.stack: list[bool] = []
        self.inside = 0  # open faces and spans whose case is kept

    def begins(self, word: str) -> bool:
        """Whether the next word, with the marks right before it, is kept."""
        leading = len(word) - len(word.lstrip(_ANY_MARK))
        self._pass(word[:leading])
        kept = self.inside > 0 or NOCASE in word
        self._pass(word[leading:])
        return kept

    def _pass(self, text: str) -> None:
        for sign in _MARKS.findall(text):
            if sign == END:
                self.inside -= self.stack.pop() if self.stack else 0
            elif sign in (NOCASE, RECASE):
                self.inside = max(0, self.inside + (1 if sign == NOCASE else -1))
            elif sign not in (*_OPENS, UNQUOTE, SEAM, PAREN, UNPAREN):
                self.stack.append(sign in (FLIP_CAPS, SUP, SUB, NODECOR))
                self.inside += self.stack[-1]


def sentence(text: str) -> str:
    """Text in capitals becomes small but for its first letter; other text gets a capital at its beginning."""
    letters = bare(text)
    if letters == letters.upper() and letters != letters.lower():
        text = lowercase(text)
    return capitalize_first(text)


def title(text: str) -> str:
    """English title case: every word in small letters gets a capital but stop words between the first and the last."""
    return _title(text) if len(text) < LONG else _in_title_case(text)


@lru_cache(4096)
def _title(text: str) -> str:
    return _in_title_case(text)


def _in_title_case(text: str) -> str:
    marked = _MARKS.search(text) is not None
    pieces = _SPLIT_WORDS.split(text)  # words and what is between, by turns; a word may be empty
    words = [place for place in range(0, len(pieces), 2) if pieces[place]]
    last = words[-1] if words else 0
    begins = True  # of the title, or behind a colon
    kept = _Kept()
    for place, piece in enumerate(pieces):
        if not marked and piece.isalpha() and not piece.islower() and piece.lower() not in _STOP_WORDS:
            begins = False  # most words of a title have their capital
        elif place % 2 == 0 and piece:
            before = pieces[place - 1][-1:] if place else ""
            after = pieces[place + 1][:1] if place + 1 < len(pieces) else ""
            if not (marked and kept.begins(piece)):
                stop = not (
                    begins or place == last or piece[:1] in _OPENS or (after in _HYPHENS and before not in _HYPHENS)
                )
                compound = before in _HYPHENS or after in _HYPHENS
                if piece[0] == "A" and piece.strip(PUNCTUATION) == "A" and {before, after} & {*"-–—/"}:
                    continue  # "A–Z"
                pieces[place] = _title_word(piece, stop=stop, compound=compound, begins=begins)
            begins = bool(_SENTENCE_END.search(bare(piece) if marked else piece))
    return "".join(pieces)


_SPLIT_WORDS = pattern(rf"([\s{NBSP}\-–—/]+)")


_HYPHENS = ("-", "\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}")


def _title_word(word: str, *, stop: bool, compound: bool, begins: bool) -> str:
    """A word in title case; one letter beside a hyphen ("07-x", "β-carotene") is a sign, not a word."""
    if word in _STOP_WORDS:
        return word if stop or (compound and len(word) == 1) else word[0].upper() + word[1:]
    if word.isalpha() and not word.islower() and word.lower() not in _STOP_WORDS:
        return word
    plain = bare(word).strip('.,;:!?()[]“”"')
    if begins and plain[1:2] in ("'", APOSTROPHE):
        return capitalize_first(word)
    if plain != plain.lower() and not (stop and plain[:1].isupper() and plain.lower() in _STOP_WORDS):
        return word
    if stop and plain.lower() in _STOP_WORDS:
        return word.lower() if plain not in "CV" and plain[1:] == plain[1:].lower() else word  # "Vitamin C"
    if not begins and ((compound and len(plain) == 1) or plain[1:2] in ("'", APOSTROPHE)):
        return word  # "l’histoire" is not English
    return capitalize_first(word)


# Punctuation where pieces meet

PUNCTUATION = ".,;:!?"
# Which mark stays where two meet; pairs that are not here stand side by side. Source: what citeproc-js prints.
_JOINED = {
    "!": {".": "!", ":": "!", "!": "!"},
    "?": {".": "?", ":": "?", "?": "?"},
    ".": {".": "."},
    ":": {".": ":", "!": "!", "?": "?", ":": ":"},
    ",": {",": ","},
    ";": {".": ";", ":": ";", "!": "!", "?": "?", ";": ";"},
}
_MEETING = pattern(rf"([.,;:!?])([{_SILENT}]*{SEAM}[{_SILENT}]*)([.,;:!?])")
# A seam with a mark before it, or with signs that print nothing, of which the first has no letter before it
_MET_SOON = pattern(rf"{SEAM}(?:(?<=[.,;:!?].)|(?<=[.,;:!?{_SILENT}][{_SILENT}].))[{_SILENT}]*[.,;:!?]")
_INTO_QUOTE = pattern(rf"({UNQUOTE}[{UNQUOTE}{END}{RECASE}]*)({SEAM}+[.,!?](?:{SEAM}*[.,!?])*)")
_OUTSIDE = pattern(f"{UNQUOTE}[{UNQUOTE}{END}{RECASE}]*{SEAM}")
_SPACES = pattern(rf"([ {NBSP}][{_SILENT}]*) +")
_ANY_MARK = "".join(map(chr, range(0xFDD0, 0xFDEE)))


def joined(text: str, locale: Locale) -> str:
    """The text with what happens where pieces met: no mark twice, none outside of quotation marks in American English,
    no space twice."""
    if SEAM in text:
        into = UNQUOTE in text and locale.punctuation_in_quote
        if into:
            text = _usually_moved(text)
        if _MET_SOON.search(text):
            text = _met(text)
        if into and _OUTSIDE.search(text):
            text = _met(_INTO_QUOTE.sub(_moved, text))
        text = text.replace(SEAM, "")
    if "  " in text or END in text or NBSP in text:
        text = _SPACES.sub(r"\1", text)
    return text


def _met(text: str) -> str:
    """The text with one mark for two that met, wherever they make one."""
    place = 0
    while match := _MEETING.search(text, place):
        left, between, right = match.groups()
        both = _JOINED[left].get(right)
        if both is None:
            place = match.start(2)
        else:
            place = match.start()
            text = f"{text[:place]}{both}{between}{text[match.end() :]}"
    return text


def _usually_moved(text: str) -> str:
    """The text with a stop or comma inside of the quotation marks where nothing else meets: most texts need no more."""
    place = text.find(UNQUOTE + SEAM)
    while place > 0:
        after = place + 3
        if text[place - 1].isalnum() and text[after - 1 : after] in (".", ",") and text[after : after + 1] in ("", " "):
            text = f"{text[:place]}{text[after - 1]}{UNQUOTE}{text[after:]}"
        place = text.find(UNQUOTE + SEAM, after)
    return text


def _moved(match: re.Match[str]) -> str:
    """Marks behind closing quotation marks, those of the style, go inside: each joined with what it meets there."""
    quote, marks = match.groups()
    start = match.start()
    while start and match.string[start - 1] in _ANY_MARK:
        start -= 1
    before = match.string[start - 1 : start] if start else ""
    inside = before
    for mark in marks.replace(SEAM, ""):
        both = _JOINED.get(inside[-1:], {}).get(mark)
        inside = inside + mark if both is None else inside[:-1] + both
    if not inside.startswith(before):  # the mark that stands inside gives way: it cannot be reached from here
        return match[0]
    return inside[len(before) :] + quote


# The finished tree

_FACES = {
    ITALIC: "italic", UPRIGHT: "upright", BOLD: "bold", MEDIUM: "medium", SMALLCAPS: "smallcaps",
    PLAINCAPS: "plaincaps", UNDERLINE: "underline", PLAIN_LINE: "plainline", SUP: "sup", SUB: "sub",
    BASELINE: "baseline",
    BLOCK: "block", LEFT: "left-margin", RIGHT: "right-inline", INDENT: "indent",
}  # fmt: skip
_FLIPS = {FLIP_ITALIC: ("italic", "upright"), FLIP_BOLD: ("bold", "medium"), FLIP_CAPS: ("smallcaps", "plaincaps")}
_SPLIT = pattern(f"([{_MARK}])")
_FACED = pattern(f"[{_MARK}](?<![{QUOTE}{UNQUOTE}])")  # more than quotation marks


def finished(text: str, locale: Locale) -> Text:
    """The tree of a text whose pieces are joined: faces as spans, quotation marks by their depth."""
    if not _FACED.search(text) and text.count(QUOTE) == text.count(UNQUOTE) < 2 and locale.quotes[0]:
        text = text.replace(QUOTE, locale.quotes[0]).replace(UNQUOTE, locale.quotes[1])
        return Text((text,)) if text else Text()
    stack: list[tuple[str, list[Node]]] = [("", [])]
    quotes: list[tuple[str, ...]] = []  # the pairs that are open
    parens = 0
    first, *pieces = _SPLIT.split(text)
    if first:
        stack[0][1].append(first)
    for mark, words in zip(pieces[::2], pieces[1::2], strict=True):
        if mark == UNQUOTE:
            words = (quotes.pop()[1] if quotes else locale.quotes[1]) + words
        elif mark in _OPENS:
            quotes.append(_pair(mark, quotes[-1] if quotes else ("", ""), locale))
            words = quotes[-1][0] + words
        elif mark == END:
            if len(stack) > 1:
                _close(stack)
        elif mark in _FACES:
            face = _FACES[mark]
            stack.append((face if _matters(face, stack) else "", []))
        elif mark in _FLIPS:
            on, off = _FLIPS[mark]
            state = next((face for face, _ in reversed(stack) if face in (on, off)), off)
            stack.append((off if state == on else on, []))
        elif mark == NODECOR:
            stack.append((_undone(stack), []))
        elif mark == PAREN:
            words = ("[" if parens % 2 else "(") + words
            parens += 1
        elif mark == UNPAREN:
            parens -= 1
            words = ("]" if parens % 2 else ")") + words
        elif mark not in (NOCASE, RECASE, SEAM):
            words = mark + words
        if words:
            _append(stack[-1][1], words)
    while len(stack) > 1:
        _close(stack)
    return Text(tuple(stack[0][1]))


_OPENS = (QUOTE, CURLY, SINGLE_CURLY)


def _pair(sign: str, around: tuple[str, ...], locale: Locale) -> tuple[str, ...]:
    """The quotation marks that *sign* opens inside of the pair *around*: never the same as those."""
    outer, inner = locale.quotes[:2], locale.quotes[2:]
    own = {CURLY: ("“", "”"), SINGLE_CURLY: ("‘", "’")}.get(sign, outer)
    if own[0] != around[0]:
        return own
    return inner if own[0] == outer[0] else outer


_FAMILY = {
    "italic": "style", "upright": "style", "bold": "weight", "medium": "weight", "smallcaps": "caps",
    "plaincaps": "caps", "underline": "line", "plainline": "line",
}  # fmt: skip
_USUAL = frozenset(("upright", "medium", "plaincaps", "plainline"))


def _matters(face: str, stack: list[tuple[str, list[Node]]]) -> bool:
    """Whether a face changes anything: italics in italics do not, nor upright type in upright."""
    family = _FAMILY.get(face)
    if family is None:
        return True
    now = next((one for one, _ in reversed(stack) if _FAMILY.get(one) == family), "")
    return now != face if now else face not in _USUAL


def _undone(stack: list[tuple[str, list[Node]]]) -> str:
    """The face that undoes the nearest one."""
    nearest = next((face for face, _ in reversed(stack) if face in _FAMILY), "")
    return {"italic": "upright", "bold": "medium", "smallcaps": "plaincaps", "underline": "plainline"}.get(nearest, "")


def _close(stack: list[tuple[str, list[Node]]]) -> None:
    face, children = stack.pop()
    if not face or (face == "italic" and not _slants(children)):
        for child in children:
            if isinstance(child, str):
                _append(stack[-1][1], child)
            else:
                stack[-1][1].append(child)
    elif children:
        stack[-1][1].append(Span(face, tuple(children)))  # type: ignore[arg-type]


_WITHOUT_ITALICS = pattern(r"[\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_WITH_ITALICS = pattern(r"[0-9A-Za-z\u00c0-\u1fff]")


def _slants(children: list[Node]) -> bool:
    """Whether a text can be in italics: Chinese, Japanese and Korean ones have none (citeproc-js sets none either)."""
    only = children[0] if len(children) == 1 else None
    whole = only if isinstance(only, str) else Text(tuple(children)).plain()
    if whole.isascii():
        return True
    return not _WITHOUT_ITALICS.search(whole) or bool(_WITH_ITALICS.search(whole))


def _append(nodes: list[Node], text: str) -> None:
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] += text
    else:
        nodes.append(text)
