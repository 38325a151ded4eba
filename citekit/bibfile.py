"""Files of entries, `.bib`, in and out: what BibTeX and BibLaTeX have in common.

Each dialect says which fields a record has (`citekit.formats`). Here they are read back at once (`citekit.bibtable`),
and what that reading lacks goes into one field more, `citekit`, so that a record comes back as it was. One reader takes
both dialects, and what Zotero, Better BibTeX and JabRef write.

What an entry has by `crossref` from another one is put into it, and the field kept. What it has by `xdata` is put into
it too; the entries which only hold that, and sets of entries, are no documents and are left aside, with a word.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from citekit.bibscan import Found, scan
from citekit.bibtable import FIELD, MONTHS, Fields, table_of
from citekit.errors import Issue, ParseError, UsageError, Where
from citekit.exchange import REST, Change, Loss, Options, Written, changes, decode, encode, losses, restored
from citekit.record import Draft
from citekit.tex import escape, in_ascii, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

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
    if options.target == "better-bibtex":  # it reads < as ¡, as fonts of TeX's first years have it
        fields = {name: value if name == "url" else _macros(value) for name, value in fields.items()}
    if options.ascii:
        fields = {name: in_ascii(value, record.key) for name, value in fields.items()}
    changed = changes(record.table, table_of(kind, dict(fields)))
    if not changed:
        return fields, []
    return {**fields, REST: encode(changed, ascii=options.ascii)}, _lost(record.key, changed, fields)


def _macros(value: str) -> str:
    return value.replace("<", "\\textless{}").replace(">", "\\textgreater{}")


def _lost(key: str, changed: list[Change], fields: Fields) -> list[Loss]:
    """What of the record no other field says. A text that stands in one as it is needs no search in all their words."""
    raw = " ".join(fields.values())
    unsaid = [one for one in changed if one[1] is not None and not (isinstance(one[1], str) and one[1] in raw)]
    return losses(key, unsaid, " ".join(map(plain, fields.values()))) if unsaid else []


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
    and its line, one of which a field is doubtful a draft with a warning. The first says what was left aside."""
    found = [*scan(text)]
    asked = _inherit(found)
    aside = [one for one in found if one.kind in _ASIDE and not one.why]
    drafts = [_draft(one, Where(path, one.line)) for one in found if one.kind not in _ASIDE or one.why]
    if aside and drafts:
        drafts[0] = _with_word(drafts[0], _left_aside(aside, asked), Where(path, aside[0].line))
    return drafts


_ASIDE = ("xdata", "set")  # kinds that are no documents


def _left_aside(aside: Sequence[Found], asked: Collection[str]) -> str:
    """What is said of entries that are no documents, and of those whose fields no other entry *asked* for."""
    names = ", ".join(f"{one.key!r} (@{one.kind})" for one in aside[:5]) + ", …" * (len(aside) > 5)
    one = len(aside) == 1
    said = f"{len(aside)} {'entry that is no document was' if one else 'entries that are no documents were'} left aside"
    unused = [one.key for one in aside if one.kind == "xdata" and one.key.lower() not in asked]
    return f"{said}: {names}" + (f"; nothing has the fields of {', '.join(map(repr, unused[:5]))}" if unused else "")


def _with_word(draft: Draft, said: str, where: Where) -> Draft:
    if draft.issue is None:
        return replace(draft, issue=Issue("C041", "warning", said, where))
    return replace(draft, issue=replace(draft.issue, message=f"{draft.issue.message}; {said}"))


def _draft(one: Found, where: Where) -> Draft:
    if one.why:
        return Draft("", {}, Issue("C040", "error", f"an entry was left out: {one.why}", where), one.line)
    rest = one.fields.pop(REST, "")
    table = table_of(one.kind, one.fields)
    if one.twice:
        message = f"{one.key}: the field {one.twice[0]!r} stands in it twice; the first one counts, both are kept"
        return Draft(one.key, table, Issue("C041", "warning", message, where), one.line)
    try:
        return Draft(one.key, restored(table, decode(rest)) if rest else table, None, one.line)
    except ParseError as error:
        table["bibtex"] = {"entrytype": one.kind} | table.get("bibtex", {}) | {REST: rest}
        return Draft(one.key, table, Issue("C041", "warning", f"{one.key}: {error.message}", where), one.line)


# What an entry has from another one

_WITHIN = ("inbook", "incollection", "inproceedings", "suppbook", "suppcollection", "inreference", "conference")
# What is the parent's own; source: the rules of biblatex's manual, appendix B, as far as they are of use here
_OWN = frozenset(
    "crossref xref xdata entryset entrysubtype execute label options presort related relatedtype shorthand shorttitle "
    "sortkey sorttitle sortyear ids keywords title subtitle titleaddon abstract annote annotation file key type note "
    "addendum pages pagetotal doi url urldate citekit".split()
)
_AS_BOOK = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}


def _inherit(found: Sequence[Found]) -> frozenset[str]:
    """Puts into each entry what it has by `xdata`, also by that of an entry so named, and by `crossref`, one step up.

    Returns the keys, in small letters, of the entries that were asked for by `xdata`.
    """
    asked: set[str] = set()
    known = _by_key(found) if any("xdata" in one.fields for one in found) else {}
    for one in found if known else ():
        if "xdata" in one.fields and one.kind not in _ASIDE:
            asked |= _take_xdata(one, known)
    heirs = [one for one in found if "crossref" in one.fields]
    known = _by_key(found) if heirs else {}
    for one in heirs:
        parent = known.get(one.fields.get("crossref", "").strip().lower(), {})
        handed = {name: value for name, value in parent.items() if name not in _OWN}
        if one.kind in _WITHIN:
            handed |= {_AS_BOOK[name]: parent[name] for name in _AS_BOOK if name in parent}
        elif one.kind == "article" and "title" in parent and "journal" not in one.fields:
            handed["journaltitle"] = parent["title"]
        one.fields.update({name: value for name, value in handed.items() if name not in one.fields})
    return frozenset(asked)


def _by_key(found: Sequence[Found]) -> dict[str, Fields]:
    return {one.key.lower(): dict(one.fields) for one in reversed(found)}


def _take_xdata(one: Found, known: Mapping[str, Fields]) -> set[str]:
    """Puts into an entry the fields of those that its `xdata` names, which keeps only the names that nobody has.

    Returns the names of those that were found. A field of the entry's own stays, and of several the first one's.
    """
    waiting = _names(one.fields.pop("xdata", ""))
    missing, done = [], set[str]()
    while waiting:
        name = waiting.pop(0)
        handed = known.get(name.lower())
        if handed is None:
            missing.append(name)
        elif name.lower() not in done:
            done.add(name.lower())
            waiting = [*_names(handed.get("xdata", "")), *waiting]
            one.fields.update({key: value for key, value in handed.items() if key not in (*one.fields, "xdata")})
    if missing:
        one.fields["xdata"] = ",".join(dict.fromkeys(missing))
    return done


def _names(field: str) -> list[str]:
    return [name for name in (name.strip() for name in field.split(",")) if name]
