"""The main job, end to end: real edits, real page history, the real command line."""

import json

import pytest

from scripts.local.api import APIError, Client
from tests.wiki.conftest import PASSWORD
from tests.wiki.practice import HOME, REGISTRY, entry

pytestmark = pytest.mark.wiki

ADA, CLEO = "Ada Example", "Cleo 示例"


@pytest.fixture
def ada(practice):
    client = practice.account(ADA)
    practice.register(client, ADA)
    return client


@pytest.fixture
def vandal(practice):
    return practice.account("Mallory")


def states(practice, client):
    return [(one["state"], one["says"]) for one in practice.page(client, "report")["entries"]]


def test_a_person_registers_and_their_user_page_shows_their_badges(wiki, practice, ada):
    ada.edit(f"User:{ADA}", "{{Developer badges}}")
    before = ada.html("{{Developer badges}}", f"User:{ADA}")

    assert practice.run() > 0
    wiki.jobs()

    total = practice.page(ada, f"people/{ADA}")["total"]
    assert total["issues"] > 20
    html = ada.api(action="parse", page=f"User:{ADA}", prop="text")["parse"]["text"]
    for text in (before, html):
        assert "scribunto-error" not in text
        assert 'class="error"' not in text
    assert "Task Tamer" in html
    assert f">{total['together']}<" in html
    assert "Task Tamer" not in before


def test_a_second_run_edits_nothing_and_asks_each_source_once_even_400_days_later(practice, ada):
    practice.run()
    practice.asked()

    assert practice.run() == 0
    assert practice.asked() == {"gerrit": 1, "phabricator": 1}
    assert practice.run(BADGES_NOW="2027-12-25T00:00:00Z") == 0
    assert practice.asked() == {"gerrit": 1, "phabricator": 1}


def test_an_ordinary_account_cannot_edit_a_data_page(practice, ada):
    practice.run()

    with pytest.raises(APIError) as refused:
        ada.edit(f"{HOME}/people/{ADA}.json", "{}")
    assert refused.value.code == "customjsonprotected"


def test_somebody_elses_registration_of_a_person_is_refused_in_the_report(practice, vandal):
    practice.account(ADA)
    practice.register(vandal, ADA)

    practice.run()

    assert states(practice, vandal) == [("refused", [["not-yourself"]])]
    assert practice.page(vandal, f"people/{ADA}") is None or "left" in json.dumps(
        practice.page(vandal, f"people/{ADA}")
    )
    assert ADA.encode() not in practice.raw_ledger()


def test_the_sole_person_can_leave(practice, ada):
    practice.run()

    practice.unregister(ada, ADA)
    practice.run()

    assert practice.page(ada, f"people/{ADA}")["state"] == "left"
    assert practice.page(ada, "report")["entries"] == []
    for trace in (ADA, "gerrit:", "PHID-USER"):
        assert trace.encode() not in practice.raw_ledger()


def test_an_entry_that_a_vandal_removed_and_somebody_restored_stands_again(
    wiki, practice, ada, vandal
):
    practice.run()
    before = practice.page(ada, f"people/{ADA}")

    practice.unregister(vandal, ADA)
    practice.run()
    hidden = practice.page(ada, f"people/{ADA}")["state"]
    practice.register(wiki.admin, ADA)
    practice.run()

    assert hidden == "left"
    assert practice.page(ada, f"people/{ADA}") == before


def test_a_page_blanked_by_a_vandal_stops_the_round_until_a_human_accepts_it(practice, ada, vandal):
    practice.run()
    text = ada.get(REGISTRY)
    vandal.edit(REGISTRY, "")

    done = practice.bot("run")

    assert done.returncode == 4
    assert "--accept" in done.stderr
    assert practice.page(ada, f"people/{ADA}")["state"] == "ready"
    vandal.edit(REGISTRY, text)
    assert practice.run() == 0


def test_two_share_a_task_and_one_leaves_and_joins_again(practice, ada):
    """The other's pages keep the same bytes; in between the ledger knows nothing of who left."""
    cleo = practice.account(CLEO)
    practice.register(cleo, CLEO)
    practice.run()

    def of_cleo():
        return {title: cleo.get(title) for title in cleo.titles(f"{HOME}/people/{CLEO}")}

    both = of_cleo()
    assert "T8000702" in json.dumps(both)
    practice.unregister(ada, ADA)
    practice.run()
    alone, ledger = of_cleo(), practice.raw_ledger()
    practice.register(ada, ADA)
    practice.run()

    assert both == alone == of_cleo()
    for trace in (ADA, "gerrit:9000001", "PHID-USER-eqeuy3kn5cdijaxlbye2", "AdaExample"):
        assert trace.encode() not in ledger
    assert practice.page(ada, f"people/{ADA}")["state"] == "ready"


@pytest.mark.parametrize("fault", ["down", "429", "html"])
def test_a_source_in_trouble_is_named_and_nothing_known_is_lost(practice, ada, fault):
    practice.run()
    before = practice.page(ada, f"people/{ADA}")
    practice.fault("gerrit", fault)

    done = practice.bot("run")

    assert done.returncode == 3, done.stderr
    assert "gerrit" in done.stderr.lower()
    assert practice.page(ada, f"people/{ADA}") == before
    (gerrit,) = (s for s in practice.page(ada, "report")["sources"] if s["source"] == "gerrit")
    assert gerrit["state"] == "stale"
    practice.fault("gerrit", "none")
    assert practice.run() == 1  # The report says that the source is fresh again.


def test_a_missing_or_wrong_token_is_named_and_the_rest_runs(practice, ada):
    practice.run()
    for token in ("", "api-00000000000000000000000000", "api-0000000000000000000000000000"):
        done = practice.bot("run", BADGES_PHABRICATOR_TOKEN=token)

        assert done.returncode == 3
        assert "token" in done.stderr.lower()
        assert practice.page(ada, f"people/{ADA}")["state"] == "ready"


def test_what_is_wrong_with_the_wiki_is_one_sentence_that_says_what_to_do(practice, wiki):
    def told(**configuration):
        practice.configure(**configuration)
        done = practice.bot("run")
        assert done.returncode in (1, 2), done
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "log in" in told(password="wrong password")
    assert "no bot right" in told(name="Grace Example")
    assert "user-config.py" in told(api=wiki.url.removesuffix("/wiki/") + "/nothing/api.php")
    assert "user-config.py" in told(api="http://127.0.0.1:9/api.php")
    (practice.folder / "user-config.py").unlink()
    assert "user-config.py.sample" in practice.bot("run").stderr


def test_text_on_the_stop_page_stops_the_bot(practice, ada):
    ada.edit(f"{HOME}/stop", "Please stop.")

    done = practice.bot("run")

    assert done.returncode == 5
    assert "stop" in done.stderr
    Client(practice.api).login("Admin", PASSWORD).edit(f"{HOME}/stop", "")
    assert practice.run() > 0


def test_preview_edits_nothing(practice, ada):
    done = practice.bot("preview")

    assert done.returncode == 0, done.stderr
    assert "would save" in done.stdout
    report = practice.page(ada, "report")
    assert report is None or all(one.get("person") != ADA for one in report["entries"])
    assert ADA.encode() not in practice.raw_ledger()


def test_explain_tells_why(practice, ada):
    practice.run()

    assert "proved by Phabricator's link to the wiki account" in practice.bot("explain", ADA).stdout
    assert "effective" in practice.bot("explain", ADA, "T8000702").stdout
    nobody = practice.bot("explain", "Nobody")
    assert (nobody.returncode, "Nobody of the name" in nobody.stderr) == (1, True)


def test_the_registry_is_the_editors_and_is_never_overwritten(practice, ada):
    practice.bot("publish", "--yes", "--overwrite")

    assert entry(ADA) in ada.get(REGISTRY)
