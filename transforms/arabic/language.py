"""Which language a text is in. The only module that knows langdetect.

langdetect knows three of the languages written in Arabic script and calls the others `ar` or `fa`. So letters come
first: a text with letters that Arabic does not have is another language's, whatever the profiles say.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from langdetect import DetectorFactory, LangDetectException
from langdetect.detector_factory import PROFILES_DIRECTORY

PREFIX: Final = 400  # characters looked at: more of a news text changes no answer, only costs time
_SEED: Final = 0
_MIN_LETTERS: Final = 3
_LETTER: Final = re.compile(r"[^\W\d_]")
_ARABIC_SCRIPT: Final = re.compile(
    "[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4\ufb50-\ufdff\ufe70-\ufefc]"
)
# Letters that Arabic does not have: peh, tcheh, gaf, farsi yeh, keheh, ae, ...; alef wasla is Koranic Arabic's.
_FOREIGN: Final = re.compile(
    "[\u0620\u063b-\u063f\u066e\u066f\u0672-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4]"
)
_MAX_FOREIGN: Final = 0.04  # names in Arabic texts have a few of them
# Some Arabic keyboards write farsi yeh and keheh: then the article at the head of words tells Arabic.
_KEYBOARD: Final = re.compile("[\u06cc\u06a9]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_WITH_ARTICLE: Final = re.compile("[\u0648\u0641\u0628\u0643\u06a9]?\u0627\u0644\\w{2,}|\u0648?\u0644\u0644\\w{2,}")
_MIN_ARTICLES: Final = 0.15
# The first language whose letters are there; Persian has only letters that the others have too.
_BY_LETTERS: Final = (
    ("ug", re.compile("[\u06c7\u06c8\u06ad\u06cb]")),
    ("ckb", re.compile("[\u06d5\u06b5\u0695]")),
    ("ur", re.compile("[\u0679\u0688\u0691\u06ba\u06d2\u06c1]")),
    ("ps", re.compile("[\u067c\u0681\u0685\u0689\u0693\u0696\u069a\u06ab\u06bc]")),
    ("sd", re.compile("[\u067a\u067b\u067f\u0680\u0683\u0684\u0687\u068a\u068c\u068f\u0699\u06b1\u06b3\u06bb]")),
)


@cache
def _factory() -> Any:
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(_SEED)
    return factory


def detect_language(text: str) -> tuple[str, float]:
    """ISO 639 code of the text's language and the certainty, 0 to 1; `und` when there is too little to tell.

    For languages in Arabic script that are not Arabic the code is the best guess; that it is not `ar` is what counts.
    """
    sample = text[:PREFIX]
    letters = len(_LETTER.findall(sample))
    script = len(_ARABIC_SCRIPT.findall(sample))
    if letters < _MIN_LETTERS:
        return "und", 0.0
    if script * 2 > letters:
        foreign = len(_FOREIGN.findall(sample))
        if foreign > _MAX_FOREIGN * script and not _is_arabic_on_other_keyboard(sample, foreign, script):
            return next((code for code, marks in _BY_LETTERS if marks.search(sample)), "fa"), foreign_certainty(
                foreign, script
            )
    return _ask_langdetect(sample)


def foreign_certainty(foreign: int, script: int) -> float:
    return round(min(1.0, 0.5 + 5 * foreign / script), 4)


def _is_arabic_on_other_keyboard(sample: str, foreign: int, script: int) -> bool:
    if foreign - len(_KEYBOARD.findall(sample)) > _MAX_FOREIGN / 4 * script:
        return False
    words = _WORD.findall(sample)
    return sum(1 for word in words if _WITH_ARTICLE.fullmatch(word)) >= _MIN_ARTICLES * len(words)


def _ask_langdetect(sample: str) -> tuple[str, float]:
    detector = _factory().create()
    detector.append(sample)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return "und", 0.0
    return (best[0].lang, round(best[0].prob, 4)) if best else ("und", 0.0)
