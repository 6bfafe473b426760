"""``doctor`` and ``status`` on a real MediaWiki, and what the operator is told there."""

import json
import os

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.practice import HOME, REGISTRY, RULES, practising

pytestmark = pytest.mark.wiki

TALK = "User talk:Admin"
SET = {"BADGES_CONTACT": "User:Admin", "BADGES_DIGEST": "on"}


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account("Ada Example"), "Ada Example")
        yield practice


def findings(practice, **changed):
    done = practice.bot("doctor", "--json", **{**SET, **changed})
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {(one["about"], one["state"]): one for one in told}


def test_doctor_and_status_of_a_bot_in_health_and_out_of_it(wiki: Wiki, practice):
    before = wiki.admin.api(action="query", list="recentchanges", rclimit=1)["query"]
    token = wiki.admin._token
    practice.run()
    code, found = findings(practice)
    print(json.dumps([*found.values()], indent=1))
    assert code == 0
