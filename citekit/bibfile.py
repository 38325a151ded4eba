"""Files of entries, `.bib`, in and out: what BibTeX and BibLaTeX have in common.

Each dialect says which fields a record has (`citekit.formats`). Here they are read back at once (`citekit.bibtable`),
and what that reading lacks goes into one field more, `citekit`, so that a record comes back as it was. One reader takes
both dialects, and what Zotero, Better BibTeX and JabRef write.

What an entry has by `crossref` or `xdata` from another one is put into it, and the field kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from citekit.bibscan import Found, scan
from citekit.bibtable import FIELD, MONTHS, Fields, table_of
from citekit.errors import Issue, ParseError, UsageError, Where
from citekit.exchange import REST, Change, Loss, Options, Written, changes, decode, encode, losses, restored
from citekit.record import Draft
from citekit.tex import escape, in_ascii, plain

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
    and its line, one of which a field is doubtful a draft with a warning."""
    found = [*scan(text)]
    _inherit(found)
    return [_draft(one, Where(path, one.line)) for one in found]


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


def _inherit(found: Sequence[Found]) -> None:
    """Puts into each entry what it has by `crossref` or `xdata`, one step up."""
    heirs = [one for one in found if "crossref" in one.fields or "xdata" in one.fields]
    if not heirs:
        return
    known = {one.key.lower(): dict(one.fields) for one in reversed(found)}
    for one in heirs:
        for name in one.fields.get("xdata", "").split(","):
            handed = known.get(name.strip().lower(), {})
            one.fields.update({name: value for name, value in handed.items() if name not in one.fields})
        parent = known.get(one.fields.get("crossref", "").strip().lower(), {})
        handed = {name: value for name, value in parent.items() if name not in _OWN}
        if one.kind in _WITHIN:
            handed |= {_AS_BOOK[name]: parent[name] for name in _AS_BOOK if name in parent}
        elif one.kind == "article" and "title" in parent and "journal" not in one.fields:
            handed["journaltitle"] = parent["title"]
        one.fields.update({name: value for name, value in handed.items() if name not in one.fields})
