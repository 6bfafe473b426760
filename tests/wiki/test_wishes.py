"""The wishes table on a real wiki: acceptance is read from page history, and nothing else is one."""

import pytest

from scripts.local.api import Client
from tests.wiki.conftest import Wiki
from tests.wiki.practice import TABLE, Practice, practising

pytestmark = pytest.mark.wiki

ADA = "Ada Example"
ROW = (
    "* {{Developer badges/Wish|list=sample|wish=1|title=Brackets|status=done|tasks=T8000702"
    "|date=2026-07-21%s}}"
)


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    """A bot with an empty ledger; Ada has registered, and nobody ever wrote on the table."""
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account(ADA), ADA)
        yield practice


def wishes(practice: Practice, client: Client) -> list[str]:
    """The wishes on Ada's page after one more round."""
    practice.run()
    return [one["wish"] for one in practice.page(client, f"people/{ADA}")["wishes"]]


def write(client: Client, *rows: str, **how: str) -> int:
    return client.edit(TABLE, "\n".join(("Wishes:", *rows)), **how)["newrevid"]


def test_a_row_counts_once_an_administrator_accepted_it_and_the_report_says_what_waits(
    wiki, practice
):
    zoe = practice.account("Zoe")
    write(zoe, ROW % "")
    assert wishes(practice, zoe) == []
    shown = zoe.html("{{#invoke:Developer badges|report}}")
    assert "waits for a reviewer" in shown

    write(wiki.admin, ROW % "|accepted=yes")
    assert wishes(practice, zoe) == ["sample 1"]
    assert "scribunto-error" not in zoe.html(ROW % "|accepted=yes", TABLE)

    write(zoe, ROW.replace("Brackets", "All brackets") % "|accepted=yes")
    assert wishes(practice, zoe) == []


def test_an_administrator_who_undoes_a_blanking_accepts_nothing_that_was_planted(wiki, practice):
    mallory = practice.account("Mallory")
    write(mallory, ROW % "|accepted=yes")
    blanked = write(mallory)
    wiki.admin.api(
        action="edit", title=TABLE, undo=blanked, token=wiki.admin._token, summary="vandalism"
    )
    assert wiki.admin.get(TABLE) == "Wishes:\n" + ROW % "|accepted=yes"

    assert wishes(practice, mallory) == []


def test_an_administrator_who_restores_a_page_by_hand_accepts_nothing_that_was_planted(
    wiki, practice
):
    mallory = practice.account("Mallory")
    rows = (ROW % "|accepted=yes", ROW.replace("wish=1", "wish=2") % "|accepted=yes")
    write(mallory, *rows)
    write(mallory)
    write(wiki.admin, *rows)

    assert wishes(practice, mallory) == []
