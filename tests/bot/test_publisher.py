"""Making the wiki's pages as they should be, against a wiki that is difficult."""

from dataclasses import replace

import pytest

from bot import publisher
from bot.errors import EditConflict, LockLost, SaveRefused, Stopped, WikiUnreachable
from bot.publisher import REFUSALS, REFUSED, Publisher, StopPage, differences
from bot.rehearsal import MemoryWiki
from wikitext.json_text import loads

TITLE = "User:BadgeBot/Developer badges/people/Ada.json"


class Difficult(MemoryWiki):
    """Raises what it is told to, once each, before it saves."""

    troubles: tuple = ()

    def save(self, title, text, summary, base):
        if self.troubles:
            trouble, *rest = self.troubles
            self.troubles = tuple(rest)
            raise trouble
        return super().save(title, text, summary, base)


@pytest.fixture
def wiki():
    return Difficult()


@pytest.fixture
def publish(wiki, scene):
    def publish(desired, budget=100, urgent=()):
        stop = StopPage(wiki, "User:BadgeBot/Developer badges/stop")
        publisher = Publisher(wiki, scene.ledger, stop, "[[ROOT]]", lambda _line: None)
        return publisher.publish(differences(scene.ledger, desired, "farewell", urgent), budget)

    return publish


def test_only_what_changed_is_edited(wiki, publish):
    publish({TITLE: {"a": 1}})
    publish({TITLE: {"a": 1}})
    publish({TITLE: {"a": 2}})

    assert [summary for _, summary in wiki.edits] == [
        "[[ROOT]]: first published",
        "[[ROOT]]: the facts or the rules changed",
    ]


def test_summaries_are_in_the_language_of_the_wiki_and_else_in_english(wiki, publish, monkeypatch):
    german = {"summary-first-published": "$1: zuerst veröffentlicht"}

    def message(key, *values, language):
        words = german.get(key, key) if language == "de" else key
        return words.replace("$1", values[0])

    monkeypatch.setattr(publisher, "message", message)
    wiki.language = "de"
    publish({TITLE: {"a": 1}})
    publish({TITLE: {"a": 2}})

    assert [summary for _, summary in wiki.edits] == [
        "[[ROOT]]: zuerst veröffentlicht",
        "summary-changed",
    ]


def test_an_emptied_page_says_why_in_words_of_the_message_file(scene):
    scene.exists("Ada")
    scene.registers("Ada")
    scene.round()
    scene.unregisters("Ada")
    scene.wiki.language = "no language"
    scene.round(farewell="{{Delete|$1}}")

    note = "{{Delete|Developer badges: this page is no longer needed}}"
    assert scene.page("Ada") == {"schema": 1, "state": "left", "note": note}
    said = "[[Project:Developer badges|Developer badges]]: no longer shown"
    assert (TITLE, said) in scene.wiki.edits


def test_a_death_between_the_edit_and_its_note_costs_no_second_edit(wiki, publish):
    wiki.edit(TITLE, '{"a":1.0}', "BadgeBot")

    assert publish({TITLE: {"a": 1}}).saved == []


def test_a_page_that_is_no_longer_wanted_gets_a_tombstone_once(wiki, publish, scene):
    publish({TITLE: {"a": 1}})
    publish({})
    edits = len(wiki.edits)
    publish({})

    assert loads(wiki.text(TITLE))["state"] == "left"
    assert len(wiki.edits) == edits
    assert scene.ledger.notes.pages() == {}


def test_a_page_that_an_administrator_deleted_is_not_made_again_for_a_tombstone(wiki, publish):
    publish({TITLE: {"a": 1}})
    del wiki.pages[TITLE]

    assert publish({}).saved == []
    assert TITLE not in wiki.pages


def test_after_an_edit_conflict_the_fresh_page_is_looked_at(wiki, publish):
    wiki.troubles = (EditConflict("faster"), EditConflict("faster"))

    assert publish({TITLE: {"a": 1}}).saved == [TITLE]


def test_a_page_that_is_refused_costs_no_other(wiki, publish):
    other = TITLE.replace("Ada", "Bert")
    wiki.troubles = (SaveRefused("protected"),)
    first = publish({TITLE: {"a": 1}, other: {"b": 1}})

    assert (first.refused, first.saved) == ([(TITLE, "protected")], [other])
    assert publish({TITLE: {"a": 1}, other: {"b": 1}}).saved == [TITLE]


def pages(*numbers):
    return {f"{TITLE.removesuffix('.json')}{number:02}.json": {"n": number} for number in numbers}


@pytest.fixture
def refused(wiki, monkeypatch):
    """Titles that the wiki never saves, and those that were tried in vain."""
    titles, tried = set(), []

    def save(title, *rest):
        if title in titles:
            tried.append(title)
            raise SaveRefused("no")
        return MemoryWiki.save(wiki, title, *rest)

    monkeypatch.setattr(wiki, "save", save, raising=False)
    return titles, tried


@pytest.mark.parametrize(("budget", "tries"), [(3, 3), (100, REFUSALS)])
def test_a_wiki_that_refuses_all_is_not_knocked_at_beyond_the_budget_or_ten_times(
    publish, refused, budget, tries
):
    titles, tried = refused
    titles.update(pages(*range(40)))
    for count in (1, 2, 3):
        outcome = publish(pages(*range(40)), budget)
        assert (len(outcome.refused), outcome.later) == (tries, 40 - tries)
        assert len(set(tried)) == len(tried) == tries * count  # Each time it is others' turn.


@pytest.mark.parametrize("budget", [3, 100])
def test_pages_that_are_always_refused_keep_the_others_waiting_for_few_rounds_only(
    wiki, publish, refused, budget
):
    titles, _ = refused
    titles.update(pages(*range(12)))
    wanted = pages(*range(15))
    rounds = 0
    while not wanted.keys() <= wiki.pages.keys() | titles:
        publish(wanted, budget)
        rounds += 1
        assert rounds <= 1 + 12 // min(budget, REFUSALS)

    changed = {title: {"n": "new"} for title in wanted}
    for _ in range(rounds + 1):
        publish(changed, budget)
    assert {loads(wiki.text(title))["n"] for title in wanted.keys() - titles} == {"new"}


def test_a_few_refusals_here_and_there_keep_nobody_waiting(wiki, publish, refused, scene):
    titles, _ = refused
    titles.update(pages(*range(0, 40, 2)))
    outcome = publish(pages(*range(40)))

    assert (len(outcome.refused), len(outcome.saved), outcome.later) == (20, 20, 0)
    assert scene.ledger.notes.recall(REFUSED) is None


@pytest.mark.parametrize("small", [(), (98,), tuple(range(80, 92))])
def test_a_small_round_between_two_whole_ones_forgets_no_refusals(publish, refused, wiki, small):
    """Else ten refused pages would keep all others waiting for ever, with hourly rounds between."""
    titles, _ = refused
    titles.update(pages(*range(REFUSALS)))
    whole = pages(*range(REFUSALS + 1))
    assert publish(whole).later == 1
    publish(pages(*small))

    assert publish(whole).later == 0
    assert whole.keys() - wiki.pages.keys() == titles


def test_a_tombstone_waits_behind_no_refusals_and_counts_among_none(wiki, publish, refused):
    titles, tried = refused
    publish(pages(*range(REFUSALS + 2)))
    titles.update(pages(*range(REFUSALS + 1)), pages(*range(20, 60)))
    for count in (1, 2):
        publish(pages(*range(20, 60)))
        assert len(tried) == count * (REFUSALS + 1 + REFUSALS)

    left = [one for one in wiki.pages if loads(wiki.text(one)).get("state") == "left"]
    assert left == [*pages(REFUSALS + 1)]


def test_a_tombstone_is_the_first_page_also_after_a_row_of_refusals(wiki, publish, refused):
    titles, _ = refused
    titles.update(pages(*range(20, 60)))
    publish({TITLE: {"a": 1}})
    publish({TITLE: {"a": 1}, **pages(*range(20, 60))})
    publish(pages(*range(20, 60)), budget=1)

    assert loads(wiki.text(TITLE))["state"] == "left"


def test_what_somebody_hides_waits_behind_no_refusals(wiki, publish, refused):
    titles, _ = refused
    publish({TITLE: {"hidden": "no"}})
    titles.update(pages(*range(20, 60)))
    for _ in range(2):
        publish({TITLE: {"hidden": "no"}, **pages(*range(20, 60))})
    publish({TITLE: {"hidden": "yes"}, **pages(*range(20, 60))}, budget=1, urgent=(TITLE,))

    assert loads(wiki.text(TITLE)) == {"hidden": "yes"}


def test_one_page_that_is_refused_takes_no_other_pages_turn(wiki, publish):
    desired = {f"{TITLE}{number}": {"n": number} for number in range(4)}
    wiki.troubles = (SaveRefused("protected"),)
    done = publish(desired, budget=2)

    assert (len(done.refused), done.later, len(done.saved)) == (1, 1, 2)


def test_the_right_text_of_the_wrong_content_model_is_no_data(wiki, publish, monkeypatch):
    wiki.edit(TITLE, '{"a": 1}', "An administrator")
    read = type(wiki).texts

    def of_wikitext(self, titles):
        yield from (replace(page, model="wikitext") for page in read(self, titles))

    monkeypatch.setattr(Difficult, "texts", of_wikitext)
    assert publish({TITLE: {"a": 1}}).saved == [TITLE]


def test_a_wiki_that_goes_away_leaves_the_rest_for_the_next_round(wiki, publish):
    other = TITLE.replace("Ada", "Bert")
    desired = {TITLE: {"a": 1}, other: {"b": 1}}
    wiki.troubles = (WikiUnreachable("gone"),)
    with pytest.raises(WikiUnreachable):
        publish(desired)

    assert publish(desired).saved == [TITLE, other]


def test_the_stop_page_is_looked_at_again_within_eleven_edits(wiki, publish):
    desired = {f"{TITLE}{number:02}": {"n": number} for number in range(40)}
    save, count = type(wiki).save, []

    def save_and_stop(self, title, text, summary, base):
        count.append(title)
        if len(count) == 5:
            self.edit("User:BadgeBot/Developer badges/stop", "stop", "Bert")
        return save(self, title, text, summary, base)

    wiki.save = save_and_stop.__get__(wiki)
    with pytest.raises(Stopped):
        publish(desired)

    assert 5 <= len(count) <= 11


def test_before_each_edit_it_is_asked_whether_the_lock_is_still_ours(wiki, scene):
    """What the wiki has, no ledger can undo."""
    renewals = []

    def renew():
        renewals.append(len(wiki.edits))
        if len(renewals) == 3:
            raise LockLost

    stop = StopPage(wiki, "User:BadgeBot/Developer badges/stop")
    publisher = Publisher(wiki, scene.ledger, stop, "[[ROOT]]", lambda _line: None, renew)
    wanted = {f"{TITLE}{number}": {"a": number} for number in range(5)}
    with pytest.raises(LockLost):
        publisher.publish(differences(scene.ledger, wanted, "farewell"), 100)

    assert renewals == [0, 1, 2]
    assert len(wiki.edits) == len(scene.ledger.notes.pages()) == 2


def test_half_a_minute_is_enough_to_look_at_the_stop_page_again(wiki):
    now = 0.0
    stop = StopPage(wiki, "stop", lambda: now)
    wiki.edit("stop", "stop", "Bert")

    now = 29.0
    stop.before_edit()
    now = 30.0
    with pytest.raises(Stopped):
        stop.before_edit()


def test_leavers_come_before_newcomers_and_newcomers_before_the_rest(scene, publish):
    publish({"User:BadgeBot/a.json": {"n": 1}, "User:BadgeBot/b.json": {"n": 1}})

    wanted = differences(
        scene.ledger, {"User:BadgeBot/b.json": {"n": 2}, "User:BadgeBot/c.json": {"n": 1}}, "x"
    )
    assert [one.title[-6] for one in wanted] == ["a", "c", "b"]
