r"""Text and names as they stand in the fields of a .bib file, and what such fields say.

Writing, no letter of a text becomes a command, and every word with a capital is protected from styles that lower it.
Reading, the usual commands become letters here; what is rarer is left to pylatexenc, which reads all of LaTeX and takes
its time.
Source: how fourteen programs read each of these signs was measured (docs/architecture.md); what stands here is what
most of them read rightly.

>>> escape("R&D {50%"), title("The KPSS of 1956"), plain("{The} 5\\% of {\\'E}tat")
('R\\&D \\textbraceleft{}50\\%', '{The} {KPSS} of 1956', 'The 5% of État')
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from citekit.errors import UsageError
from citekit.markup import CONTROLS, clean
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from citekit.names import Name

Person: TypeAlias = str | dict[str, str]  # a name as a record writes it

# Signs that are no text, and pairs that TeX makes one sign of: the first of them gets an empty group behind it
_ACTIVE = pattern(r"[\\{}~^&%$#_]|([-`'<>,])(?=\1)|[!?](?=`)")
_ESCAPES: Mapping[str, str] = MappingProxyType(
    {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
    | {sign: "\\" + sign for sign in "&%$#_"}
    | {sign: sign + "{}" for sign in "-`'<>,!?"}
)
_BALANCED, _SINGLE = (
    MappingProxyType({**_ESCAPES, "{": left, "}": right})
    for left, right in (("\\{", "\\}"), ("\\textbraceleft{}", "\\textbraceright{}"))
)


def one_line(text: str) -> str:
    """*text* in one line, NFC, with single spaces: all that a field can hold.

    >>> one_line(" a\\n\\n b")
    'a b'
    """
    if not _UGLY.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(filter(None, unicodedata.normalize("NFC", clean(text)).split(" ")))


_UGLY = pattern(rf"{CONTROLS}|^ | $|  ")


def escape(text: str) -> str:
    r"""*text* for a braced field: one line, no letter of it a command; letters of every script stay.

    Balanced braces become `\{x\}`, others a command, for a backslash does not escape a brace to BibTeX.

    >>> escape("A & B"), escape("{x}"), escape("a--b")
    ('A \\& B', '\\{x\\}', 'a-{}-b')
    """
    if not _ODD.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = one_line(text)
    return _ACTIVE.sub(_escape_in(text), text)


def _escape_in(text: str) -> Callable[[re.Match[str]], str]:
    table = _BALANCED if is_balanced(text) else _SINGLE
    return lambda match: table[match[0]]


_ODD = pattern(f"{_UGLY.pattern}|{_ACTIVE.pattern}")


def is_balanced(text: str) -> bool:
    """Whether every brace of *text* has its other one."""
    depth = 0
    for brace in _BRACES.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


_BRACES = pattern("[{}]")
_WORD = pattern(r"[^\W_](?:[\w.'’-]*\w\.?)?")


def title(text: str) -> str:
    """The title for a braced field: every word with a capital in braces of its own, the only form that all programs
    keep. Programs take braces round the whole away.

    >>> title("The 5% of V.M. Molotov")
    '{The} 5\\\\% of {V.M.} {Molotov}'
    """
    text = one_line(text)
    escape_one = _escape_in(text)
    special = _ACTIVE.search(text) is not None

    def word(match: re.Match[str]) -> str:
        escaped = _ACTIVE.sub(escape_one, match[0]) if special else match[0]
        return escaped if match[0] == match[0].lower() else "{" + escaped + "}"

    if not special:
        return _WORD.sub(word, text)
    pieces, position = [], 0
    for match in _WORD.finditer(text):
        pieces += [_ACTIVE.sub(escape_one, text[position : match.start()]), word(match)]
        position = match.end()
    return "".join([*pieces, _ACTIVE.sub(escape_one, text[position:])])


def pages(text: str) -> str:
    """Pages for a field, where a range has two hyphens: "66--72"."""
    return _RANGE.sub("--", escape(text))


_RANGE = pattern(r"(?<=\w)-(?=\w)")
_UNSAFE_IN_URL = pattern('[{}\\\\^ "\x00-\x1f\x7f]')


def url(text: str) -> str:
    """The address as it is; what would end the field or start a command is percent-encoded."""
    return _UNSAFE_IN_URL.sub(lambda match: f"%{ord(match[0]):02X}", clean(text))


# Names


def people(names: Iterable[Name]) -> str:
    """The names for a field: "Family, Given"; bodies, and names that are never turned round, in braces of their own.

    Source: an unbraced body is a person to every program, and two where its name has an "and".

    >>> from citekit.names import Name
    >>> people([Name("Molotov", "V. M."), Name(literal="Ministry of Trade and Industry")])
    'Molotov, V. M. and {Ministry of Trade and Industry}'
    """
    return " and ".join(map(_person, names))


def _person(name: Name) -> str:
    if name.literal or name.order == "family-first":
        text = escape(name.literal or f"{name.family} {name.given}")
        return text if text == "others" else "{" + text + "}"  # BibTeX's "et al."
    family = f"{name.particle} {name.family}" if name.particle else name.family
    return ", ".join(_part(part) for part in (family, name.suffix, name.given) if part)


def _part(text: str) -> str:
    """A part of a name; in braces where a comma or an "and" in it would end it."""
    text = escape(text)
    return "{" + text + "}" if "," in text or " and " in f" {text.lower()} " else text


_AND = pattern(r"(?<=\s)and(?=\s)", re.I)
_EXTENDED = pattern(r"(family|given|prefix|suffix|given-i|family-i|useprefix)\s*=\s*(.*)", re.I | re.S)


def read_people(field: str) -> list[Person]:
    """The names in a field, as records write them: "Family, Given", a table where that says too little, bodies as they
    stand.

    >>> read_people("Molotov, V. M. and {CIA, Office} and Charles de Gaulle and others")
    ['Molotov, V. M.', {'literal': 'CIA, Office'}, {'family': 'Gaulle', 'given': 'Charles', 'particle': 'de'}, 'others']
    """
    found = (_read_person(name.strip()) for name in _split(field, _AND))
    return [dict(name) if isinstance(name, dict) else name for name in found if name]


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    """*text* parted at *at* where that is in no braces."""
    if "{" not in text:
        return at.split(text)
    pieces, start, depth, seen = [], 0, 0, 0
    for match in at.finditer(text):
        depth += text.count("{", seen, match.start()) - text.count("}", seen, match.start())
        seen = match.start()
        if depth <= 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


_COMMA, _SPACE = pattern(","), pattern(r"[\s~]+")


@lru_cache(maxsize=4096)  # the same people stand in many entries
def _read_person(field: str) -> Person:
    if field.startswith("{") and field.endswith("}") and is_balanced(field[1:-1]):
        body = plain(field)
        return {"literal": body} if "," in body else body
    parts = [part.strip() for part in _split(field, _COMMA)]
    if all(_EXTENDED.fullmatch(part) for part in parts):
        return _of_parts(parts)
    if len(parts) > 3:
        return {"literal": plain(field)}
    if len(parts) == 1:
        words = [word for word in _split(field, _SPACE) if word]
        first = next((number for number, word in enumerate(words[:-1]) if _is_small(word)), len(words) - 1)
        given, family, suffix = " ".join(words[:first]), " ".join(words[first:]), ""
    else:
        family, given, suffix = parts[0], parts[-1], parts[1] if len(parts) == 3 else ""
    words = [word for word in _split(family, _SPACE) if word]
    last = max((number for number, word in enumerate(words[:-1], 1) if _is_small(word)), default=0)
    last = last if words[:1] and _is_small(words[0]) else 0
    return _as_written(" ".join(words[last:]), given, " ".join(words[:last]), suffix)


def _is_small(word: str) -> bool:
    """Whether BibTeX takes *word* for a particle: its first letter outside of braces is a small one."""
    return word[0].islower() or (word.startswith(("'", "’", "`")) and word[1:2].islower())


def _of_parts(parts: list[str]) -> Person:
    """A name of biblatex's: `family=Hasan, given=Ibn, prefix=al`."""
    found = {match[1].lower(): match[2] for part in parts if (match := _EXTENDED.fullmatch(part))}
    return _as_written(*(found.get(part, "").strip('"') for part in ("family", "given", "prefix", "suffix")))


def _as_written(family: str, given: str, particle: str, suffix: str) -> Person:
    family, given = plain(family), plain(given)
    if particle or suffix or "," in family + given:
        table = {"family": family, "given": given, "particle": plain(particle), "suffix": plain(suffix)}
        return {name: part for name, part in table.items() if part} if family or given else ""
    return f"{family}, {given}" if family and given else family or given


# Reading text

_TEX = pattern(r"[\\~{}\t\r\n\f\v]|--|``|''|  |^ | $")
_COMMANDS = pattern(r"[\\~]|--|``|''")
_BLANKS = pattern(r"[ \t\r\n\f\v]+")
_ACCENTS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "` ' ^ ~ \" = . u v H c k d b r".split(),
            "\u0300\u0301\u0302\u0303\u0308\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u0323\u0331\u030a",
            strict=True,
        )
    )
)
_LETTERS: Mapping[str, str] = MappingProxyType(
    dict(zip("o O l L ss ae AE oe OE aa AA i S copyright pounds".split(), "øØłŁßæÆœŒåÅı§©£", strict=True))
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **_LETTERS,
        **dict.fromkeys(
            # faces, and what only stands round its words
            "emph textit textbf textsc textsf texttt textrm textup textnormal mkbibemph mkbibitalic mkbibbold text "
            "mbox hbox it em bf rm sc sf tt sl relax url nolinkurl protect".split(),
            "",
        ),
        "textbackslash": "\\",
        "textasciitilde": "~",
        "textasciicircum": "^",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textless": "<",
        "textgreater": ">",
        "j": "ȷ",
        "textendash": "–",
        "textemdash": "—",
        "dots": "…",
        "ldots": "…",
        "textellipsis": "…",
        "LaTeX": "LaTeX",
        "TeX": "TeX",
        "BibTeX": "BibTeX",
    }
)
_SIGNS: Mapping[str, str] = MappingProxyType(
    {sign: sign for sign in "&%$#_{} "} | dict.fromkeys("-/@!", "") | {",": " ", ";": " ", ":": " ", "\\": " "}
)
_PLAIN: Mapping[str, str] = MappingProxyType({"{": "", "}": "", "~": " ", "---": "—", "--": "–", "``": "“", "''": "”"})
_TOKEN = pattern(
    r"""\\ (?P<accent>['`^"~=.]|[uvHcdbkr](?![A-Za-z])) \s*
           (?: \{\s*\\?(?P<within>[A-Za-z])\s*\} | \\(?P<dotless>[ij])(?![A-Za-z])(?:\{\})? | (?P<behind>[A-Za-z]) )
      | \\ (?P<word>[A-Za-z]+) (?: \{\} | \s+ )?
      | \\ (?P<sign>[^A-Za-z])
      | [{}~] | ---? | `` | \'\'""",
    re.X,
)
_ENQUOTED = pattern(r"\\(?:enquote\*?|mkbibquote)\s*\{([^{}]*)\}")
_MATHS = pattern(r"(?<!\\)\$")


def plain(text: str) -> str:
    r"""A field's text without TeX: accents and escapes as letters, protecting braces taken off.

    >>> plain("{The} 5\\% of {\\'E}tat"), plain("a_b $x$"), plain("{\\c{C}}etin--\\emph{x}")
    ('The 5% of État', 'a_b $x$', 'Çetin–x')
    """
    if not _TEX.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = _decoded(text) if _COMMANDS.search(text) else text.replace("{", "").replace("}", "")
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip(" "))


def _decoded(text: str) -> str:
    text = _ENQUOTED.sub(r"“\1”", text)
    try:
        if "\\" in text and len(_MATHS.findall(text)) > 1:
            raise _UnknownError
        return _TOKEN.sub(_token, text)
    except _UnknownError:
        return _by_pylatexenc(text)


class _UnknownError(Exception):
    """A command that is not in our tables."""


def _token(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind is None:
        return _PLAIN[match[0]]
    if kind in ("within", "dotless", "behind"):
        return unicodedata.normalize("NFC", match[kind] + _ACCENTS[match["accent"]])
    found = (_WORDS if kind == "word" else _SIGNS).get(match[kind])
    if found is None:
        raise _UnknownError
    return found


def _by_pylatexenc(text: str) -> str:
    """*text* as pylatexenc reads it; as it stands where it cannot."""
    import logging

    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of what is no TeX
    source = re.sub(r"(?<!\\)%", r"\\%", text)  # BibTeX knows no comments in a field
    try:
        return str(LatexNodes2Text(math_mode="verbatim").latex_to_text(source))
    except Exception:  # it has no error of its own for what it cannot read
        return text


# Letters for programs of one byte a letter

_COMMAND_OF: Mapping[str, str] = MappingProxyType({letter: f"{{\\{name}}}" for name, letter in _LETTERS.items()})
_ACCENT_OF: Mapping[str, str] = MappingProxyType({sign: name for name, sign in _ACCENTS.items()})
_SIGN_OF: Mapping[str, str] = MappingProxyType(
    {"“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "…": "...", "\N{NO-BREAK SPACE}": "~"}
)
_FOREIGN = pattern(r"[^\x00-\x7f]")


def in_ascii(text: str, key: str) -> str:
    r"""The field of the entry *key* in ASCII, Latin letters with one accent as commands that every program decodes.

    Raises UsageError with the letter for any other.

    >>> in_ascii("Çetin – Łódź", "k")
    "{\\c{C}}etin -- {\\L}{\\'{o}}d{\\'{z}}"
    """
    return text if text.isascii() else _FOREIGN.sub(lambda match: _command(match[0], key), text)


def _command(letter: str, key: str) -> str:
    if known := _COMMAND_OF.get(letter) or _SIGN_OF.get(letter):
        return known
    base, accents = (parts := unicodedata.normalize("NFD", letter))[:1], parts[1:]
    if base.isascii() and accents in _ACCENT_OF:
        return f"{{\\{_ACCENT_OF[accents]}{{{base}}}}}"
    name = unicodedata.name(letter, "")
    raise UsageError(
        f"{key}: {letter!r} (U+{ord(letter):04X}{' ' + name if name else ''}) cannot be written in ASCII",
        hint="without --ascii all letters stay as they are, as biber and bibtexu read them",
    )
