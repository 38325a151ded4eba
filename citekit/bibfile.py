"""Files of entries, `.bib`, in and out: what BibTeX and BibLaTeX have in common.

Each dialect says which fields a record has (`citekit.formats`). Here they are read back at once (`citekit.bibtable`),
and what that reading lacks goes into one field more, `citekit`, so that a record comes back as it was. One reader takes
both dialects, and what Zotero, Better BibTeX and JabRef write.

Comments, preambles and what stands between entries is left aside, as by every program. `@string` is put in where it is
named; what an entry has by `crossref` or `xdata` from another one is put into it, and the field kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from citekit.bibtable import FIELD, MONTHS, Fields, table_of
from citekit.errors import Issue, ParseError, UsageError, Where
from citekit.exchange import REST, Loss, Options, Written, changes, decode, encode, losses, restored
from citekit.patterns import pattern
from citekit.record import Draft
from citekit.tex import escape, in_ascii, is_balanced, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from citekit.record import Record

Entry: TypeAlias = tuple[str, Fields]  # its kind, and its fields by their small names, without their braces


def write(records: Sequence[Record], options: Options, entry_of: Callable[[Record, Options], Entry]) -> Written:
    """One entry a record, in their order, with a blank line between; the same records give the same bytes.

    Raises UsageError for keys that programs take for one and, in ASCII, for a letter that has no command.
    """
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Field
    from bibtexparser.model import Entry as Model
    from bibtexparser.writer import BibtexFormat

    _check_keys(records)
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent, layout.block_separator, layout.trailing_comma = "  ", "\n", True
    blocks: list[Block] = []
    lost: list[Loss] = []
    for record in records:
        kind, fields = entry_of(record, options)
        fields, found = _with_rest(record, kind, fields, options)
        blocks.append(Model(kind, record.key, [Field(name, _enclosed(name, value)) for name, value in fields.items()]))
        lost += found
    text = str(write_string(Library(blocks), unparse_stack=[], bibtex_format=layout))
    return Written(text.strip("\n") + "\n" if blocks else "", tuple(lost))


def _check_keys(records: Sequence[Record]) -> None:
    """Every key of a record is safe in itself. Of two that differ in case only biber loses one, and BibTeX stops."""
    seen: dict[str, str] = {}
    for record in records:
        other = seen.setdefault(record.key.lower(), record.key)
        if other != record.key:
            hint = f"citekit rename {record.key} gives one of them another key"
            raise UsageError(f"the keys {other!r} and {record.key!r} differ only in case: programs lose one", hint=hint)


def _with_rest(record: Record, kind: str, fields: Fields, options: Options) -> tuple[Fields, list[Loss]]:
    """The fields that say something, those that an import kept, and the rest of the record in one more."""
    fields = {name: value for name, value in fields.items() if value}
    fields |= {name: value for name, value in _kept(record) if value and name not in fields}
    if options.ascii:
        fields = {name: in_ascii(value, record.key) for name, value in fields.items()}
    changed = changes(record.table, table_of(kind, dict(fields)))
    if not changed:
        return fields, []
    lost = []
    if any(value is not None for _, value, *_ in changed):
        lost = losses(record.key, changed, " ".join(map(plain, fields.values())))
    return {**fields, REST: encode(changed, ascii=options.ascii)}, lost


def _kept(record: Record) -> Iterator[tuple[str, str]]:
    """The fields that an import kept for want of a place; their TeX does not come back as commands."""
    kept = record.table.get("bibtex")
    for name, value in sorted(kept.items()) if isinstance(kept, dict) else ():
        if FIELD.fullmatch(name) and name not in ("entrytype", REST) and isinstance(value, str | int):
            yield name, escape(plain(str(value)))


def _enclosed(name: str, value: str) -> str:
    return value if name == "month" and value in MONTHS else "{" + value + "}"


# Reading


def read(text: str, path: str = "-") -> list[Draft]:
    """The entries of a .bib file as drafts of records, in their order; one that cannot be read is a draft with an error
    and its line, one of which a field is doubtful a draft with a warning."""
    import logging

    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock, String
    from bibtexparser.model import Entry as Model

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it warns of what we report
    blocks = parse_string(_BROKEN.sub(r"\1\3\2", text), parse_stack=[]).blocks
    strings = _strings((block.key, block.value) for block in blocks if isinstance(block, String))
    found: list[_Found] = []
    for block in blocks:
        where = Where(path, (block.start_line or 0) + 1)
        twice = block.duplicate_keys if isinstance(block, DuplicateFieldKeyBlock) else ()
        again = (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)
        entry = block.ignore_error_block if isinstance(block, again) else block
        if isinstance(entry, Model):
            pairs = [(field.key, field.value) for field in entry.fields]
            found.append(_Found(entry.key, entry.entry_type.lower(), _fields(pairs, strings), where, sorted(twice)))
        elif isinstance(block, ParsingFailedBlock):
            found.append(_Found("", "", {}, where, (), _why(block)))
    _inherit(found)
    return [_draft(one) for one in found]


# Where the brace that opens an entry stands in a line of its own, bibtexparser passes the entry over in silence
_BROKEN = pattern(r"^([ \t]*@[A-Za-z]+)([ \t]*\r?\n\s*)([{(])", re.M)


class _Found:
    """An entry as the file has it; or *why* it cannot be read."""

    __slots__ = ("fields", "key", "kind", "twice", "where", "why")

    def __init__(
        self, key: str, kind: str, fields: Fields, where: Where, twice: Sequence[str] = (), why: str = ""
    ) -> None:
        self.key, self.kind, self.fields, self.where, self.twice, self.why = key, kind, fields, where, twice, why


def _why(block: Any) -> str:
    """Why bibtexparser could not read a block; its own words are for programmers."""
    error = getattr(block, "error", None)
    said = str(getattr(error, "abort_reason", "") or error or "").split("\n")[0].rstrip(".")
    return said[:1].lower() + said[1:] or "it cannot be read"


def _draft(one: _Found) -> Draft:
    line = one.where.line
    if one.why:
        return Draft("", {}, Issue("C040", "error", f"an entry was left out: {one.why}", one.where), line)
    rest = one.fields.pop(REST, "")
    table = table_of(one.kind, one.fields)
    if one.twice:
        message = f"{one.key}: the field {one.twice[0]!r} stands in it twice; the first one counts, both are kept"
        return Draft(one.key, table, Issue("C041", "warning", message, one.where), line)
    try:
        return Draft(one.key, restored(table, decode(rest)) if rest else table, None, line)
    except ParseError as error:
        table["bibtex"] = {"entrytype": one.kind} | table.get("bibtex", {}) | {REST: rest}
        return Draft(one.key, table, Issue("C041", "warning", f"{one.key}: {error.message}", one.where), line)


# Values: pieces in braces or quotation marks, numbers, names of strings, joined by #

_LONGEST = 100_000  # signs; strings made of strings can double with each


def _strings(pairs: Iterator[tuple[str, str]]) -> Fields:
    """The strings of a file by their small names, each with those put in that stand before it."""
    strings: Fields = {}
    for key, raw in pairs:
        value = _value(raw, strings)
        strings[key.lower()] = value if len(value) <= _LONGEST else key
    return strings


def _fields(pairs: Sequence[tuple[str, str]], strings: Fields) -> Fields:
    """The fields by their small names; one that stands there again gets a number behind it."""
    fields: Fields = {}
    times: dict[str, int] = {}
    for key, raw in pairs:
        name = key.lower()
        while name in fields:
            times[key.lower()] = times.get(key.lower(), 1) + 1
            name = f"{key.lower()}-{times[key.lower()]}"
        fields[name] = _value(raw, strings)
    return fields


def _value(raw: str, strings: Fields) -> str:
    """What a field says, without what encloses it; a name that is no string stays, as those of months do."""
    if raw[:1] == "{" and raw[-1:] == "}" and ("#" not in raw or is_balanced(raw[1:-1])):
        return raw[1:-1]
    if raw[:1] == '"' and raw[-1:] == '"' and raw.count('"') == 2:
        return raw[1:-1]
    if "#" not in raw:
        inner = raw[1:-1] if raw[:1] == '"' == raw[-1:] and len(raw) > 1 else raw
        return strings.get(inner.lower(), inner) if inner is raw else inner
    pieces, length = [], 0
    for piece in _joined(raw):
        pieces.append(_piece(piece.strip(), strings))
        length += len(pieces[-1])
        if length > 10 * _LONGEST:  # no record holds that
            break
    return "".join(pieces)


def _joined(raw: str) -> Iterator[str]:
    """The pieces between those # that are in no braces and no quotation marks."""
    start = depth = 0
    quoted = False
    for match in _MARKS.finditer(raw):
        sign = match[0]
        if sign == "#" and not (depth or quoted):
            yield raw[start : match.start()]
            start = match.end()
        quoted ^= sign == '"' and not depth
        depth += (sign == "{") - (sign == "}")
    yield raw[start:]


_MARKS = pattern('[{}"#]')


def _piece(piece: str, strings: Fields) -> str:
    enclosed = len(piece) > 1 and piece[0] + piece[-1] in ("{}", '""')
    return piece[1:-1] if enclosed else strings.get(piece.lower(), piece)


# What an entry has from another one

_WITHIN = ("inbook", "incollection", "inproceedings", "suppbook", "suppcollection", "inreference", "conference")
# What is the parent's own; source: the rules of biblatex's manual, appendix B, as far as they are of use here
_OWN = frozenset(
    "crossref xref xdata entryset entrysubtype execute label options presort related relatedtype shorthand shorttitle "
    "sortkey sorttitle sortyear ids keywords title subtitle titleaddon abstract annote annotation file key type note "
    "addendum pages pagetotal doi url urldate citekit".split()
)
_AS_BOOK = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}


def _inherit(found: Sequence[_Found]) -> None:
    """Puts into each entry what it has by `crossref` or `xdata`, one step up."""
    heirs = [one for one in found if "crossref" in one.fields or "xdata" in one.fields]
    if not heirs:
        return
    known = {one.key.lower(): dict(one.fields) for one in reversed(found)}
    for one in heirs:
        for name in one.fields.get("xdata", "").split(","):
            one.fields |= {n: v for n, v in known.get(name.strip().lower(), {}).items() if n not in one.fields}
        parent = known.get(one.fields.get("crossref", "").strip().lower(), {})
        handed = {name: value for name, value in parent.items() if name not in _OWN}
        if one.kind in _WITHIN:
            handed |= {_AS_BOOK[name]: parent[name] for name in _AS_BOOK if name in parent}
        elif one.kind == "article" and "title" in parent:
            handed["journaltitle"] = parent["title"]
        one.fields |= {name: value for name, value in handed.items() if name not in one.fields}
