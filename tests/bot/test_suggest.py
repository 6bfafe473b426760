"""What is suggested is for people to decide on."""

import pytest

from bot.suggest import NothingToSuggest, suggest_repositories, suggest_wishes
from bot.tools import TOOLS
from wikitext.wishes import parse_wishes

RESULTS = """{| class="wikitable"
! Rank !! Proposal !! Votes !! Status !! Phabricator
|-
| 1 || [[Community Wishlist Survey 2022/Reading/Dark mode|Dark mode]] || 120 || {{done}} || [[phab:T26070]]
|}"""


def test_repositories_of_tools_are_suggested_unless_they_count_already_or_mirror_gerrit(scene):
    addresses = [
        "https://github.com/o/r",
        "https://github.com/known/one",
        "https://github.com/wikimedia/mediawiki-extensions-Thanks",
        "https://gitlab.wikimedia.org/toolforge-repos/x",
        "https://gitlab.wikimedia.org/somebody/y",
        "https://git.example.org/z",
    ]
    scene.ledger.notes.remember(TOOLS, {str(n): [one, ""] for n, one in enumerate(addresses)})

    lines = list(suggest_repositories(scene.ledger, {"toolforge-repos"}, {"known/one"}))

    assert [line.split(":")[0] for line in lines] == [
        "elsewhere https",
        "github o/r",
        "gitlab somebody/y",
    ]


def test_the_bug_tracker_of_a_tool_is_named_beside_its_repository(scene):
    tracker = "https://phabricator.wikimedia.org/tag/x/"
    scene.ledger.notes.remember(TOOLS, {"x": ["https://github.com/o/r", tracker]})

    [line] = suggest_repositories(scene.ledger, (), ())

    assert tracker in line


def test_before_toolhub_was_read_there_is_nothing_to_suggest(scene):
    assert list(suggest_repositories(scene.ledger, (), ())) == [
        "Toolhub was not read yet: it is, in the next round."
    ]


def test_rows_for_the_wishes_table_come_from_a_page_of_results_and_wait_for_a_reviewer():
    [line] = suggest_wishes("Community Wishlist Survey 2022/Results", lambda _title: RESULTS)

    [entry] = parse_wishes(line).entries
    assert entry.row.tasks == (26070,)
    assert entry.row.status == "done"
    assert not entry.row.accepted


@pytest.mark.parametrize("text", [None, "Nothing of this kind."])
def test_a_page_without_wishes_is_said_to_be_one(text):
    with pytest.raises(NothingToSuggest, match=r"2022/Results"):
        list(suggest_wishes("Community Wishlist Survey 2022/Results", lambda _title: text))
