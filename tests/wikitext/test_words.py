import json
import re
from pathlib import Path

import scoring
from scoring.model import Reason
from scoring.rules import RULES
from wikitext.words import in_words, message

I18N = Path(__file__).parents[2] / "wikitext" / "onwiki" / "i18n"


def test_values_and_plurals_are_filled_in():
    assert in_words(Reason("size", 0.5, "effective-lines", (1, 2))) == "1 effective line in 2 files"
    assert in_words(Reason("size", 0.5, "effective-lines", (0, 1))) == "0 effective lines in 1 file"


def test_a_value_is_never_filled_again():
    assert (
        message("reason-effective-lines", "$2", "{{PLURAL:")
        == "$2 effective lines in {{PLURAL: files"
    )


def test_an_unknown_message_is_its_key():
    assert message("nothing-of-the-kind") == "nothing-of-the-kind"


def test_what_nobody_has_translated_is_english():
    for language in ("xx", "no language", "", "../i18n/en"):
        assert message("summary-changed", "L", language=language) == (
            "L: the facts or the rules changed"
        )


def test_a_kind_of_a_language_without_words_of_its_own_takes_those_of_the_language():
    said = message("summary-changed", "L", language="pt-br")

    assert said == message("summary-changed", "L", language="pt")
    assert said != message("summary-changed", "L")


def test_every_fact_that_scoring_can_state_has_words():
    text = "".join(p.read_text("utf-8") for p in sorted(Path(scoring.__file__).parent.glob("*.py")))
    facts = set(re.findall(r'(?:Reason|_fact)\(\s*"[\w-]+",\s*[^,]+?,\s*"([\w-]+)"', text))
    facts |= {fact for fact, _, _ in RULES.reaches} | {
        f"priority-{word}" for word, _ in RULES.priorities
    }
    known = json.loads((I18N / "en.json").read_text("utf-8"))

    assert len(facts) > 20
    assert {f"reason-{fact}" for fact in facts} <= known.keys()


def test_every_message_is_explained_to_translators():
    english, explained = (
        json.loads((I18N / f"{name}.json").read_text("utf-8")) for name in ("en", "qqq")
    )
    assert english.keys() == explained.keys()
