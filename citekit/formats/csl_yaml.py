"""CSL-YAML: the items of CSL-JSON as pandoc has them at the head of a manuscript, under `references`.

What goes where is the same as in `citekit.formats.csl_json`. Pandoc takes every text there for Markdown, and so for
commands of TeX: what it would obey has a backslash before it, which is taken off again. Only text, numbers, yes and no,
lists and tables are read, by the rules of YAML 1.2's JSON schema: "no" is a word and 1945-11-19 no date of Python's; no
tag makes an object, and aliases that would grow beyond all bounds are refused.
Source: <https://pandoc.org/MANUAL.html#specifying-bibliographic-data>.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from citekit.csl.item import DATE_VARIABLES
from citekit.errors import Issue, ParseError, Where
from citekit.exchange import ANY, REST, Options, Written, encode
from citekit.formats.csl_json import draft_of, items_of
from citekit.markup import to_json as dump
from citekit.patterns import pattern
from citekit.record import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from citekit.record import Record

MOST = 1_000_000  # values in an item, each alias counted as what it stands for; a record has some dozens
# What YAML 1.2 reads as other than text, and some readers of 1.1: a writer quotes it
_NO_TEXT = r"[-+]?(\d+|0o[0-7]+|0x[\da-fA-F]+|(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?)|[yYnN]"
_SCALARS = {
    "bool": (r"true|false", "tf"),
    "null": (r"null|~|", ["n", "~", ""]),
    "int": (r"-?(0|[1-9]\d{0,17})", "-0123456789"),
    "float": (r"-?(0|[1-9]\d*)\.\d+", "-0123456789"),
}


def write(records: Sequence[Record], options: Options = ANY) -> Written:
    """One document with the list `references`, as it can stand at the head of a manuscript; letters of every script as
    they are, in `ascii` escaped."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes what another reader than Python's would not read as text."""

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(rf"(?:{_NO_TEXT})\Z"), None)
    items, lost = items_of(records, options)
    text = yaml.dump(
        {"references": [_written(item, options) for item in items]},
        Dumper=Dumper,
        allow_unicode=not options.ascii,
        sort_keys=False,
        width=10**9,  # a line a value
        explicit_start=True,
        explicit_end=True,
    )
    return Written(str(text), tuple(lost))


def _written(item: dict[str, Any], options: Options) -> dict[str, Any]:
    """The item with its texts as Markdown; pandoc has no use for `custom`, where the rest is one line."""
    written = _mapped(item, _as_markdown)
    if found := item.get("custom", {}).get(REST):
        written["custom"] = item["custom"] | {REST: encode(found, ascii=options.ascii)}
    return written


_OBEYED = pattern(r"[\\`*_\[\]<>$^~@|]|&(?=[#\w])")
_ESCAPED = pattern(r"\\([!-/:-@\[-`{-~])")
_NOCASE = ('<span class="nocase">', "</span>")


def _as_markdown(text: str) -> str:
    """*text* with a backslash before what Markdown would obey.

    >>> _as_markdown("[x] 5_000 $a$ \\\\input{x}"), _as_markdown("f. 558, op. 11")
    ('\\\\[x\\\\] 5\\\\_000 \\\\$a\\\\$ \\\\\\\\input{x}', 'f. 558, op. 11')
    """
    before, after = _NOCASE if text.startswith(_NOCASE[0]) and text.endswith(_NOCASE[1]) else ("", "")
    return before + _OBEYED.sub(r"\\\g<0>", text.removeprefix(before).removesuffix(after)) + after


def _as_text(markdown: str) -> str:
    return _ESCAPED.sub(r"\1", markdown)


def _mapped(item: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The item with its texts and its names changed."""
    return {
        name: value if name in ("id", "type", "custom") else _changed(value, change) for name, value in item.items()
    }


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_changed(part, change) for part in value]
    if isinstance(value, Mapping):
        return {name: part if name == "raw" else _changed(part, change) for name, part in value.items()}
    return change(value) if isinstance(value, str) else value


def read(text: str, path: str = "-") -> list[Draft]:
    """The references of a document as drafts of records, in their order, each with its line; or a list of items alone.

    What is no item is a draft with an error. Raises ParseError where *text* is no YAML, or has no references.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads scalars as JSON has them."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  the library's own form

    for name, (shape, first) in _SCALARS.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{shape})\Z"), list(first))
    try:
        return [_draft(Loader(""), node, number, path) for number, node in enumerate(_items(text, Loader), 1)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark else 0
        raise ParseError(f"not YAML: {error.problem or error.context}", text, (at, at + 1)) from error
    except yaml.YAMLError as error:
        raise ParseError(f"not YAML: {str(error).splitlines()[0]}", text, (0, 1)) from error
    except RecursionError as error:
        raise ParseError("not YAML that can be read: nested too deep", text, (0, 1)) from error


def _items(text: str, loader: Any) -> list[Any]:
    """The nodes of the items: of the first document that has any."""
    import yaml

    for node in yaml.compose_all(text, Loader=loader):
        found: Any = node
        if isinstance(node, yaml.MappingNode):
            names = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
            found = names.get("references", node if "id" in names else None)
        if isinstance(found, yaml.SequenceNode):
            return list(found.value)
        if isinstance(found, yaml.MappingNode):
            return [found]
    raise ParseError("there are no references in it", text, (0, 1), hint="references: with a list of items")


def _draft(loader: Any, node: Any, number: int, path: str) -> Draft:
    import yaml

    line = node.start_mark.line + 1
    try:
        entry = loader.construct_document(node)
        if sum(1 for _ in islice(_values(entry), MOST)) == MOST:
            return _left_out("is too large", number, path, line)
        draft = draft_of(_as_json(entry), number, path)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = getattr(error, "problem", "") or "is nested too deep"
        return _left_out(f"cannot be read: {why}", number, path, line)
    return replace(draft, line=line)


def _left_out(why: str, number: int, path: str, line: int) -> Draft:
    return Draft("", {}, Issue("C040", "error", f"item {number} {why}", Where(path, line)), line)


def _values(value: object) -> Iterator[object]:
    """Every value in *value*, however deep, an alias each time it stands there."""
    left = [value]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, Mapping):
            left += one.values()
        elif isinstance(one, list):
            left += one


def _as_json(entry: object) -> object:
    """The entry as CSL-JSON has it: dates in EDTF and in pandoc's older lists as objects."""
    if not isinstance(entry, Mapping):
        return entry
    found = _mapped(json.loads(dump(entry)), _as_text)
    return found | {name: _date(found[name]) for name in DATE_VARIABLES & found.keys()}


def _date(value: object) -> object:
    if isinstance(value, str | int):
        return {"raw": str(value)}
    points = [value] if isinstance(value, Mapping) and "year" in value else value
    if isinstance(points, list) and all(isinstance(point, Mapping) and "year" in point for point in points):
        parts = [[point[name] for name in ("year", "month", "day") if name in point] for point in points]
        return {"date-parts": parts}
    return value
