"""Pages of the Wilson Center Digital Archive, as HTML, as Markdown or as plain text: one page, one record.

A page has a date and a title, then blocks with a label (Citation, Summary, Credits, Original Language, Contents), then
the document. What stands in it is read; what does not is not invented: a page never says when it was read. What the
citation holds is read by `citekit.citations`.

Source: pages of the site as its PDFs and their Markdown have them, and the labels that its HTML has besides (Source,
Record ID, Original Classification, ...; in classes where https://github.com/nhamby/wilson-center-digital-archive-web-scraping
finds them).

>>> from citekit.archives import shipped
>>> page("July 4, 1949\\nLetter to Moscow\\n\\nOriginal Language:\\nRussian\\n", shipped()).table["language"]
'ru'
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from citekit import citations, dates
from citekit.errors import ParseError
from citekit.names import read_name, written
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from citekit.archives import Registry

SITE = "Wilson Center Digital Archive"

# Label of a block, in small letters -> the block. A label that is not here is text.
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "citation": "citation",
        "source": "source",
        "summary": "summary",
        "credits": "credits",
        "original language": "language",
        "language": "language",
        "contents": "contents",
        "record id": "id",
        "original classification": "classification",
        "subjects discussed": "tags",
    }
    | dict.fromkeys(
        "original archive;original uploaded date;rights;author;authors;author(s);donors;associated places;"
        "associated people & organizations;associated people and organizations;document contributors;"
        "document information;related documents;share;get citation".split(";"),
        "",  # known, so that it ends the block before it; not read
    )
)
# What HTML pages mark by a class and not by a label
_CLASSES = {"date": "date", "donated": "credits", "text-block": "summary"}
# What a page must have one of, so that no other text is taken for one
_OURS = ("citation", "source", "contents", "language", "id")
_LABEL = pattern(r"([A-Za-z][A-Za-z&() ]{3,40}?)\s*:\s*(.*)")
_BANNER = pattern(
    r"(?:Wilson Center )?Digital Archive(?:\s+digitalarchive\.wilsoncenter\.org)?|International History Declassified"
    r"|(?:https?://)?digitalarchive\.wilsoncenter\.org/?|\f",
    re.I,
)
# The languages that originals are in, most of them; the rest keep the word that the page has
_LANGUAGES: Mapping[str, str] = MappingProxyType(
    dict(
        pair.split("=")
        for pair in """
        Russian=ru English=en Chinese=zh German=de French=fr Spanish=es Portuguese=pt Italian=it Polish=pl
        Czech=cs Slovak=sk Hungarian=hu Romanian=ro Bulgarian=bg Serbian=sr Croatian=hr Serbo-Croatian=sh
        Slovenian=sl Macedonian=mk Albanian=sq Greek=el Turkish=tr Ukrainian=uk Belarusian=be Lithuanian=lt
        Latvian=lv Estonian=et Finnish=fi Swedish=sv Norwegian=no Danish=da Dutch=nl Arabic=ar Hebrew=he
        Persian=fa Farsi=fa Azerbaijani=az Azeri=az Georgian=ka Armenian=hy Kazakh=kk Uzbek=uz Mongolian=mn
        Korean=ko Japanese=ja Vietnamese=vi Lao=lo Khmer=km Thai=th Burmese=my Indonesian=id Hindi=hi Urdu=ur
        Bengali=bn Pashto=ps Afrikaans=af Swahili=sw Uyghur=ug Tibetan=bo
    """.split()
    )
)


@frozen
class Line:
    """A line of a page; an empty one parts paragraphs. *block* is what HTML says it is: "title", "date", a block."""

    text: str
    block: str = ""


def page(text: str, registry: Registry) -> citations.Found:
    """The table of the page's record, and what of its citation was not understood.

    Raises ParseError where *text* has none of the labels of such a page.
    """
    blocks = _blocks(lines(text))
    if not any(name in blocks for name in _OURS):
        hint = "it has a line “Citation:”, “Original Language:” or “Contents:”"
        raise ParseError("this is no page of the Wilson Center Digital Archive", text, (0, 1), hint=hint)
    cited, unread = _cited(blocks, registry)
    contents, document = _contents(blocks.get("contents", ()))
    table = cited | _heading(blocks) | _labelled(blocks)
    online = {"publisher": SITE} | cited.get("online", {})
    online |= _known(id=_joined(blocks.get("id", ())) or _number(online.get("url", "")), contents=contents)
    table["online"] = {key: online[key] for key in ("publisher", "id", "url", "contents") if key in online}
    more = _document(document, table.get("title", ""), table.get("abstract", ""))
    return citations.Found(_merged(table, more), unread)


def looks_like(text: str) -> bool:
    """Whether *text* may be such a page: HTML, or two of the labels on lines of their own.

    >>> looks_like("<!DOCTYPE html>"), looks_like("Citation: x\\n\\nContents:\\ny"), looks_like("Secret")
    (True, True, False)
    """
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":
        return True
    return len({found[1].casefold() for found in _MARKED.finditer(text)}) > 1


_MARKED = pattern(r"^[*_#\s]{0,9}(Citation|Summary|Original Language|Contents|Record ID):", re.M | re.I)


# Text of any kind becomes lines


def lines(text: str) -> list[Line]:
    """The lines of HTML, Markdown or plain text, without their marks."""
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":
        return _of_html(text)
    return [Line(_plain(line)) for line in text.lstrip("\ufeff").replace("\f", "\n").splitlines()]


_LINK = pattern(r"\[([^\[\]<>]{1,500})\]\((?:[^()\s]{0,2000})\)")
_AUTOLINK = pattern(r"<(https?://[^<>\s]{1,2000})>")
_BOX = pattern(r"^(?:[-*+] )?\[([ xX])\](?= )")
_ESCAPED = pattern(r"\\([\\`*_{}\[\]()#+.!<>~-])")
_STARRED = pattern(r"(?<![\w*])[*_]([^*_]{1,500})[*_](?![\w*])")


def _plain(line: str) -> str:
    """A line without the marks of Markdown; a box to be ticked as a sign."""
    line = line.strip().replace("**", "").replace("__", "")
    line = _BOX.sub(lambda box: "☐" if box[1] == " " else "☒", line)
    line = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", line))
    line = _ESCAPED.sub(r"\1", _STARRED.sub(r"\1", line)).lstrip("#>").rstrip("\\")
    return " ".join(_unescaped(line).split())


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # "&#" and thousands of figures, which Python makes no number of
        return text


_TAG = pattern(r"""</?([A-Za-z][A-Za-z0-9-]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""")
_OTHER = pattern(r"<[!?][^<>]*>")
_LONGEST_TAG = 2_000  # signs; the library's parser takes a time that grows with their square
# Elements whose text is no text of the page: no HTML is in the first, and in the second it is not shown
_RAW = frozenset("script style title textarea iframe xmp noembed noframes plaintext".split())
_HIDDEN = frozenset("head template noscript nav footer svg math object select button dialog audio video".split())
_BLOCKS = frozenset(
    "address article aside blockquote body dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6 header hr html li main "
    "ol p pre section table tbody td th tr ul".split()
)
_HEADINGS = frozenset("h2 h3 h4 h5 h6 dt th".split())


class _Reader(HTMLParser):
    """Takes tags one at a time, and the text between them; keeps no tree, so that depth costs nothing.

    Scripts are skipped, references to signs are read once, and there are no others: no page can grow by being read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.said: dict[str, str] = {}  # what some element said its lines are -> the element, while it is open
        self.hidden, self.depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden and tag != "body":
            self.depth += tag == self.hidden
            return
        self.hidden = tag if tag in _HIDDEN else ""
        self.depth = 1
        if tag in _BLOCKS or tag == "br":
            self.end_line(paragraph=tag != "br")
            self._close("p")
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type", "").lower() == "checkbox":
            self.words.append(" ☒ " if "checked" in given else " ☐ ")
        self._say(tag, given.get("class", "").split())

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.depth -= tag == self.hidden
            self.hidden = self.hidden if self.depth else ""
            return
        if tag in _HEADINGS and " ".join("".join(self.words).split()).casefold() in _LABELS:
            self.words.append(":")
        if tag in _BLOCKS or tag in self.said.values():
            self.end_line(paragraph=True)
            self._close(tag)

    def _say(self, tag: str, classes: Sequence[str]) -> None:
        """Notes what the lines of an element are: the first heading is the title, the rest says its class."""
        says = "title" if tag == "h1" else next((_CLASSES[name] for name in classes if name in _CLASSES), "")
        if says and not any(self.said.values()):
            self.said.setdefault(says, tag)

    def _close(self, tag: str) -> None:
        self.said = {says: "" if element == tag else element for says, element in self.said.items()}

    def end_line(self, *, paragraph: bool) -> None:
        """Ends the line, and the paragraph where that is asked for."""
        text = " ".join("".join(self.words).split())
        self.words.clear()
        says = next((says for says, element in self.said.items() if element), "")
        if text or not paragraph:
            self.lines.append(Line(text, says))
        if paragraph and self.lines and self.lines[-1].text:
            self.lines.append(Line("", says))


def _of_html(text: str) -> list[Line]:
    reader, position = _Reader(), 0
    while position < len(text):
        position = _piece(reader, text, position)
    reader.end_line(paragraph=True)
    return reader.lines


def _piece(reader: _Reader, text: str, position: int) -> int:
    """Reads the next piece and gives where it ends: text, a tag, a comment, or a lone "<"."""
    if text[position] != "<":
        end = text.find("<", position)
        end = len(text) if end < 0 else end
        if not reader.hidden:
            reader.words.append(_unescaped(text[position:end]))
        return end
    if text.startswith("<!--", position):
        end = text.find("-->", position)
        return len(text) if end < 0 else end + 3
    if found := _TAG.match(text, position):
        name = found[1].lower()
        if name in _RAW and text[position + 1] != "/":
            return _behind(text, name, found.end())
        if len(found[0]) < _LONGEST_TAG:
            reader.feed(found[0])
        elif len(name) < _LONGEST_TAG:
            reader.feed(f"<{'/' * (text[position + 1] == '/')}{name}>")
        return found.end()
    if found := _OTHER.match(text, position):
        return found.end()
    reader.words.append("" if reader.hidden else "<")
    return position + 1


def _behind(text: str, name: str, position: int) -> int:
    """Where the raw element *name* ends; the end of the text where it is not closed."""
    found = re.compile(f"</{name}[^<>]*>", re.I).search(text, position)
    return found.end() if found else len(text)


# Lines become blocks


def _blocks(given: Sequence[Line]) -> dict[str, list[str]]:
    """The lines of each block by its name: "head" before the first label, "contents" to the end of the page."""
    blocks: dict[str, list[str]] = {"head": []}
    now = "head"
    for line in given:
        if _BANNER.fullmatch(line.text) and now != "contents":
            continue
        if now == "contents":
            blocks[now].append(line.text)
            continue
        named, rest = _label(line.text)
        if line.block and named is None:
            blocks.setdefault(line.block, []).append(line.text)
        elif named is None:
            blocks.setdefault(now, []).append(line.text)
        else:
            now = named if named not in blocks else ""
            blocks.setdefault(now, []).append(rest)
    return blocks


def _label(text: str) -> tuple[str | None, str]:
    """The block that *text* begins, None where it begins none, and what stands behind the label."""
    found = _LABEL.fullmatch(text)
    return (_LABELS.get(found[1].casefold()), found[2]) if found else (None, "")


def _paragraphs(given: Iterable[str]) -> list[str]:
    """The lines joined to paragraphs; a word that was parted at the end of a line is joined again."""
    found = ["\n".join(lines) for there, lines in groupby(given, bool) if there]
    return [re.sub(r"(?<=[^\W\d_]-)\n(?=[^\W\d_])", "", text).replace("\n", " ") for text in found]


def _joined(given: Iterable[str]) -> str:
    return " ".join(_paragraphs(given))


# Blocks become fields


def _known(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _cited(blocks: Mapping[str, Sequence[str]], registry: Registry) -> tuple[dict[str, Any], str]:
    """What the citation says, or the line with the source where the page has no citation."""
    text = _joined(blocks.get("citation", ())) or _joined(blocks.get("source", ()))
    if not text:
        return {}, ""
    found = citations.read(text, registry)
    return dict(found.table), found.unread


def _heading(blocks: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Title and date as they stand over the first label."""
    head = [*blocks.get("date", ()), "", *blocks["head"]]
    place, dated = next(((n, date) for n, line in enumerate(head) if (date := _date(line))), (-1, {}))
    title = _joined(blocks.get("title", ())) or next(iter(_paragraphs(head[place + 1 :] if dated else [])), "")
    return _known(title=title) | dated


def _date(text: str) -> dict[str, object]:
    """The date as a record has it, where all of *text* is one; else nothing."""
    if not re.search("[0-9]{4}", text) or len(text) > dates.LONGEST:
        return {}
    try:
        return dates.table_of(dates.read_words(text))
    except ParseError:
        return {}


def _labelled(blocks: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    language = _joined(blocks.get("language", ()))
    return _known(
        language=_LANGUAGES.get(language.title(), language),
        classification=_classification(_joined(blocks.get("classification", ()))),
        abstract="\n\n".join(_paragraphs(blocks.get("summary", ()))),
        credits=_joined(blocks.get("credits", ())),
        tags=[line.replace("--", " – ") for line in blocks.get("tags", ()) if line],
    )


def _number(url: str) -> str:
    found = re.search(r"/(?:document|node)/(\d{1,12})(?![\w-])", url)
    return found[1] if found else ""


def _merged(table: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """*table* and what *more* has besides; both say who did what, and both may have a note."""
    people = {**more.get("people", {}), **table.get("people", {})}
    note = " ".join(part["note"] for part in (table, more) if part.get("note"))
    return {**more, **table} | _known(people=people, note=note)


_CONTENTS = pattern(
    r"(?:[A-Z]\w+ )?(?:Translation|Transcript|Transcription|Scan|Original|Scanned Original)(?: - [\w ,]+)?"
)


def _contents(given: Sequence[str]) -> tuple[str, list[str]]:
    """What the page holds ("Translation - English"), and the lines of the document behind it."""
    rest = [*given]
    said: list[str] = []
    while rest and (not rest[0] or not said or _CONTENTS.fullmatch(rest[0])):
        said += [line] if (line := rest.pop(0)) else []
    return "; ".join(said), rest


# The document itself: what clerks wrote above and below it

_SECRECY = pattern(
    r"(?:(?:strictly|absolutely|top|most|very) )?(?:secret|confidential)|restricted|for official use only|unclassified"
    r"|limited official use|not for publication|personal and (?:secret|confidential)|special file",
    re.I,
)
_TOP, _FOOT = 12, 60  # lines in which such notes are looked for


def _classification(text: str) -> str:
    """The classification, its words begun with capitals; nothing where *text* is none."""
    bare = text.strip(" .,;[]()!*")
    if not _SECRECY.fullmatch(bare):
        return ""
    return bare.title() if bare.isupper() or bare.islower() else bare


def _document(given: Sequence[str], title: str, summary: str) -> dict[str, Any]:
    """What stands above and below the text: classification, number, who was there, who recorded it, who got it."""
    written = [line for line in given if line]
    foot = _Foot(written[-_FOOT:])
    who = _of_title(title, summary)
    people = {role: who.get(role, []) + foot.people.get(role, []) for role in [*who, *foot.people]}
    return _known(
        classification=next(filter(None, map(_classification, written[:_TOP])), ""),
        number=foot.number,
        note=foot.note(),
        people=people,
    )


_WORD = r"(?:[^\W\d_a-z][\w'’.-]*|de|von|van|al|der)"  # no small letter begins it but in a particle
_NAME = pattern(rf"{_WORD}(?: {_WORD}){{0,4}}")
_COMRADES = pattern(r"\b(?:cdes?|comrades?|com|messrs|mr|mrs|ms|dr|tov|tt)\b\.? ?", re.I)
_BETWEEN = pattern(r"\s*[,;]\s*(?:and\s+)?|\s+and\b\s*")


def _people(text: str) -> list[Any]:
    """The names in a list of names, as a record writes them; none where anything else stands in it.

    >>> _people("Cdes. Stalin, V.M. Molotov and W. Averell Harriman."), _people("Cde. Malik had left")
    (['Stalin', 'Molotov, V. M.', 'Harriman, W. Averell'], [])
    """
    bare = re.sub(r"(?<=\w\w)\.$", "", _COMRADES.sub("", text).strip())
    names = [name for name in _BETWEEN.split(bare) if name]
    return [_name(name) for name in names] if all(map(_NAME.fullmatch, names)) else []


def _name(text: str) -> str | dict[str, str]:
    spaced = re.sub(r"(?<=[^\W\d_]\.)(?=[^\W\d_])", " ", text)
    return written(read_name(spaced))


_FAMILY = r"[^\W\d_a-z][\w’'-]*\w"
_INITIALS = r"(?:[^\W\d_a-z][a-z]?\. ?)+"
_JOURNAL = pattern(rf"(?:From the )?(?:Journal|Diary) of .*?({_INITIALS}{_FAMILY})(?:,| for |$)")
_RECEPTION = pattern(
    r"\bReception of [\w. ]{0,60}?(?:Ambassador|Minister|Envoy|Consul|Counselor|Secretary|President|General) "
    rf"({_FAMILY})(?=[,'’\"”]|$)"
)


def _of_title(title: str, summary: str) -> dict[str, list[Any]]:
    """Whose journal it is, and who was received; a family name is completed where the summary has initials to it.

    >>> _of_title("From the Journal of V.M. Molotov, 'The Reception of US Ambassador Harriman'", "W. Averell Harriman")
    {'author': ['Molotov, V. M.'], 'participant': ['Harriman, W. Averell']}
    """
    who = {}
    if found := _JOURNAL.search(title):
        who["author"] = [_name(found[1])]
    if found := _RECEPTION.search(title):
        full = re.search(rf"\b{_INITIALS}(?:{_FAMILY} )?{re.escape(found[1])}\b", summary)
        who["participant"] = [_name(full[0] if full else found[1])]
    return who


# Notes under a document -> the role of those they name
_NOTES = (
    (pattern(r"(?:those |also )*present(?: at [\w ]{3,40})?: ?(.+)", re.I), "participant"),
    (pattern(r"(.{2,120}?) (?:was|were) (?:also )?present(?: (?:at|during) [\w ]{3,40})?\.?", re.I), "participant"),
    (pattern(r"(?:the )?(?:conversation )?(?:was )?(?:recorded|written down)(?: by:?|:) ?(.+)", re.I), "recorder"),
    (pattern(r"(?:authenticated|authentic|certified|verified)(?: by:?|:) ?(.+)", re.I), "authenticated_by"),
)
_DISTRIBUTION = pattern(
    r"(?:distributed to|distribution(?: list)?|(?:copies )?sent to|copies to|circulated to)\s*:\s*(.*)", re.I
)
_EMPTY, _TICKED = "☐□▢❏❑", "☑☒✓✔✗✘🗹"
_ENTRY = pattern(rf"([{_EMPTY}{_TICKED}]?) ?(?:\d{{1,2}}[.)] )?(.*)")
_LAST = pattern(r"\w\w\.$")  # the stop behind the last name, not that behind an initial
_REGISTERED = pattern(r"(?:(?:no|nr|№)\.? ?)?([0-9]+(?:[-/][^\W_]+){0,3})\.?", re.I)
_PLAINLY_REGISTERED = pattern(r"[0-9]+[-/][^\W\d_]{1,4}")  # no page has such a number


class _Foot:
    """The lines under a document, one by one: a note that names somebody, an entry of the distribution list, the
    registration number, what stands below that; anything else is text."""

    def __init__(self, given: Sequence[str]) -> None:
        self.people: dict[str, list[Any]] = {}
        self.number = ""
        self.boxes: list[tuple[Any, str]] = []  # a name of the distribution list, and the box before it
        self.below: list[str] = []
        self.listing = False
        for line in given:
            self.listing = self._read(line)
        if self.boxes:
            self.people["distribution"] = [name for name, _ in self.boxes]

    def _read(self, line: str) -> bool:
        """Reads a line; whether the distribution list may go on behind it."""
        if found := _DISTRIBUTION.fullmatch(line):
            self.boxes.clear()
            return not found[1] or (self._entry(found[1]) and not _LAST.search(line))
        if self.listing and self._entry(line):
            return not _LAST.search(line)
        if noted := _noted(line):
            self.people.setdefault(noted[0], []).extend(noted[1])
        elif self.number:
            self.below.append(line)
        elif found := _REGISTERED.fullmatch(line):
            self.number = found[1] if self.boxes or _PLAINLY_REGISTERED.fullmatch(found[1]) else ""
        return False

    def _entry(self, line: str) -> bool:
        """Whether *line* is an entry of the distribution list."""
        found = _ENTRY.fullmatch(line)
        names = _people(found[2]) if found and not _noted(line) else []
        self.boxes += [(name, found[1]) for name in names if found]
        return bool(names)

    def note(self) -> str:
        """What no field holds: who is ticked in the list, and what stands below the number."""
        ticked = _ticks(self.boxes)
        below = ", ".join(f"“{line}”" for line in self.below) if len(self.below) < 4 else ""
        return " ".join([*ticked, *([f"Below the registration number: {below}."] if below else [])])


def _noted(line: str) -> tuple[str, list[Any]] | None:
    """The role that a note gives, and the people it names."""
    for note, role in _NOTES:
        if (found := note.fullmatch(line)) and (names := _people(found[1])):
            return role, names
    return None


def _ticks(boxes: Sequence[tuple[Any, str]]) -> list[str]:
    """The sentence that says whose box is ticked; none where there are no boxes.

    >>> _ticks([("Stalin", "☒"), ("Beria", "☐")])
    ['In the list of those it was distributed to, Stalin has a box, ticked; Beria has a box, not ticked.']
    """
    if not any(box for _, box in boxes):
        return []
    said = []
    for signs, one, several in (
        ("", "stands without a box", "stand without a box"),
        (_TICKED, "has a box, ticked", "each have a box, ticked"),
        (_EMPTY, "has a box, not ticked", "each have a box, not ticked"),
    ):
        names = [str(name) for name, box in boxes if (box in signs if box else not signs)]
        if names:
            listed = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
            said.append(f"{listed} {several if len(names) > 1 else one}")
    return [f"In the list of those it was distributed to, {'; '.join(said)}."]
