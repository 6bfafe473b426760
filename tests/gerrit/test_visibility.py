"""A real Gerrit that shows nobody's account to everyone: what can be known without."""

import pytest

from sources.port import Account

pytestmark = pytest.mark.gerrit


@pytest.fixture(scope="module", autouse=True)
def _hidden_accounts(told):
    """Restart the server with other settings, and again with its own."""
    told.world.site.restart(**{"accounts.visibility": "NONE"})
    yield
    told.world.site.restart(**{"accounts.visibility": "ALL"})


def test_accounts_cannot_be_searched(told):
    site = told.world.site

    assert site.call("GET", 'accounts/?q=name:"Bert+Example"'.replace('"', "%22"), user="") == []


def test_a_change_names_its_owner_all_the_same(told, source):
    bert = Account(f"gerrit:{told.world.ids['bert']}", "Bert Example", "bert")

    assert source.account_named("Bert Example") == bert
    assert source.account_named("Bert Example", "bert") == bert
    assert source.account_named("Bert") is None
    assert source.account_named("Eve Example") is None


def test_a_history_is_what_the_account_owns(told, source):
    found = source.merged_by(f"gerrit:{told.world.ids['bert']}")

    assert told.named(one.number for one in found) == [
        "by commit",
        "everywhere",
        "reverts some",
        "says it reverts",
    ]


def test_authors_within_the_row_are_still_known(told, source):
    [helped] = source.merged_for([103])

    assert f"gerrit:{told.world.ids['bert']}" in helped.authors
