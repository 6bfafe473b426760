"""Who is who at Phabricator."""

from datetime import date

import pytest

from sources.phabricator import Phabricator
from sources.phabricator_users import parse_accounts, parse_users
from sources.port import Account, SourceChanged, SourceRefused
from tests.sources import recordings
from tests.sources.server import conduit

MAY = date(2026, 5, 1)
ADA = Account("PHID-USER-uy6yvn54ifux7uxlxwpt", "Ada", created=MAY)


@pytest.fixture
def phabricator(serve, a_client):
    """Make a Phabricator whose server gives, for each method, these answers or recordings in turn."""

    def make(**answers):
        waiting = {
            method: [recordings.answer(a) if isinstance(a, str) else a for a in given]
            for method, given in answers.items()
        }

        def reply(request):
            left = waiting[request.path.rpartition(".")[2]]
            return left.pop(0) if len(left) > 1 else left[0]

        server = serve(reply)
        return Phabricator(server.url, recordings.TOKEN, a_client("Phabricator")), server

    return make


def a_profile(phid="PHID-USER-1", name="Ada", real="", roles=("verified", "activated"), **fields):
    fields = {"username": name, "realName": real, "roles": list(roles), **fields}
    return {"phid": phid, "fields": {"dateCreated": 1777622400, **fields}}


def profiles(*rows):
    return conduit({"data": list(rows), "cursor": {"after": None}})


def test_wiki_names_find_their_accounts_without_disabled_ones(phabricator):
    source, server = phabricator(
        mediawikiquery=["user.mediawikiquery.known"], search=["user.search.all"]
    )

    linked = source.linked_to_wiki(["Ada A", "Bert (WMX)", "Dóra", "花", "Ivo old"])

    assert linked["Ada A"] == (ADA,)
    assert sorted(linked) == ["Ada A", "Bert (WMX)", "Dóra", "花"]
    assert all(one.created == MAY for accounts in linked.values() for one in accounts)
    paths = [request.path for request in server.requests]
    assert paths == ["/api/user.mediawikiquery", "/api/user.search"]


def test_developer_names_find_their_accounts(phabricator):
    source, server = phabricator(ldapquery=["user.ldapquery.known-and-unknown"])

    linked = source.linked_to_developer(["emil", "nobody"])

    assert {name: account[0].name for name, account in linked.items()} == {"emil": "Emil-X"}
    assert ("ldapnames[0]", "emil") in server.requests[0].form


@pytest.mark.parametrize("recording", ["user.mediawikiquery.unknown", "user.mediawikiquery.case"])
def test_names_that_nobody_has_are_no_error(phabricator, recording):
    source, _ = phabricator(mediawikiquery=[recording])

    assert source.linked_to_wiki(["Nobody Here"]) == {}


def test_developer_names_that_nobody_has_are_no_error(phabricator):
    source, _ = phabricator(ldapquery=["user.ldapquery.unknown"])

    assert source.linked_to_developer(["nobody"]) == {}


def test_another_error_is_an_error(phabricator):
    source, _ = phabricator(
        mediawikiquery=[conduit(None, "ERR-INVALID-PARAMETER", "Too many names.")]
    )

    with pytest.raises(SourceChanged, match=r"user\.mediawikiquery"):
        source.linked_to_wiki(["Ada A"])


@pytest.mark.parametrize("method", ["mediawikiquery", "ldapquery"])
def test_a_server_without_wikimedias_methods_names_the_second_way(phabricator, method):
    source, _ = phabricator(**{method: ["error.unknown-method"]})
    ask = source.linked_to_wiki if method == "mediawikiquery" else source.linked_to_developer

    with pytest.raises(
        SourceRefused, match=rf"lacks the method user\.{method}\..*codes in the report"
    ):
        ask(["Ada A"])


def test_names_are_asked_a_hundred_at_a_time(phabricator):
    source, server = phabricator(mediawikiquery=["user.mediawikiquery.unknown"])

    source.linked_to_wiki(f"Name {n}" for n in range(101))

    assert [sum("names" in key for key, _ in r.form) for r in server.requests] == [100, 1]


def test_more_users_than_one_answer_holds_are_all_seen(phabricator):
    phids = [f"PHID-USER-{n:03}" for n in range(101)]
    full = [a_user(phid=phid) for phid in phids[:100]]
    source, server = phabricator(
        mediawikiquery=[conduit(full), conduit([a_user(phid=phids[100])])],
        search=[profiles(*map(a_profile, phids[:100])), profiles(a_profile(phids[100]))],
    )

    assert len(source.linked_to_wiki(["Ada A"])["Ada A"]) == 101
    assert [dict(r.form).get("offset") for r in server.requests] == ["0", "100", None, None]
    asked = [sum("phids" in key for key, _ in r.form) for r in server.requests]
    assert asked == [0, 0, 100, 1]


def test_one_wiki_name_with_two_accounts_gives_both_with_their_days(phabricator):
    source, _ = phabricator(
        mediawikiquery=[conduit([a_user(phid="PHID-USER-2"), a_user(phid="PHID-USER-1")])],
        search=[profiles(a_profile("PHID-USER-2", dateCreated=1), a_profile("PHID-USER-1"))],
    )

    assert source.linked_to_wiki(["Ada A"]) == {
        "Ada A": (
            Account("PHID-USER-1", "ada", created=MAY),
            Account("PHID-USER-2", "ada", created=date(1970, 1, 1)),
        )
    }


@pytest.mark.parametrize("role", ["disabled", "bot", "list"])
def test_who_is_no_person_by_user_search_is_dropped(phabricator, role):
    source, _ = phabricator(
        mediawikiquery=[conduit([a_user()])], search=[profiles(a_profile(roles=[role]))]
    )

    assert source.linked_to_wiki(["Ada A"]) == {}


def test_an_account_that_user_search_does_not_show_is_dropped(phabricator):
    source, _ = phabricator(mediawikiquery=[conduit([a_user()])], search=[profiles()])

    assert source.linked_to_wiki(["Ada A"]) == {}


@pytest.mark.parametrize("moment", [None, "soon", {}])
def test_an_account_without_a_day_is_a_change_of_the_source(phabricator, moment):
    source, _ = phabricator(
        mediawikiquery=[conduit([a_user()])], search=[profiles(a_profile(dateCreated=moment))]
    )

    with pytest.raises(SourceChanged, match="dateCreated"):
        source.linked_to_wiki(["Ada A"])


def a_user(name="Ada A", phid="PHID-USER-1", roles=("verified", "approved", "activated")):
    return {"mediawiki_username": name, "phid": phid, "userName": "ada", "roles": list(roles)}


@pytest.mark.parametrize("lookalike", ["ada A", "Ada  A", "Ada_A", "Adа A", "Ada A\u200b", "Áda A"])
def test_a_lookalike_is_nobody(lookalike):
    assert parse_accounts([a_user(lookalike)], "mediawiki_username", ["Ada A"]) == {}


@pytest.mark.parametrize("role", ["disabled", "bot", "agent", "list"])
def test_who_is_no_active_human_is_nobody(role):
    assert parse_accounts([a_user(roles=[role])], "mediawiki_username", ["Ada A"]) == {}


def test_one_name_may_have_several_accounts():
    rows = [a_user(phid="PHID-USER-2"), a_user(phid="PHID-USER-1"), a_user(phid="PHID-USER-1")]

    accounts = parse_accounts(rows, "mediawiki_username", ["Ada A"])["Ada A"]

    assert [account.key for account in accounts] == ["PHID-USER-1", "PHID-USER-2"]


@pytest.mark.parametrize("lost", ["mediawiki_username", "phid", "userName", "roles"])
def test_a_user_without_what_proves_them_is_a_change_of_the_source(lost):
    user = a_user()
    del user[lost]

    with pytest.raises(SourceChanged, match=lost):
        parse_accounts([user], "mediawiki_username", ["Ada A"])


# What an account has posted


@pytest.mark.parametrize("name", ["Ada", "ada", "ADA"])
def test_a_code_in_the_real_name_is_posted(phabricator, name):
    source, server = phabricator(search=[profiles(a_profile(real="Ada (badge-7f3a)"))])

    assert source.posted(name, ["badge-0000", "badge-7f3a"]) == (
        Account("PHID-USER-1", "Ada", created=MAY),
        "badge-7f3a",
    )
    assert ("constraints[usernames][0]", name) in server.requests[0].form


def test_the_recorded_profiles_show_their_real_names(phabricator):
    source, _ = phabricator(search=["user.search.usernames"])

    assert source.posted("bert", ["Bert Ex"])[0].key == "PHID-USER-p3um26ju46eudowxk53y"
    assert source.posted("Emil-X", ["badge"]) is None
    assert source.posted("Fay.N", ["<Example>"])[1] == "<Example>"


def test_what_another_account_posted_is_not_ones_own(phabricator):
    source, _ = phabricator(search=[profiles(a_profile(name="Adam", real="badge-7f3a"))])

    assert source.posted("Ada", ["badge-7f3a"]) is None


def test_another_word_is_not_the_word(phabricator):
    source, _ = phabricator(search=[profiles(a_profile(real="Ada"))])

    assert source.posted("Ada", ["badge-7f3a"]) is None


@pytest.mark.parametrize("role", ["disabled", "bot", "list", "agent"])
def test_who_is_no_person_has_posted_nothing(phabricator, role):
    source, _ = phabricator(search=[profiles(a_profile(real="code", roles=[role]))])

    assert source.posted("Ada", ["code"]) is None


@pytest.mark.parametrize(
    "name", ["", "Adа", "Ada\u200b", "Ada B", "Ada\n", "ſam", "\u212aate", "x" * 65]
)
def test_a_name_that_no_account_can_have_is_not_asked_for(phabricator, name):
    source, server = phabricator(search=[profiles(a_profile(name=name, real="code"))])

    assert source.posted(name, ["code"]) is None
    assert server.requests == []


def test_a_lookalike_in_the_answer_is_refused(phabricator):
    source, _ = phabricator(search=[profiles(a_profile(name="\u212aate", real="code"))])

    assert source.posted("Kate", ["code"]) is None


def test_without_a_word_nobody_is_asked(phabricator):
    source, server = phabricator(search=[profiles(a_profile(real="code"))])

    assert source.posted("Ada", []) is None
    assert source.posted("Ada", [""]) is None
    assert server.requests == []


@pytest.mark.parametrize("lost", ["username", "roles", "dateCreated"])
def test_a_profile_without_what_matters_is_a_change_of_the_source(lost):
    row = a_profile()
    del row["fields"][lost]

    with pytest.raises(SourceChanged, match=lost):
        list(parse_users([row]))
