"""A second opinion: the press's call answered by citeproc-py. And what a style says of itself, and the schema of it.

citeproc-py 0.11 takes down a whole document when an item has a name variable that it does not know (`contributor`,
`compiler` and others that came with CSL 1.0.1 and 1.0.2): they pass its reader as plain strings and its names have no
parts. `_teach` adds them to its tables. It folds the case of keys, so items get numbers for keys here. It warns of
every field that it does not know; none of that concerns the user.
"""

from __future__ import annotations

import io
import warnings
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from citekit.csl.item import DATE_VARIABLES, NAME_VARIABLES, Citation, CiteRequest, Item, Result, to_json
from citekit.errors import Issue, StyleError, Where
from citekit.markup import Text, read_html

if TYPE_CHECKING:
    from collections.abc import Sequence

_FACES = ("Italic", "Oblique", "Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps")
_TAGS = ("i", "i", "b", "", "u", "sup", "sub", "sc")
_RICH = ("i", "b", "sup", "sub", "sc")  # the markup that CSL-JSON allows in its fields
_CSL = "{http://purl.org/net/xbiblio/csl}"


def process(
    style: str, items: Sequence[Item], citations: Sequence[Citation], lang: str = "", *, bibliography: bool = True
) -> Result:
    """See `citekit.csl.process`. Raises StyleError for what is no CSL style.

    citeproc-py meets a fault of the style (an unknown macro, one that calls itself, a wrong element or value) with
    whatever exception it stumbles into; for the user it is one thing.
    """
    try:
        return _process(style, items, citations, lang, bibliography=bibliography)
    except StyleError:
        raise
    except (AttributeError, IndexError, KeyError, NotImplementedError, RecursionError, TypeError, ValueError) as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        hint = "`citekit styles check FILE` says what is wrong with a style"
        raise StyleError(f"citeproc-py cannot use the style for these items ({said[:200]})", hint=hint) from error


def _process(
    style: str, items: Sequence[Item], citations: Sequence[Citation], lang: str, *, bibliography: bool
) -> Result:
    import citeproc

    _teach()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = _style(style, lang)
        keys = {item.id: f"k{number}" for number, item in enumerate(items)}
        source = citeproc.source.json.CiteProcJSON([_plain(item) | {"id": keys[item.id]} for item in items])
        document = citeproc.CitationStylesBibliography(compiled, source, _formatter())
        registered = [_citation(citation, keys) for citation in citations]
        for citation in registered:
            document.register(citation)
        for key in keys.values():  # the bibliography lists items that no note cites too
            document.register(citeproc.Citation([citeproc.CitationItem(key)]))
        missing = [cite.id for citation in citations for cite in citation.cites if cite.id not in keys]
        notes = tuple(
            _note(document, citation, done, keys) for citation, done in zip(citations, registered, strict=True)
        )
        entries = _bibliography(document, keys) if bibliography and compiled.has_bibliography() else ()
    return Result(notes, entries, tuple(f"no item {id_!r}" for id_ in dict.fromkeys(missing)))


def _note(document: Any, citation: Citation, done: Any, keys: dict[str, str]) -> Text:
    text = read_html(str(document.cite(done, lambda _: None))) if done.cites else Text()
    absent = ", ".join(f"[?{cite.id}]" for cite in citation.cites if cite.id not in keys)
    return Text((*text.nodes, "; " if text.nodes else "", absent)) if absent else text


def _bibliography(document: Any, keys: dict[str, str]) -> tuple[tuple[str, Text], ...]:
    document.sort()
    ids = {key: id_ for id_, key in keys.items()}
    found = []
    for item in document.items:  # one by one: what prints nothing is left out of the list
        text = "".join(map(str, document.style.render_bibliography([item])))
        found += [(ids[item.key], read_html(text))] if text.strip() else []
    return tuple(found)


def _citation(citation: Citation, keys: dict[str, str]) -> Any:
    import citeproc

    return citeproc.Citation([_cite(cite, keys[cite.id]) for cite in citation.cites if cite.id in keys])


def _cite(cite: CiteRequest, key: str) -> Any:
    import citeproc

    options: dict[str, Any] = {name: getattr(cite, name) for name in ("prefix", "suffix") if getattr(cite, name)}
    if cite.locator:
        options["locator"] = citeproc.Locator(cite.label, cite.locator.replace("\\-", "-"))
    return citeproc.CitationItem(key, **options)


def _plain(item: Item) -> dict[str, Any]:
    """The item as the reader of citeproc-py wants it: dates without what it would take for a date, texts as texts."""
    plain = to_json(item)
    for name in list(plain):
        value = plain[name]
        if name in NAME_VARIABLES:
            people = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
            plain[name] = [{key: part for key, part in one.items() if key in _PARTS} for one in people]
        elif name in DATE_VARIABLES:
            plain[name] = _plain_date(value) if isinstance(value, dict) else {}
    return {name: value for name, value in plain.items() if value not in ([], {})}


def _plain_date(value: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {key: value[key] for key in ("date-parts", "circa", "literal", "season") if key in value}
    return _seasons(known) if isinstance(known.get("date-parts"), list) or "literal" in known else {}


_PARTS = frozenset(("family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"))


def _seasons(date: dict[str, Any]) -> dict[str, Any]:
    """A date whose month is a season, in the older form that citeproc-py reads."""
    points = date.get("date-parts", [])
    if len(points) == 1 and len(points[0]) > 1 and points[0][1] > 12:
        return {"date-parts": [points[0][:1]], "season": points[0][1] - 20}
    return date


def about(style: str) -> dict[str, str]:
    """A style's title, id, class and language, read without compiling it. Raises StyleError for what is no XML."""
    root = _root(style)
    found = {
        "title": root.findtext(f"{_CSL}info/{_CSL}title", ""),
        "id": root.findtext(f"{_CSL}info/{_CSL}id", ""),
        "class": root.get("class", ""),
        "language": root.get("default-locale", ""),
        "bibliography": "yes" if root.find(f"{_CSL}bibliography") is not None else "no",
    }
    return {key: value for key, value in found.items() if value}


def validate(style: str, path: str) -> list[Issue]:
    """What the RelaxNG schema of CSL 1.0.2 says against a style; *path* is its file, for messages.

    Source: csl.rng as citeproc-py ships it.
    """
    from citeproc import SCHEMA_PATH
    from lxml import etree

    try:
        root = _root(style)
    except StyleError as error:
        place = error.where or Where(path)
        return [Issue("S001", "error", error.message, Where(path, place.line, place.column))]
    schema = etree.RelaxNG(etree.parse(SCHEMA_PATH))
    if schema.validate(root.getroottree()):
        return []
    return [Issue("S002", "error", entry.message, Where(path, entry.line)) for entry in schema.error_log]


def _root(style: str) -> Any:
    from lxml import etree

    # no entities, no network, no huge trees: a style may come from a stranger
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(style.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise StyleError(f"not a citation style: {error.msg}", where=Where("", *error.position)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise StyleError("not a citation style: it declares entities or a document type", where=Where("", 1))
    if root.tag != f"{_CSL}style":
        raise StyleError("not a citation style: it does not begin with <style> of CSL")
    return root


@cache
def _style(style: str, lang: str) -> Any:
    import citeproc

    _root(style)
    compiled = citeproc.CitationStylesStyle(io.BytesIO(style.encode()), locale=lang or None, validate=False)
    if compiled.root.citation is None:
        raise StyleError("not a citation style: it has no <citation>")
    return compiled


def _teach() -> None:
    """Adds the name variables of CSL 1.0.1 and 1.0.2 to citeproc-py's tables. Doing it twice changes nothing."""
    import citeproc

    for variable in sorted(NAME_VARIABLES):
        name = variable.replace("-", "_")
        if name not in citeproc.NAMES:
            citeproc.NAMES.append(name)
            citeproc.VARIABLES.append(name)


@cache
def _formatter() -> Any:
    """A formatter that writes the tags which `citekit.markup.read_html` reads."""

    def wrap(tag: str) -> Any:
        return lambda text: f"<{tag}>{text}</{tag}>" if tag else str(text)

    return SimpleNamespace(preformat=_escape, **{face: wrap(tag) for face, tag in zip(_FACES, _TAGS, strict=True)})


def _escape(text: Any) -> str:
    from html import escape

    escaped = escape(str(text), quote=False)
    for tag in _RICH:
        escaped = escaped.replace(f"&lt;{tag}&gt;", f"<{tag}>").replace(f"&lt;/{tag}&gt;", f"</{tag}>")
    return escaped
