"""Credits: who contributed, obtained, translated and edited a document, read out of the sentences that say so.

The Wilson Center's citations end with them. `citekit.mapping.credits_of` prints what is read here, in the same words.

>>> read("Contributed by Jamil Hasanli and translated by Gary Goldberg.").people
{'contributor': ['Hasanli, Jamil'], 'translator': ['Goldberg, Gary']}
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from citekit.names import read_people, written
from citekit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

People: TypeAlias = dict[str, list[str | dict[str, str]]]

LONGEST = 20_000  # signs; credits have some hundreds


class Credits(NamedTuple):
    """The `[people]` of a record, and what was not understood."""

    people: People
    unread: str


# The verbs of credits, and the role each gives. Source: our reading of the Wilson Center's citations.
ROLES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys("contributed provided supplied submitted donated".split(), "contributor")
    | dict.fromkeys("obtained acquired procured".split(), "obtained_by")
    | dict.fromkeys("translated translation transl trans".split(), "translator")
    | {"edited": "editor", "compiled": "compiler", "transcribed": "transcriber", "annotated": "annotator"}
)
_VERB = rf"\b(?:{'|'.join(ROLES)})\b\.?"
# "Obtained and translated from German for NKIDP by": at most four verbs, then at most twelve words without a verb
_HEAD = pattern(
    rf"(?P<verbs>{_VERB}(?:(?:, and |, | and | & |/){_VERB}){{0,3}})(?P<how>(?: (?!{_VERB})[^\s.;,]+){{0,12}}?) by:? ",
    re.I,
)
_HOW = pattern(r"(?P<word>for|on behalf of|from|into|to|in) (?P<what>.+?)(?= (?:for|on behalf of|from|into|to|in) |$)")
_AFTER = pattern(r"(?P<who>.+?)(?: from (?:the )?(?P<from>[A-Z][a-z]+))?(?: for (?P<for>[A-Z]{3,}))?")
# What may stand before a verb besides "and"
_FILLERS = frozenset("and document documents text original the this was were is are".split())
# A stop behind these ends no sentence
_ABBREVIATED = frozenset("dr prof mr mrs ms st jr sr gen col amb ph".split())
_STOP = pattern(r"(?P<word>[^\W\d_]+|[)\]\"”])\.(?= |$)")


def read(text: str) -> Credits:
    """Reads the sentences that credit people with a document.

    credits = clause ((("and" | "," | ";" | ".") clause)*;  clause = verbs how* "by" people
    verbs = verb (("and" | ",") verb)*;  how = "for" project | "from" language

    Every verb gives its role to all the people behind its "by", with the project and the language that stand between
    (or behind the names). Everything else, before, between or after, is unread.

    >>> read("Obtained and translated from German for NKIDP by Bernd Schaefer.").people["translator"]
    [{'name': 'Schaefer, Bernd', 'for': 'NKIDP', 'from': 'German'}]
    """
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return Credits({}, text)
    heads = [*_HEAD.finditer(line)]
    people: People = {}
    unread = [_without_joint(line[: heads[0].start()] if heads else line)]
    ends = [*(head.start() for head in heads[1:]), len(line)]
    for head, end in zip(heads, ends, strict=False):
        unread += _clause(head, line[head.end() : end], people)
    return Credits(people, " ".join(part for part in unread if part))


def begins_at(text: str) -> int:
    """Where the first credits begin in *text*, or -1: behind a stop, semicolon or comma, or with a capital."""
    for head in _HEAD.finditer(text):
        before = text[: head.start()].rstrip()
        if not before or before[-1] in ".;," or head[0][0].isupper():
            return head.start()
    return -1


def _clause(head: re.Match[str], rest: str, people: People) -> list[str]:
    """Adds the people of one clause to *people*; gives what was not understood."""
    who, after = _sentence(_without_joint(rest))
    behind = _AFTER.fullmatch(who)
    roles = [ROLES[verb.casefold().rstrip(".")] for verb in re.findall(_VERB, head["verbs"], re.I)]
    how, unread = _how(head["how"].strip(), translated="translator" in roles)
    if behind:
        who = behind["who"]
        how = {key: value for key in ("for", "from") if (value := behind[key])} | how
    names = [replace(name, for_=how.get("for", ""), from_=how.get("from", "")) for name in read_people(who)]
    if not names:
        return [head[0] + rest]
    for role in roles:
        known = people.setdefault(role, [])
        known += [name for name in map(written, dict.fromkeys(names)) if name not in known]
    return [unread, after]


def _how(text: str, *, translated: bool) -> tuple[dict[str, str], str]:
    """For whom, and from what language if it was *translated*; and the words that say neither, as "into English"."""
    found: dict[str, str] = {}
    unread = _HOW.split(text)[0]
    for part in _HOW.finditer(text):
        word = {"on behalf of": "for", "to": "for"}.get(part["word"], part["word"])
        if (word == "for" or (word == "from" and translated)) and word not in found:
            found[word] = part["what"] if word == "for" else part["what"].removeprefix("the ")
        else:
            unread = f"{unread} {part[0]}"
    return found, unread.strip()


def _without_joint(text: str) -> str:
    """*text* without what leads over to a verb: "and", a comma, "The document was"."""
    while True:
        text = text.strip(" ,;&")
        before, _, last = text.rpartition(" ")
        if last.casefold() not in _FILLERS:
            return text
        text = before


def _sentence(text: str) -> tuple[str, str]:
    """The first sentence of *text* without its stop, and the rest. The stop of initials and of "Dr." is none."""
    for stop in _STOP.finditer(text):
        word = stop["word"]
        if (len(word) > 1 or not word.isalpha()) and word.casefold() not in _ABBREVIATED:
            return text[: stop.end() - 1], text[stop.end() :].strip()
    return text, ""
