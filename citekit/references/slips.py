"""How lines are typed: blanks, dashes and words that say nothing of the place are put right before a line is read."""

from __future__ import annotations

import re

from citekit.patterns import pattern

_NUMBERED = r"(?=[^\W\d_]{1,10}\.?\s?№?\s?(?:[^\W\d_]-?)?[\d\[])"  # a label before its number
_OPIS, _DELO = (rf"(?:{names})\.?\s?\d+" for names in ("оп?|op?", "с(?:пр)?|д|spr|d"))
_TYPED = (
    # "f . 17 , op . 3", but no ". . ."
    (pattern(r"(?<=[\w)\]])\s(?=[.,;](?:[\s\u2010-\u2015-]|$))(?!\.\s?\.)"), ""),
    # "The National Archives (hereafter TNA)"
    (
        pattern(
            r"\((?:hereafter|hereinafter|henceforth|далее|далі|im folgenden|nachfolgend|ci-après|dalej)"
            r"(?:,? (?:cited |referred to )?as|,? zit(?:iert|\.) als|,? jako)?\s?[:,\u2010-\u2015-]?\s?(?=[^\W\d_])",
            re.I,
        ),
        "(",
    ),
)
_CODES = (
    # "Ф. 13.– Спр. 407.– Т. 3", "Фонд 1. — Оп. 2", "Області - Ф. 487": a stop and a dash part the areas of a
    # description. Source: GOST R 7.0.5-2008, DSTU 8302:2015
    (pattern(rf"(?<=[\w)]{{2}})\.\s?[\u2010-\u2015-]\s?{_NUMBERED}|(?<=\w)\.[\u2010-\u2015-]\s?{_NUMBERED}"), ". "),
    (pattern(rf"(?<=[\w)]),?\s[\u2010-\u2015-]\s{_NUMBERED}"), ", "),
    # "PROB 1/4 f.2", "NLW MS 23699E"
    (pattern(r"^((?:TNA,? )?[A-Z]{1,4} \d{1,4}/\d[\w/]{0,20}) (ff?\.) ?(?=\d+[rv]?\.?$)"), r"\1, \2 "),
    (pattern(r"^([A-Z]{2,6}) (?=MSS?\.? )"), r"\1, "),
    # "File 109-00870-01", of the Chinese Foreign Ministry
    (pattern(r"\bfiles? (?:no\.? ?)?(?=\d{3}-\d{5}-\d\d)", re.I), ""),
    # "Ф487-О1-С545"
    (pattern(rf"\b(ф\.?\s?(?:[рп]-?)?\d+\w?)[-_]({_OPIS}\w?)[-_]({_DELO}\w?)\b", re.I), r"\1, \2, \3"),
    # "Ф-118 О-14 С-256 А-12зв.", "Ф280 О2 С666"
    (pattern(r"\bФ-?(\d+\w?),? О-?(\d+\w?),? С-?(\d+\w?),? А-?(?=\d)"), r"Ф. \1, оп. \2, спр. \3, арк. "),
    (pattern(r"\bФ-?(\d+\w?),? О-?(\d+\w?),? С-?(?=\d)"), r"Ф. \1, оп. \2, спр. "),
    # "Ф.1011-1-45"
    (pattern(r"\b[Фф]\.?\s?((?:[рРпП]-)?\d+\w?(?:[-_]\d+\w?){2,3})(?=[\s,.;]|$)"), r"\1"),
    # "ЦДІАК-127-1015-615", "ДАКО_280_2_666"
    (pattern(r"^([А-ЯІЇЄҐ][А-Яа-яІіЇїЄєҐґ]{2,9})[-_]([РП]?\d+)[-_](\d+\w?)[-_](\d+\w?)(?=[\s,.;]|$)"), r"\1 \2-\3-\4"),
)


def tidy(line: str) -> str:
    """*line* without blanks before its stops, and without the words that announce a siglum.

    >>> tidy("The National Archives (hereafter TNA) , FO 371/1")
    'The National Archives (TNA), FO 371/1'
    """
    for slip, right in _TYPED:
        line = slip.sub(right, line)
    return line


def uniform(line: str) -> str:
    """*line* with stops and commas between levels where its writer has dashes, and codes as they are usual.

    >>> uniform("ДАХО.– Ф. Р-845.– Оп. 2.– Спр. 696"), uniform("ЦДІАК-127-1015-615")
    ('ДАХО. Ф. Р-845. Оп. 2. Спр. 696', 'ЦДІАК 127-1015-615')
    """
    for code, usual in _CODES:
        line = code.sub(usual, line)
    return line
