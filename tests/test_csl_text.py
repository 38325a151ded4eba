"""Text: case, quotation marks, rich text in fields, and the marks where two pieces meet."""

from __future__ import annotations

import pytest

from citekit import csl, markup
from tests.csl_strategies import cites, listed, printed, style


def text(title: str, attributes: str = "", lang: str = "") -> str:
    """The title as a style prints it, in HTML."""
    return printed(style(f'<text variable="title" {attributes}/>'), [{"title": title}], lang=lang)[0]


@pytest.mark.parametrize(
    ("title", "cased"),
    [
        ("the war of the worlds", "The War of the Worlds"),
        ("from here to there: a study", "From Here to There: A Study"),
        ("of mice and men. the end", "Of Mice and Men. The End"),
        ("what is it for?", "What Is It For?"),
        ("the NKVD and the iPhone", "The NKVD and the iPhone"),
        ("mRNA in cells", "mRNA in Cells"),
        ("up-to-date by-laws", "Up-to-Date By-Laws"),
        ("the a-bomb", "The a-Bomb"),
        ("a “the” b", "A “The” B"),
        ("l’histoire de france", "L’histoire de France"),
        ('the <span class="nocase">de facto</span> state', "The de facto State"),
        ("h<sup>two</sup>o and <sub>abc</sub> x", "H<sup>two</sup>o and <sub>abc</sub> X"),
        ("The Of Mice", "The of Mice"),
        ("война и мир", "Война И Мир"),
        ("", ""),
    ],
)
def test_title_case(title: str, cased: str) -> None:
    assert text(title, 'text-case="title"') == cased


@pytest.mark.parametrize("language", ["de", "ru-RU", "fr"])
def test_title_case_is_for_english_only(language: str) -> None:
    source = style('<text variable="title" text-case="title"/>')
    assert printed(source, [{"title": "die zeit", "language": language}, {"title": "the time"}]) == [
        "die zeit",
        "The Time",
    ]


@pytest.mark.parametrize(
    ("case", "title", "cased"),
    [
        ("lowercase", 'ABC <span class="nocase">DEF</span> G', "abc DEF g"),
        ("uppercase", 'abc <span class="nocase">def</span> g', "ABC def G"),
        ("capitalize-first", "the NKVD", "The NKVD"),
        ("capitalize-first", "mRNA x", "mRNA x"),
        ("capitalize-first", "“quoted” x", "“Quoted” x"),
        ("capitalize-first", '<span class="nocase">de</span> x', "de x"),
        ("capitalize-first", "…", "…"),
        ("capitalize-all", "the war of H<sub>two</sub> mRNA", "The War Of H<sub>two</sub> mRNA"),
        ("capitalize-all", 'a <span class="nocase">b c</span> d', "A b c D"),
        ("sentence", "THE WAR", "The war"),
        ("sentence", "the War", "The War"),
    ],
)
def test_other_cases(case: str, title: str, cased: str) -> None:
    assert text(title, f'text-case="{case}"') == cased


@pytest.mark.parametrize(
    ("title", "plain", "quoted"),
    [
        ('"a"', "“a”", "“‘a’”"),
        ("'a'", "“a”", "“‘a’”"),
        ("it's", "it’s", "“it’s”"),
        ("the '90s", "the ’90s", "“the ’90s”"),
        ("O’Neil", "O’Neil", "“O’Neil”"),
        ("“a ‘b’ c”", "“a ‘b’ c”", "“‘a “b” c’”"),
        ('a "b', "a &quot;b", "“a &quot;b”"),
        ('" b', "&quot; b", "“&quot; b”"),
        ("5'", "5’", "“5’”"),
        ("say “x", "say “x", "“say “x”"),
        ('“a "b” c"', "“a &quot;b” c&quot;", "“‘a &quot;b’ c&quot;”"),
        ("a” b", "a” b", "“a” b”"),
    ],
)
def test_quotation_marks_follow_their_depth(title: str, plain: str, quoted: str) -> None:
    assert (text(title), text(title, 'quotes="true"')) == (plain, quoted)


@pytest.mark.parametrize(
    ("lang", "quoted"), [("de-DE", "„a“"), ("en-GB", "‘a’"), ("fr-FR", "«\N{NO-BREAK SPACE}a\N{NO-BREAK SPACE}»")]
)
def test_quotation_marks_are_those_of_the_language(lang: str, quoted: str) -> None:
    assert text("a", 'quotes="true"', lang) == quoted


@pytest.mark.parametrize(
    ("title", "plain", "in_italics"),
    [
        ("<i>a</i>", "<i>a</i>", '<i><span style="font-style:normal;">a</span></i>'),
        ("<i>a", "&lt;i&gt;a", "<i>&lt;i&gt;a</i>"),
        ("a</i>", "a&lt;/i&gt;", "<i>a&lt;/i&gt;</i>"),
        ("<em>x</em>", "&lt;em&gt;x&lt;/em&gt;", "<i>&lt;em&gt;x&lt;/em&gt;</i>"),
        ("<i>a<b>b</i>c</b>", "<i>a&lt;b&gt;b</i>c&lt;/b&gt;", None),
        ("<b>a</b><sup>1</sup>", "<b>a</b><sup>1</sup>", "<i><b>a</b><sup>1</sup></i>"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O", "<i>H<sub>2</sub>O</i>"),
        ("<sc>a</sc>", '<span style="font-variant:small-caps;">a</span>', None),
        (
            '<span style="font-variant: small-caps;">a</span>',
            '<span style="font-variant:small-caps;">a</span>',
            None,
        ),
        ("<i>a <i>b</i></i>", '<i>a <span style="font-style:normal;">b</span></i>', None),
        ('<b>x <span class="nodecor">y</span></b>', '<b>x <span style="font-weight:normal;">y</span></b>', None),
        ('<span class="nodecor">y</span>', "y", '<i><span style="font-style:normal;">y</span></i>'),
        ("a\nb\tc\ufdd0\ufdde", "a b c", "<i>a b c</i>"),
    ],
)  # fmt: skip
def test_tags_in_fields_turn_faces_round(title: str, plain: str, in_italics: str | None) -> None:
    assert text(title) == plain
    if in_italics is not None:
        assert text(title, 'font-style="italic"') == in_italics


MEETING = {
    ".": (".", ".,", ".;", ".:", ".!", ".?"),
    ",": (",.", ",", ",;", ",:", ",!", ",?"),
    ";": (";", ";,", ";", ";", "!", "?"),
    ":": (":", ":,", ":;", ":", "!", "?"),
    "!": ("!", "!,", "!;", "!", "!", "!?"),
    "?": ("?", "?,", "?;", "?", "?!", "?"),
}


@pytest.mark.parametrize("left", MEETING)
def test_where_two_marks_meet_one_may_give_way(left: str) -> None:
    met = [printed(style(f'<text value="x{left}"/><text value="{right}y"/>'), [{}])[0][1:-1] for right in MEETING]
    assert tuple(met) == MEETING[left]


@pytest.mark.parametrize(
    ("layout", "american", "british"),
    [
        ('<text value="x" quotes="true" suffix=". "/>y', "“x.”", "‘x’."),
        ('<group delimiter=", "><text value="x" quotes="true"/><text value="y"/></group>', "“x,” y", "‘x’, y"),
        ('<text value="x" quotes="true" suffix="; "/>', "“x”; ", "‘x’; "),
        ('<text value="x?" quotes="true" suffix="."/>', "“x?”", "‘x?’"),
        ('<text value="x." quotes="true" suffix="!"/>', "“x.!”", "‘x.’!"),
        ('<text variable="title" quotes="true" suffix="!"/>', "“T!”", "‘T!’"),
    ],
)
def test_marks_go_into_quotation_marks_in_america(layout: str, american: str, british: str) -> None:
    assert [printed(style(layout), [{"title": "T:"}], lang=lang)[0].rstrip() for lang in ("en-US", "en-GB")] == [
        american.rstrip(),
        british.rstrip(),
    ]


BASE = '<span style="baseline">a</span>'
UPRIGHT = '<span style="font-style:normal;">b</span>'
LINE, CAPS = '<span style="text-decoration:underline;">', '<span style="font-variant:small-caps;">'


@pytest.mark.parametrize(
    ("attributes", "words", "shown"),
    [
        ("", '<text value="a "/><text value=" b"/>', "a b"),
        ('prefix="(" suffix=")"', '<text value="a"/><group prefix="(" suffix=")"><text value="b"/></group>', "(a[b])"),
        ('font-style="italic"', '<text value="a"/><text value="b" font-style="normal"/>', f"<i>a{UPRIGHT}</i>"),
        ('font-style="italic"', '<text value="a" font-style="oblique"/>', "<i>a</i>"),
        ("", '<text value="a" font-style="normal" font-weight="light"/>', "a"),
        ('text-decoration="underline"', '<text value="a" font-variant="small-caps"/>', f"{LINE}{CAPS}a</span></span>"),
        ('font-weight="bold"', '<text value="a" vertical-align="sup"/>', "<b><sup>a</sup></b>"),
        ('vertical-align="sub"', '<text value="a" vertical-align="baseline"/>', f'<sub>{BASE}</sub>'),
        ("", '<text value="a.b." strip-periods="true"/>', "ab"),
        ("", '<text value="A.B." strip-periods="true" text-case="lowercase"/>', "ab"),
    ],
)  # fmt: skip
def test_what_attributes_do_to_a_text(attributes: str, words: str, shown: str) -> None:
    assert printed(style(f"<group {attributes}>{words}</group>"), [{}]) == [shown]


def test_an_address_stays_as_it_is() -> None:
    source = style('<text variable="URL" prefix="&lt;" suffix="&gt;"/>')
    assert printed(source, [{"URL": "http://a.b/'c'?d=\"e\"&f--g"}], markup="plain") == [
        "<http://a.b/'c'?d=\"e\"&f--g>"
    ]


def test_the_suffix_of_a_layout_stands_inside_the_block_that_ends_an_entry() -> None:
    listing = '<bibliography><layout suffix="."><text variable="title" display="{}"/></layout></bibliography>'
    assert [
        listed(style('<text value="x"/>', listed=listing.format(place)), [{"title": "A"}])[0]
        for place in ("block", "left-margin", "right-inline", "indent")
    ] == [
        '<div class="csl-block">A.</div>',
        '<div class="csl-left-margin">A.</div>',
        '<div class="csl-right-inline">A.</div>',
        '<div class="csl-indent">A.</div>',
    ]


def test_a_writers_own_words_stand_round_a_cite() -> None:
    source = style('<text variable="title"/>')
    assert printed(source, [{"title": "T"}], cites("0", prefix="see", suffix="here")) == ["see T here"]
    assert printed(source, [{"title": "T"}], cites("0", prefix="(", suffix=")")) == ["(T)"]
    assert printed(source, [{}], cites("0", prefix="(", suffix=")")) == [""]


@pytest.mark.parametrize("count", [61, 350, 4_500])
def test_tags_in_too_many_others_stay_as_text(count: int) -> None:
    source = f"{'<sup>' * count}a{'</sup>' * count} <b>b</b>"
    deeper = count - markup.DEEPEST
    plain = f"{'<sup>' * deeper}a{'</sup>' * deeper} b"
    item = csl.from_json({"id": "x", "type": "book", "title": source})
    compiled = csl.compile_style(style('<text variable="title"/>'))
    (note,) = csl.process(compiled, [item], [csl.Citation(1, (csl.CiteRequest("x"),))]).notes
    for found in (note, markup.read_html(source)):
        assert found.plain() == plain
        assert all(markup.write(found, name) for name in markup.WRITERS)
