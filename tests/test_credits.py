"""The sentences on who contributed, obtained, translated and edited a document become roles, and print as they were."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.credits import LONGEST, People, begins_at, read
from citekit.mapping import credits_of
from tests.shared import shared_lines
from tests.strategies import ugly_text
from tests.test_record import read as read_record


def printed(people: People) -> str:
    """The sentence that a citation prints for the people of a record."""
    record, issues = read_record({"title": "T", "people": people, "location": [{"archive": "RGASPI"}]})
    assert record is not None, issues
    return " ".join(credits_of(record))


# The shapes of the Wilson Center's citations: each is printed again as it stands
SHAPES: list[tuple[str, People]] = [
    ("Translated by Jane Doe.", {"translator": ["Doe, Jane"]}),
    ("Translated for CWIHP by Jane Doe.", {"translator": [{"name": "Doe, Jane", "for": "CWIHP"}]}),
    (
        "Obtained and translated for NKIDP by Balazs Szalontai.",
        {
            "obtained_by": [{"name": "Szalontai, Balazs", "for": "NKIDP"}],
            "translator": [{"name": "Szalontai, Balazs", "for": "NKIDP"}],
        },
    ),
    (
        "Obtained by R. Roe, translated by J. Doe and E. Poe.",
        {"obtained_by": ["Roe, R."], "translator": ["Doe, J.", "Poe, E."]},
    ),
    (
        "Obtained by R. Roe and E. Poe and translated by J. Doe.",
        {"obtained_by": ["Roe, R.", "Poe, E."], "translator": ["Doe, J."]},
    ),
    (
        "Obtained for NKIDP by R. Roe and translated for NKIDP by J. Doe.",
        {
            "obtained_by": [{"name": "Roe, R.", "for": "NKIDP"}],
            "translator": [{"name": "Doe, J.", "for": "NKIDP"}],
        },
    ),
    (
        "Contributed by Jamil Hasanli and translated by Gary Goldberg.",
        {"contributor": ["Hasanli, Jamil"], "translator": ["Goldberg, Gary"]},
    ),
    ("Translated from German by Stephanie Popp.", {"translator": [{"name": "Popp, Stephanie", "from": "German"}]}),
    (
        "Translated from German for CWIHP by Stephanie Popp.",
        {"translator": [{"name": "Popp, Stephanie", "for": "CWIHP", "from": "German"}]},
    ),
    (
        "Obtained and translated by Fundação Getúlio Vargas.",
        {"obtained_by": ["Fundação Getúlio Vargas"], "translator": ["Fundação Getúlio Vargas"]},
    ),
    (
        "Obtained by Béla Révész, translated and edited by Barnabás Vajd, Laura Deal, and Karl P. Benziger.",
        {
            "obtained_by": ["Révész, Béla"],
            "translator": ["Vajd, Barnabás", "Deal, Laura", "Benziger, Karl P."],
            "editor": ["Vajd, Barnabás", "Deal, Laura", "Benziger, Karl P."],
        },
    ),
    (
        "Contributed, obtained, translated, and edited by Martin Luther King, Jr.",
        {role: ["King, Martin Luther, Jr."] for role in ("contributor", "obtained_by", "translator", "editor")},
    ),
    (
        "Obtained by James G. Hershberg (George Washington University) and translated by Yang Shanhou.",
        {
            "obtained_by": [{"name": "Hershberg, James G.", "affiliation": "George Washington University"}],
            "translator": ["Yang Shanhou"],
        },
    ),
    ("", {}),
]


@pytest.mark.parametrize(("text", "people"), SHAPES, ids=[text or "nothing" for text, _ in SHAPES])
def test_each_shape_is_read_and_printed_again(text: str, people: People) -> None:
    assert read(text) == (people, "")
    assert printed(people) == text


# Other words for the same: what is read, and what is not understood
LOOSE: list[tuple[str, People, str]] = [
    ("Translated by Danny Rozas", {"translator": ["Rozas, Danny"]}, ""),
    (
        "Obtained by Béla Révész; translated and edited by Laura Deal.",
        {"obtained_by": ["Révész, Béla"], "translator": ["Deal, Laura"], "editor": ["Deal, Laura"]},
        "",
    ),
    (
        "Document obtained by the Bulgarian Cold War Research Group. Translated from the German by X. Y. Zed.",
        {
            "obtained_by": ["Bulgarian Cold War Research Group"],
            "translator": [{"name": "Zed, X. Y.", "from": "German"}],
        },
        "",
    ),
    (
        "Translation by David Wolff from Chinese for CWIHP. Published in Bulletin #16 by CWIHP",
        {"translator": [{"name": "Wolff, David", "for": "CWIHP", "from": "Chinese"}]},
        "Published in Bulletin #16 by CWIHP",
    ),
    ("Translated into German by Jane Doe.", {"translator": ["Doe, Jane"]}, "into German"),
    ("Translated from Polish into English by Jane Doe.", {"translator": [{"name": "Doe, Jane", "from": "Polish"}]}, ""),
    ("Kindly provided to CWIHP by Jane Doe", {"contributor": [{"name": "Doe, Jane", "for": "CWIHP"}]}, "Kindly"),
    ("Obtained by R. Roe, Jr. Trans. by J. Doe", {"obtained_by": ["Roe, R., Jr."], "translator": ["Doe, J."]}, ""),
    (
        "Obtained on behalf of NKIDP by Jane Doe and transcribed by R. Roe",
        {"obtained_by": [{"name": "Doe, Jane", "for": "NKIDP"}], "transcriber": ["Roe, R."]},
        "",
    ),
    (
        "Translated by Jane Doe and edited by Jane Doe and Jane Doe",
        {"translator": ["Doe, Jane"], "editor": ["Doe, Jane"]},
        "",
    ),
    ("Obtained from the State Archive by R. Roe.", {"obtained_by": ["Roe, R."]}, "from the State Archive"),
    # other words for the same acts
    ("English translation by Jane Doe.", {"translator": ["Doe, Jane"]}, ""),
    ("Translated by R. Roe, French translation by Jane Doe", {"translator": ["Roe, R.", "Doe, Jane"]}, "French"),
    ("Unofficial translation by Jane Doe.", {"translator": ["Doe, Jane"]}, "Unofficial"),
    ("Translator: Jane Doe. Editor: R. Roe.", {"translator": ["Doe, Jane"], "editor": ["Roe, R."]}, ""),
    ("Translators: Jane Doe and R. Roe", {"translator": ["Doe, Jane", "Roe, R."]}, ""),
    ("tr. Jane Doe", {"translator": ["Doe, Jane"]}, ""),
    ("tr. by Jane Doe", {"translator": ["Doe, Jane"]}, ""),
    ("Trans. Jane Doe and R. Roe.", {"translator": ["Doe, Jane", "Roe, R."]}, ""),
    ("Documents provided by Jane Doe; transl. R. Roe", {"contributor": ["Doe, Jane"], "translator": ["Roe, R."]}, ""),
    ("Document courtesy of the Hoover Institution.", {"contributor": ["Hoover Institution"]}, ""),
    ("Gift of Jane Doe. [Translated by R. Roe.]", {"contributor": ["Doe, Jane"], "translator": ["Roe, R."]}, ""),
    ("[Translated by Carter-Ruck.]", {"translator": ["Carter-Ruck"]}, ""),
    ("Translated by Jane Doe (with R. Roe).", {"translator": ["Doe, Jane", "Roe, R."]}, ""),
    (
        "Translated by Jane Doe for the Cold War Project.",
        {"translator": [{"name": "Doe, Jane", "for": "the Cold War Project"}]},
        "",
    ),
    (
        "Obtained by the Center for the Study of Korea for NKIDP",
        {"obtained_by": [{"name": "Center for the Study of Korea", "for": "NKIDP"}]},
        "",
    ),
    ("Obtained by PHP from the Swiss Embassy.", {"obtained_by": ["PHP"]}, "from the Swiss Embassy"),
    # where somebody works, and with what title
    (
        "Translated by Jane Doe, Hoover Institution, and R. Roe",
        {"translator": [{"name": "Doe, Jane", "affiliation": "Hoover Institution"}, "Roe, R."]},
        "",
    ),
    ("Edited by Dr. Jane Doe and Prof. R. Roe.", {"editor": ["Doe, Jane", "Roe, R."]}, "Dr. Prof."),
    ("Edited by Jane Doe, Ph.D.", {"editor": ["Doe, Jane, Ph.D."]}, ""),
    # what others did
    (
        "Translated by R. Roe, with assistance from Jane Doe.",
        {"translator": ["Roe, R."]},
        "with assistance from Jane Doe.",
    ),
    ("Translated by R. Roe with the help of Jane Doe", {"translator": ["Roe, R."]}, "with the help of Jane Doe"),
    ("Translated by R. Roe; revised by Jane Doe.", {"translator": ["Roe, R."]}, "revised by Jane Doe."),
    ("Edited by R. Roe, with an introduction by J. Doe", {"editor": ["Roe, R."]}, "with an introduction by J. Doe"),
    ("Obtained by R. Roe and included in Dossier No. 12.", {"obtained_by": ["Roe, R."]}, "included in Dossier No. 12."),
    (
        "Obtained by R. Roe, copy provided by J. Doe; translation by E. Poe",
        {"obtained_by": ["Roe, R."], "contributor": ["Doe, J."], "translator": ["Poe, E."]},
        "",
    ),
    ("Written by Jane Doe.", {}, "Written by Jane Doe."),
    ("Obtained from the archive.", {}, "Obtained from the archive."),
    ("Translated by .", {}, "Translated by ."),
]


@pytest.mark.parametrize(("text", "people", "unread"), LOOSE, ids=[text for text, *_ in LOOSE])
def test_other_words_are_read_and_the_rest_is_told(text: str, people: People, unread: str) -> None:
    assert read(text) == (people, unread)


def test_credits_begin_behind_a_stop_or_a_comma_or_with_a_capital() -> None:
    assert begins_at("RGANI, f. 5. Translated by Jane Doe.") == 13
    assert begins_at("RGANI, f. 5 Translated by Jane Doe.") == 12
    assert begins_at("RGANI, f. 5; obtained by Jane Doe.") == 13
    assert begins_at("RGANI, f. 5, translated by Jane Doe.") == 13
    assert begins_at("RGANI, f. 5 obtained by Jane Doe.") == 12
    assert begins_at("RGANI, f. 5. Document obtained by Jane Doe.") == 13
    assert begins_at("RGANI, f. 5, tr. Jane Doe.") == 13
    assert begins_at("RGANI, f. 5; copy courtesy of Jane Doe.") == -1
    assert begins_at("The journal edited by Jane Doe.") == -1
    assert begins_at("RGANI, f. 5.") == -1


def test_the_credits_of_the_wilson_center_print_as_they_are_written() -> None:
    lines = [line["fields"]["credits"] for line in shared_lines("archival/wcda-citations.jsonl")]
    for credits in filter(None, lines):
        people, unread = read(credits)
        assert unread == ""
        assert printed(people).rstrip(".") == credits.replace(";", ",").replace("by the ", "by ").rstrip(".")


# Any table, any text

_persons = ["Goldberg, Gary", "Hill, Emily M.", "Молотов, В.М.", "King, M. L., Jr.", "Révész, Béla", "Zhou Enlai"]
_bodies = ["Fundação Getúlio Vargas", "CWIHP", "Ministry of Foreign Affairs and Trade"]
_said = st.fixed_dictionaries(
    {},
    optional={
        "for": st.sampled_from(["NKIDP", "CWIHP", "the Cold War Project"]),
        "from": st.sampled_from(["German", "Russian", "Old Church Slavonic"]),
    },
)


@st.composite
def tables(draw: st.DrawFn) -> People:
    """The people of a record; those who did it for the same project and from the same language stand together."""
    people: People = {}
    for role in ("contributor", "obtained_by", "translator", "editor"):
        names: list[str | dict[str, str]] = []
        used: list[dict[str, str]] = []
        for drawn in draw(st.lists(_said, max_size=2)):
            said = {key: value for key, value in drawn.items() if key == "for" or role == "translator"}
            if said in used:
                continue
            used.append(said)
            listed = draw(st.lists(st.sampled_from([*_persons, *_bodies]), min_size=1, max_size=3, unique=True))
            for name in sorted(listed, key=_persons.__contains__):  # an institution behind a person is where they work
                suffixed = name.endswith("Jr.") and {"family": "King", "given": "M. L.", "suffix": "Jr.", **said}
                names.append(name if not said else suffixed or {"name": name, **said})
        people |= {role: names} if names else {}
    return people


@given(tables())
def test_what_is_printed_is_read_back(people: People) -> None:
    assert read(printed(people)) == (people, "")


_pieces = st.sampled_from(
    "Translated obtained and by for from the German NKIDP Gary Goldberg J. Jr. , ; . ( ) in into Document with".split()
)


@given(ugly_text | st.lists(_pieces, max_size=20).map(" ".join))
def test_any_text_is_credits_and_what_is_not_understood(text: str) -> None:
    people, unread = read(text)
    assert isinstance(unread, str)
    for role, names in people.items():
        assert role in ("contributor", "obtained_by", "translator", "editor")
        record, issues = read_record({"title": "T", "people": {role: names}})
        assert record is not None or not names, issues


@pytest.mark.parametrize(
    "piece", [",", "by ", "translated ", "translated by ", "translated, ", "translated for x ", "( ", "A. ", " "]
)
def test_reading_credits_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text, taken = (piece * length)[:length], []
        for _ in range(3):
            start = time.process_time()
            read(text)
            begins_at(text)
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(LONGEST) < 32 * max(seconds(LONGEST // 8), 1e-3)  # eightfold is right, 64-fold would be the square


def test_a_text_longer_than_any_credits_is_not_read() -> None:
    text = "Translated by Jane Doe." * LONGEST
    assert read(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "people", "unread"),
    [
        (
            "Translated by Jane Doe, reviewed and edited by R. Roe (2009).",
            {"translator": ["Doe, Jane"], "editor": ["Roe, R."]},
            "reviewed (2009)",
        ),
        (
            "Translated by Jane Doe; revised and annotated by R. Roe.",
            {"translator": ["Doe, Jane"], "annotator": ["Roe, R."]},
            "revised",
        ),
        ("Translated by Jane Doe, R. Roe, and others.", {"translator": ["Doe, Jane", "Roe, R."]}, "and others"),
        ("Translated by Jane Doe et al.", {"translator": ["Doe, Jane"]}, "et al"),
    ],
)
def test_nobody_by_name_and_no_year_is_a_person(text: str, people: People, unread: str) -> None:
    found = read(text)
    assert (found.people, found.unread) == (people, unread)
