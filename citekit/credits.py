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

from citekit.names import is_body, read_people, written
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
    | dict.fromkeys("translated translation translations transl trans tr".split(), "translator")
    | {"edited": "editor", "compiled": "compiler", "transcribed": "transcriber", "annotated": "annotator"}
)
# The same without a verb: "Translator: X", "tr. X", "Courtesy of X"
_NOUNS: Mapping[str, str] = MappingProxyType(
    {role: role for role in "translator editor compiler contributor transcriber annotator".split()}
    | dict.fromkeys("translation transl trans tr".split(), "translator")
    | dict.fromkeys("courtesy gift donation".split(), "contributor")
)
_VERB = rf"\b(?:{'|'.join(ROLES)})\b\.?"
# "English translation by": into which language, or of what standing
_KIND = (
    r"(?:(?-i:[A-Z][a-z]+(?:sh|an|ese))|French|Czech|Slovak|Greek|Arabic|Dutch|unofficial|informal|draft)"
    r"(?= translation)"
)
# "Obtained and translated from German for NKIDP by": at most four verbs, then at most twelve words without a verb
_HEAD = pattern(
    rf"(?:\b(?:documents?|originals?|texts?) (?:(?:was|were|is|are) )?)?(?:\b(?P<kind>{_KIND}) )?"
    rf"(?:(?:\b(?P<also>revised|reviewed|corrected|checked|verified|updated|proofread),? and )?"
    rf"(?P<verbs>{_VERB}(?:(?:, and |, | and | & |/){_VERB}){{0,3}})"
    rf"(?P<how>(?: (?!{_VERB})[^\s.;,]+){{0,12}}?) by:? "
    r"|\b(?:(?P<noun>translator|editor|compiler|contributor|transcriber|annotator)s?: |(?P<word>translation): (?=\w)"
    r"|(?P<short>transl|trans|tr)\.:? (?=(?-i:[^\W\d_a-zа-я]))|(?P<thanks>courtesy|gift|donation) of ))",
    re.I,
)
# What others did, and where it was printed besides: no role of a record, kept in its words
_BESIDE = pattern(
    r"\b(?:with (?:(?:the|an|additional|further|some|kind|editorial) ){0,2})?(?:"
    r"(?:assistance|help|support|revisions?|corrections?|annotations?|additions|notes|commentary|comments"
    r"|introduction|foreword|preface) (?:from|of|by)"
    r"|(?:revised|reviewed|introduced|corrected|checked|verified|updated|amended|prepared|declassified) by"
    r"|(?:included|published|reprinted|printed|featured|cited) (?:in|by|as)) ",
    re.I,
)
_HOW = pattern(r"(?P<word>for|on behalf of|from|into|to|in) (?P<what>.+?)(?= (?:for|on behalf of|from|into|to|in) |$)")
# The same behind the names: "by X for the Cold War International History Project"
_BEHIND = pattern(r" (?=(?:(?:for|on behalf of) (?:[A-Z]{3,}\b|the [A-Z])|(?:from|into|to) (?:[Tt]he )?[A-Z]))")
_WITH = pattern(r",? (?:\(with ([^()]+)\)|with (?=[A-Z]))")
_TITLE = pattern(r"\b(?:(?:Dr|Prof|Amb)\.|Professor|Ambassador) (?=[A-Z])")
# Nobody by name, and the year of the work
_OTHERS = pattern(r",? and others\b\.?|,? et al\b\.?| \((?:1[89]|20)\d\d\)", re.I)
_BRACKETED = pattern(r" ?(?:\[([^\[\]]+)\]|\(([^()]+)\))\.?")
# What may stand before a verb besides "and"
_FILLERS = frozenset(
    "and document documents text texts original originals the this these copy copies was were is are".split()
)
# A stop behind these ends no sentence
_ABBREVIATED = frozenset("dr prof mr mrs ms st jr sr gen col amb ph no nos".split())
_STOP = pattern(r"(?P<word>[^\W\d_]+|[)\]\"”])\.(?= |$)")


def read(text: str) -> Credits:
    """Reads the sentences that credit people with a document.

    credits = clause ((("and" | "," | ";" | ".") clause)*;  clause = (verbs how* "by" | noun) people how*
    verbs = verb (("and" | ",") verb)*;  how = "for" project | "from" language;  noun = "translator:" | "courtesy of"

    Every verb gives its role to all the people behind its "by", with the project and the language that stand between
    (or behind the names). That it was translated into English says nothing here. Everything else, before, between or
    after, is unread: who assisted or revised, where it is printed, what title a person has.

    >>> read("Obtained and translated from German for NKIDP by Bernd Schaefer.").people["translator"]
    [{'name': 'Schaefer, Bernd', 'for': 'NKIDP', 'from': 'German'}]
    """
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return Credits({}, text)
    line = unbracketed(line)
    heads = _heads(line)
    people: People = {}
    unread = [_without_joint(line[: heads[0].start()] if heads else line)]
    ends = [*(head.start() for head in heads[1:]), len(line)]
    for head, end in zip(heads, ends, strict=False):
        unread += _clause(head, line[head.end() : end], people)
    return Credits(people, " ".join(part for part in unread if part))


def unbracketed(text: str) -> str:
    """*text* with credits that stand in brackets as sentences without.

    >>> unbracketed("RGANI, f. 5 (translated by Jane Doe).")
    'RGANI, f. 5, translated by Jane Doe.'
    """

    def bare(found: re.Match[str]) -> str:
        inner = (found[1] or found[2]).strip()
        if not _HEAD.match(inner):
            return found[0]
        before = text[max(0, found.start() - 2) : found.start()].rstrip()[-1:]
        return (" " if before in ".;," else ", ") + inner.rstrip(".") + "."

    return _BRACKETED.sub(bare, text).strip()


def begins_at(text: str) -> int:
    """Where the first credits begin in *text*, or -1: behind a stop, a comma or a number, or with a capital."""
    for head in _HEAD.finditer(text):
        before = text[: head.start()].rstrip()
        if not before or before[-1] in ".;,)]" or before[-1].isdigit() or head[0][0].isupper():
            return head.start()
    return -1


def _heads(line: str) -> list[re.Match[str]]:
    """Where clauses begin, those that give a role and those that give none; none inside another's."""
    found: list[re.Match[str]] = []
    for head in sorted((*_HEAD.finditer(line), *_BESIDE.finditer(line)), key=lambda head: head.start()):
        if not found or head.start() >= found[-1].end():
            found.append(head)
    return found


def _clause(head: re.Match[str], rest: str, people: People) -> list[str]:
    """Adds the people of one clause to *people*; gives what was not understood."""
    if not head.re.groupindex:
        return [_without_joint(head[0] + rest)]
    who, after = _sentence(_without_joint(rest))
    roles = _roles(head)
    translated = "translator" in roles
    how, unread = _how((head["how"] or "").strip(), translated=translated)
    who, behind, left = _behind(who, translated=translated)
    how = behind | how
    titles = [title.strip() for title in _TITLE.findall(who)]
    bare = _WITH.sub(lambda other: f", {other[1] or ''}", _TITLE.sub("", who))
    others = [found[0].strip(" ,") for found in _OTHERS.finditer(bare)]
    bare = _OTHERS.sub("", bare)
    names = [replace(name, for_=how.get("for", ""), from_=how.get("from", "")) for name in read_people(bare)]
    if not names:
        return [head[0] + rest]
    for role in roles:
        known = people.setdefault(role, [])
        known += [name for name in map(written, dict.fromkeys(names)) if name not in known]
    kind = head["kind"] or ""
    return [kind if kind != "English" else "", head["also"] or "", unread, *titles, *others, left, after]


def _roles(head: re.Match[str]) -> list[str]:
    if head["verbs"]:
        return [ROLES[verb.casefold().rstrip(".")] for verb in re.findall(_VERB, head["verbs"], re.I)]
    noun = head["noun"] or head["word"] or head["short"] or head["thanks"]
    return [_NOUNS[noun.casefold()]]


def _behind(who: str, *, translated: bool) -> tuple[str, dict[str, str], str]:
    """The names, what is said behind them of whom and from what it was done, and what of that is not understood.

    A body may have "for" in its name: "Center for the Study of Korea".
    """
    for at in _BEHIND.finditer(who):
        if not (who.startswith("for the", at.end()) and is_body(who[: at.start()])):
            return who[: at.start()], *_how(who[at.end() :], translated=translated)
    return who, {}, ""


def _how(text: str, *, translated: bool) -> tuple[dict[str, str], str]:
    """For whom, and from what language if it was *translated*; and the words that say neither, as "into German"."""
    found: dict[str, str] = {}
    unread = _HOW.split(text)[0]
    for part in _HOW.finditer(text):
        word = {"on behalf of": "for", "to": "for"}.get(part["word"], part["word"])
        if (word == "for" or (word == "from" and translated)) and word not in found:
            found[word] = part["what"] if word == "for" else part["what"].removeprefix("the ")
        elif not (translated and part[0] == "into English"):
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
