"""What an import newly says goes into a record's text; every other byte stays."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.errors import CitekitError
from citekit.update import updated

LEVELS = ("fond", "opis", "delo", "list")

SAME = [
    ("date = 1949-07-04\n", {"date": "1949-07-04"}),
    ("x = 5\n", {"x": "5"}),
    ('title = "caf\\u00e9"\n', {"title": "cafe\u0301"}),
    ('[people]\nauthor = "Mao Zedong"\n', {"people": {"author": ["Mao Zedong"]}}),
    (
        '[people]\nauthor = [{family = "Mao", given = "Zedong", order = "family-first"}]\n',
        {"people": {"author": ["Mao Zedong"]}},
    ),
    (
        '[people]\ntranslator = [{name = "Goldberg, Gary", for = "NKIDP"}]\n',
        {"people": {"translator": ["Goldberg, Gary"]}},
    ),
    ('tags = ["a", "b"]\n', {"tags": ["a", "b"]}),
    ('[location]\narchive = "RGASPI"\nfond = "1"\n', {"location": [{"archive": "RGASPI"}]}),
    ('[[location]]\narchive = "RGASPI"\nfond = "1"\n', {"location": [{"archive": "RGASPI", "shelfmark": "f. 1"}]}),
    ('[online]\nurl = "https://x.org"\naccessed = 2024-01-01\n', {"online": {"url": "https://x.org"}}),
    ('title = "T"\n', {}),
]


@pytest.mark.parametrize(("text", "table"), SAME)
def test_what_is_there_in_another_dress_is_no_news(text: str, table: dict[str, Any]) -> None:
    assert updated(text, table, LEVELS) == text


NEW = [
    ('title = "A"  # mine\n', {"title": "B", "note": "N"}, 'title = "B"  # mine\nnote = "N"\n'),
    (
        'x = "a"\n[online]\nurl = "u"  # mine\n',
        {"online": {"id": "7"}},
        'x = "a"\n[online]\nurl = "u"  # mine\nid = "7"\n',
    ),
    ('title = "A"\n', {"people": {"author": ["B"]}}, 'title = "A"\n\n[people]\nauthor = ["B"]\n'),
    (
        '[people]\nauthor = [\n  "A",  # first\n  "B",\n]\n',
        {"people": {"author": ["A", "C"], "editor": ["D"]}},
        '[people]\nauthor = [\n  "A",  # first\n  "C",\n]\neditor = ["D"]\n',
    ),
    ('tags = ["a"]\n', {"tags": ["b", "a"]}, 'tags = ["b", "a"]\n'),
    (  # leaves come to a file that was known without them
        '[[location]]\narchive = "A"\nfond = "1"\n',
        {"location": [{"archive": "A", "fond": "1", "list": "5"}]},
        '[[location]]\narchive = "A"\nfond = "1"\nlist = "5"\n',
    ),
    (  # the leaves of another file do not stay; what else is said of the place does
        '[[location]]\narchive = "A"\nfond = "1"\nlist = "5"  # checked\nnote = "copy"\n',
        {"location": [{"archive": "A", "fond": "2"}]},
        '[[location]]\narchive = "A"\nfond = "2"\nnote = "copy"\n',
    ),
    (  # levels take the place of words
        '[[location]]\narchive = "A"\nshelfmark = "f. 1"\n',
        {"location": [{"archive": "A", "fond": "1"}]},
        '[[location]]\narchive = "A"\nfond = "1"\n',
    ),
    (
        '[[location]]\narchive = "A"\n',
        {"location": [{"archive": "A"}, {"archive": "B"}]},
        '[[location]]\narchive = "A"\n\n[[location]]\narchive = "B"\n',
    ),
    (
        '[[reprinted]]\ntext = "One"\npages = "5"\n',
        {"reprinted": [{"text": "Two"}]},
        '[[reprinted]]\ntext = "Two"\n',
    ),
    ('location = "here"\n', {"location": [{"archive": "A"}]}, 'location = [{archive = "A"}]\n'),
    ('[people]\nauthor = ["Mao,"]\n', {"people": {"author": ["Mao,", "A"]}}, '[people]\nauthor = ["Mao,", "A"]\n'),
    ("[csl]\na = {b = 1}\n", {"csl": {"a": {"c": 2}}}, "[csl]\na = {b = 1, c = 2}\n"),
]


@pytest.mark.parametrize(("text", "table", "after"), NEW)
def test_the_values_of_the_import_win_and_the_rest_stays(text: str, table: dict[str, Any], after: str) -> None:
    assert updated(text, table, LEVELS) == after
    assert updated(after, table, LEVELS) == after


_WORDS = st.sampled_from(["a", "b", "Mao", "Molotov, V. M.", "1949-07-04", "7"])
_TABLES = st.fixed_dictionaries(
    {},
    optional={
        "title": _WORDS,
        "tags": st.lists(_WORDS, max_size=3),
        "people": st.dictionaries(st.sampled_from(["author", "editor"]), st.lists(_WORDS, min_size=1, max_size=3)),
        "location": st.lists(
            st.dictionaries(st.sampled_from(["archive", "fond", "list", "note"]), _WORDS, min_size=1),
            min_size=1,
            max_size=2,
        ),
        "online": st.dictionaries(st.sampled_from(["url", "id"]), _WORDS),
        "csl": st.dictionaries(st.sampled_from(["a", "b"]), _WORDS | st.lists(_WORDS, max_size=2)),
    },
)


@given(_TABLES, _TABLES)
def test_after_an_update_the_record_says_what_the_import_says(before: dict[str, Any], table: dict[str, Any]) -> None:
    from citekit.store import write_table

    text = write_table(before)
    try:
        after = updated(text, table, LEVELS)
    except CitekitError:  # refused; nothing is half done
        return
    assert updated(after, table, LEVELS) == after
    found = tomllib.loads(after)
    for name, value in table.items():
        if isinstance(value, str):
            assert found[name] == value
    for name, value in before.items():
        assert name in found
        if isinstance(value, dict):
            assert value.keys() <= found[name].keys()
