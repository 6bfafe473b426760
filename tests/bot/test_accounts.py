"""Whose account is whose: claims, proofs of two ways, disputes, and those who would cheat."""

import json
from datetime import date, timedelta
from math import ceil

import pytest

from bot import cli
from bot.accounts import drop_disowned, forget_proofs, is_staff
from bot.codes import PREFIX, code_of, is_live
from bot.errors import NeedsAcceptance
from bot.explain import explain_accounts, find_person
from bot.lock import locked
from bot.proofs import prove_at_forge, prove_at_phabricator
from bot.questions import MANY
from sources.port import Account, SourceChanged, SourceRefused, SourceUnreachable
from tests.bot.scene import HOME, REGISTRY
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit

DAY = timedelta(days=1)


class Town:
    """The scene with GitLab and GitHub beside Gerrit; people write their lines with options."""

    def __init__(self, scene):
        self.scene = scene
        self.gitlab, self.github = FakeGerrit(name="gitlab"), FakeGerrit(name="github")

    def __getattr__(self, name):
        return getattr(self.scene, name)

    def writes(self, name, by=None, **options):
        """Somebody's line is added, or takes the place of the one they had."""
        said = "".join(f"|{key}={value}" for key, value in options.items() if value)
        start = f"* {{{{Developer badges/Person|{name}"
        lines = self.wiki.text(REGISTRY).split("\n")
        kept = [one for one in lines if not one.startswith((f"{start}|", f"{start}}}"))]
        text = "\n".join([*kept, f"{start}{said}}}}}"])
        self.wiki.edit(REGISTRY, text, by or name, self.scene.now)

    def leaves(self, name):
        lines = self.wiki.text(REGISTRY).split("\n")
        text = "\n".join(one for one in lines if f"Person|{name}" not in one)
        self.wiki.edit(REGISTRY, text, name, self.scene.now)

    def round(self, *, days=0, **options):
        """A round of the bot; some days pass before it."""
        self.scene.now += days * DAY
        forges = (self.gerrit, self.gitlab, self.github)
        return self.scene.round(**{"forges": forges, **options})

    def says(self, name):
        """What the report tells somebody, without values."""
        return [words[0] for words in self.words(name)]

    def words(self, name):
        return next(one["says"] for one in self.report() if one.get("person") == name)

    def code(self, name):
        return next(words[1] for words in self.words(name) if words[0] == "code")

    def accounts(self, name):
        """The accounts that somebody proved: source, key and way."""
        person = find_person(self.ledger, name)
        return {(one.source, one.key, one.way) for one in self.ledger.people.accounts(person)}

    def keys(self, name):
        return {key for _, key, _ in self.accounts(name)}

    def posts(self, source, name, text, key=None, login=""):
        """An account of this name writes something about itself."""
        source.posts[name] = (Account(key or f"{source.name}:{name}", name, login), text)

    def explained(self, name):
        return "\n".join(explain_accounts(self.ledger, find_person(self.ledger, name)))


@pytest.fixture
def town(scene):
    scene.exists("Ada", "Bert", "Mallory")
    return Town(scene)


@pytest.fixture
def unlinked(town):
    """Nobody has linked anything to anything."""
    town.phabricator.wiki.clear()
    town.phabricator.developers.clear()
    return town


# The first way: links that both sides keep.


def test_links_lead_from_the_wiki_to_phabricator_gerrit_and_gitlab(town):
    town.gitlab.names["Ada"] = "gitlab:7"
    town.writes("Ada", developer="Ada")
    town.round()

    assert town.accounts("Ada") == {
        ("phabricator", "PHID-USER-Ada", "user.mediawikiquery"),
        ("gerrit", "gerrit:Ada", "user.ldapquery"),
        ("gitlab", "gitlab:7", "user.ldapquery"),
    }
    assert town.says("Ada") == ["proved", "proved", "proved"]


def test_gitlab_is_asked_for_a_developer_by_the_shell_name_that_gerrit_tells(town):
    asked = []
    town.gitlab.account_named = lambda name, login="": asked.append((name, login))
    town.scene.exists("Ada Example")
    town.writes("Ada Example", developer="Ada Example")
    town.round()

    assert asked == [("Ada Example", "adaexample")]


def test_one_person_may_have_two_phabricator_accounts(town):
    town.phabricator.wiki["Ada"] += (Account("PHID-USER-Second", "ada-2"),)
    town.writes("Ada", developer="Ada")
    town.round()

    assert {"PHID-USER-Ada", "PHID-USER-Second"} <= town.keys("Ada")


def test_a_github_account_is_proved_by_an_entry_and_a_profile_that_name_each_other(town):
    town.posts(town.github, "ada", "I am on the wiki:\nhttps://wiki.example/wiki/User:Ada/")
    town.writes("Ada", github="ada")
    town.round()

    assert ("github", "github:ada", "link") in town.accounts("Ada")


def test_a_profile_that_gives_the_name_without_the_wiki_proves_nothing(town):
    town.posts(town.github, "ada", "User:Ada, https://another.example/wiki/User:Ada")
    town.writes("Ada", github="ada")
    town.round()

    assert town.says("Ada") == [
        "proved", "no-developer-name", "open-claim", "code", "post-github",
    ]  # fmt: skip


def test_a_link_in_a_phabricator_profile_is_not_what_proves_an_account_there(unlinked):
    unlinked.posts(unlinked.phabricator, "ada", "https://wiki.example/wiki/User:Ada")
    unlinked.writes("Ada", phabricator="ada")
    unlinked.round()

    assert unlinked.accounts("Ada") == set()


# The second way: a code.


def test_a_code_is_bound_to_the_wiki_the_person_and_the_day():
    day = date(2026, 11, 20)
    codes = {
        code_of("metawiki", 1, day),
        code_of("metawiki", 2, day),
        code_of("dewiki", 1, day),
        code_of("metawiki", 1, day + DAY),
    }

    assert len(codes) == 4
    assert all(len(code) == len(PREFIX) + 12 and code.islower() for code in codes)
    assert code_of("metawiki", 1, day) in codes


def test_a_code_lives_for_thirty_days():
    day = date(2026, 11, 20)

    assert is_live(day, day)
    assert is_live(day, day + 29 * DAY)
    assert not is_live(day, day + 30 * DAY)
    assert not is_live(day, day - DAY)


def test_the_report_says_what_is_missing_and_what_to_do_step_by_step(unlinked):
    unlinked.writes("Ada", developer="Ada", phabricator="ada", gitlab="ada", github="ada")
    unlinked.round()

    assert unlinked.says("Ada") == [
        "not-linked-phabricator",
        "open-claim", "open-claim", "open-claim",
        "code", "post-phabricator", "post-gerrit", "post-gitlab", "post-github",
    ]  # fmt: skip
    assert [w for w in unlinked.words("Ada") if w[0] == "code"] == [
        ["code", unlinked.code("Ada"), "2026-12-20"]
    ]


def test_nobody_to_whom_nothing_is_missing_has_a_code(town):
    town.writes("Ada", developer="Ada")
    town.round()

    assert "code" not in town.says("Ada")
    assert town.ledger.notes.recall("proofs")["codes"] == {}


@pytest.mark.parametrize("source", ["phabricator", "gerrit", "gitlab", "github"])
def test_a_code_proves_the_account_that_posted_it(unlinked, source):
    option = "developer" if source == "gerrit" else source
    unlinked.writes("Ada", **{option: "ada"})
    unlinked.round()
    unlinked.posts(getattr(unlinked, source), "ada", f"Hello!\n {unlinked.code('Ada')} ")
    unlinked.round(days=1)

    assert unlinked.accounts("Ada") == {(source, f"{source}:ada", "code")}
    assert "code" not in unlinked.says("Ada")


def test_an_account_proved_by_code_stays_proved_when_the_code_is_taken_away(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    unlinked.posts(unlinked.github, "ada", unlinked.code("Ada"))
    unlinked.round(days=1)
    unlinked.github.posts.clear()
    unlinked.round(days=100, full=True)

    assert unlinked.keys("Ada") == {"github:ada"}


def test_who_proved_gerrit_by_a_code_has_the_developer_account_and_so_gitlab(unlinked):
    unlinked.gitlab.names["Ada"] = "gitlab:7"
    unlinked.writes("Ada", developer="Ada")
    unlinked.round()
    unlinked.posts(unlinked.gerrit, "Ada", unlinked.code("Ada"), login="ada")
    unlinked.round(days=1)

    assert unlinked.keys("Ada") == {"gerrit:Ada", "gitlab:7"}


def test_a_phabricator_account_proved_by_code_leads_on_to_the_developer_account(town):
    town.phabricator.wiki.clear()
    town.writes("Ada", phabricator="phab-Ada", developer="Ada")
    town.round()
    town.posts(town.phabricator, "phab-Ada", town.code("Ada"), key="PHID-USER-Ada")
    town.round(days=1)
    town.round()

    assert town.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada"}


def test_where_phabricator_tells_no_links_codes_work_and_everything_else_goes_on(town):
    def refuse(_names):
        raise SourceRefused("Phabricator has no such method.")

    town.phabricator.linked_to_wiki = town.phabricator.linked_to_developer = refuse
    town.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    town.task(a_task(100))
    town.writes("Ada", phabricator="phab-Ada", developer="Ada")
    done = town.round()
    says = town.says("Ada")
    town.posts(town.phabricator, "phab-Ada", town.code("Ada"), key="PHID-USER-Ada")
    town.posts(town.gerrit, "Ada", town.code("Ada"))
    town.round(days=1)

    assert not done.troubles
    assert says[0] == "links-refused"
    assert town.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada"}
    assert town.page("Ada")["total"]["issues"] == 1


# When questions are asked.


def test_a_quiet_round_without_open_claims_asks_nothing(town):
    town.writes("Ada", developer="Ada")
    town.round()
    for source in (town.phabricator, town.gerrit, town.gitlab, town.github):
        source.asked.clear()
    town.wiki.asked.clear()
    town.round(days=40)

    assert town.phabricator.asked == {"feed": 1}
    assert town.gerrit.asked == {"feed": 1}
    assert not (town.gitlab.asked.keys() | town.github.asked.keys()) & {"account", "posted"}
    assert not town.wiki.asked


def test_an_open_claim_costs_one_question_a_day(unlinked):
    unlinked.writes("Ada", github="ada", gitlab="ada")
    for _ in range(5):
        unlinked.round()
    first = unlinked.github.asked["posted"], unlinked.gitlab.asked["posted"]
    unlinked.round(days=1)
    unlinked.round(full=True)

    assert first == (1, 1)
    assert (unlinked.github.asked["posted"], unlinked.gitlab.asked["posted"]) == (2, 2)


def test_who_links_phabricator_later_is_found_within_a_day(unlinked):
    unlinked.writes("Ada", developer="Ada")
    unlinked.round()
    unlinked.scene.exists("Ada")
    unlinked.round()
    same_day = unlinked.accounts("Ada")
    unlinked.round(days=1)

    assert same_day == set()
    assert unlinked.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada"}


def test_a_bare_line_makes_no_code_and_no_page_of_ours_changes_by_waiting(unlinked):
    unlinked.writes("Ada")
    unlinked.round()
    edits = len(unlinked.wiki.edits)
    unlinked.round(days=40)

    assert unlinked.says("Ada") == ["not-linked-phabricator"]
    assert len(unlinked.wiki.edits) == edits


def test_one_claim_that_a_source_cannot_read_costs_nobody_else_a_proof(unlinked):
    unlinked.writes("Bert", github="bert")
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    unlinked.posts(unlinked.github, "ada", unlinked.code("Ada"))
    posted = unlinked.github.posted

    def broken(name, words):
        if name == "bert":
            raise SourceChanged("GitHub makes no sense of this account.")
        return posted(name, words)

    unlinked.github.posted = broken
    done = unlinked.round(days=1)

    assert [source for source, _ in done.troubles] == ["github"]
    assert unlinked.keys("Ada") == {"github:ada"}


def test_a_source_that_fails_in_the_middle_keeps_what_it_answered_before(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.writes("Bert", github="bert")
    unlinked.round()
    unlinked.posts(unlinked.github, "ada", unlinked.code("Ada"))
    unlinked.posts(unlinked.github, "bert", unlinked.code("Bert"))
    posted = unlinked.github.posted

    def breaks(name, words):
        if name == "bert":
            raise SourceUnreachable("GitHub does not answer.")
        return posted(name, words)

    unlinked.github.posted = breaks
    unlinked.round(days=1)
    ada, bert = unlinked.keys("Ada"), unlinked.keys("Bert")
    unlinked.github.posted = posted
    unlinked.round()

    assert (ada, bert) == ({"github:ada"}, set())
    assert unlinked.keys("Bert") == {"github:bert"}


# A proof is a fact: what ends it, and what does not.


@pytest.fixture
def proved(town):
    """Ada's accounts everywhere are proved."""
    town.gitlab.names["Ada"] = "gitlab:7"
    town.posts(town.github, "ada", "https://wiki.example/wiki/User:Ada")
    town.writes("Ada", developer="Ada", github="ada")
    town.merges(a_change(1, "gerrit:Ada"))
    town.round()
    assert town.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada", "gitlab:7", "github:ada"}
    return town


def test_no_missing_answer_ends_a_proof(proved):
    before = proved.accounts("Ada")
    proved.phabricator.wiki.clear()
    proved.phabricator.developers.clear()
    proved.gerrit.names.clear()
    proved.gitlab.names.clear()
    proved.github.posts.clear()
    proved.round(days=1, full=True)

    assert proved.accounts("Ada") == before


def test_no_outage_ends_a_proof(proved):
    before = proved.accounts("Ada")
    for source in (proved.phabricator, proved.gerrit, proved.gitlab, proved.github):
        source.trouble = SourceUnreachable("It does not answer.")
    proved.round(days=1, full=True)

    assert proved.accounts("Ada") == before


def test_no_rename_on_either_side_ends_a_proof(proved):
    before = proved.keys("Ada")
    proved.wiki.accounts["Countess"] = proved.wiki.accounts.pop("Ada")
    proved.phabricator.wiki = {"Countess": (Account("PHID-USER-Ada", "phab-countess"),)}
    proved.round(days=1, full=True)

    assert proved.keys("Countess") == before


def test_a_claim_that_is_taken_out_of_the_entry_ends_what_was_proved_by_it_alone(proved):
    proved.writes("Ada", developer="Ada")
    proved.round()

    assert proved.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada", "gitlab:7"}


def test_another_developer_name_ends_gerrit_and_gitlab_and_nothing_else(proved):
    proved.writes("Ada", developer="Somebody", github="ada")
    proved.round()

    assert proved.keys("Ada") == {"PHID-USER-Ada", "github:ada"}


def test_a_developer_name_that_is_somebody_elses_now_is_proof_of_the_contrary(proved):
    proved.writes("Bert")
    proved.round()
    proved.phabricator.developers["Ada"] = proved.phabricator.wiki["Bert"]
    proved.round(days=1, full=True)

    assert proved.keys("Ada") == {"PHID-USER-Ada", "github:ada"}
    assert "developer-not-proved" in proved.says("Ada")


def test_a_developer_name_of_an_account_that_nobody_proved_is_no_proof_of_the_contrary(proved):
    before = proved.accounts("Ada")
    proved.phabricator.developers["Ada"] = (Account("PHID-USER-Stranger", "stranger"),)
    proved.round(days=1, full=True)

    assert proved.accounts("Ada") == before


# Two claim one account.


@pytest.fixture
def disputed(proved):
    """Mallory, too, has proved that Ada's GitHub account is hers."""
    merged = a_change(2, "github:ada", source="github", project="wikimedia/tool", merged=proved.now)
    proved.github.changes.append(merged)
    proved.round(days=1)
    proved.before = proved.page("Ada")["total"]["patches"]
    proved.writes("Mallory", github="ada")
    proved.round()
    proved.posts(proved.github, "ada", proved.code("Mallory"))
    proved.round(days=1)
    return proved


def test_of_two_who_prove_one_account_neither_earns(disputed):
    assert ["disputed", "github"] in disputed.words("Ada")
    assert ["disputed", "github"] in disputed.words("Mallory")
    assert len(disputed.ledger.people.disputed()) == 1
    assert disputed.page("Ada")["total"]["patches"] < disputed.before
    assert "github:ada" not in disputed.keys("Mallory")


def test_joining_second_does_not_reveal_who_was_first(disputed):
    assert "Ada" not in json.dumps(disputed.words("Mallory"))


def test_when_the_second_claimant_leaves_the_first_earns_again(disputed):
    disputed.leaves("Mallory")
    disputed.round()

    assert disputed.ledger.people.disputed() == frozenset()
    assert disputed.page("Ada")["total"]["patches"] == disputed.before
    assert ["proved", "github"] in disputed.words("Ada")


def test_when_the_second_claimant_drops_the_claim_the_first_earns_again(disputed):
    disputed.writes("Mallory")
    disputed.round()

    assert disputed.page("Ada")["total"]["patches"] == disputed.before


def test_when_the_first_claimant_leaves_the_account_is_the_seconds(disputed):
    disputed.leaves("Ada")
    disputed.round()

    assert disputed.keys("Mallory") >= {"github:ada"}
    assert disputed.page("Mallory")["total"]["patches"] == 1
    assert disputed.ledger.people.disputed() == frozenset()


def test_a_reviewer_decides_a_dispute_for_either(disputed):
    people = disputed.ledger.people
    (account,) = people.disputed()
    ada, mallory = (find_person(disputed.ledger, name) for name in ("Ada", "Mallory"))

    assert people.settle(account, mallory.id)
    disputed.round()
    lost = disputed.words("Ada"), disputed.words("Mallory")
    assert people.settle(account, ada.id)
    disputed.round(days=1, full=True)

    assert ["decided-otherwise", "github"] in lost[0]
    assert ["proved", "github"] in lost[1]
    assert ["decided-otherwise", "github"] in disputed.words("Mallory")
    assert disputed.page("Ada")["total"]["patches"] == disputed.before


def test_nothing_is_settled_for_somebody_who_proved_nothing(disputed):
    people = disputed.ledger.people
    (account,) = people.disputed()
    disputed.writes("Bert")
    disputed.round()

    assert not people.settle(account, find_person(disputed.ledger, "Bert").id)
    assert not people.settle(999, find_person(disputed.ledger, "Ada").id)
    assert people.disputed() == {account}


@pytest.fixture
def decides(disputed, monkeypatch, capsys):
    """Give a command to the program; what it returned, and what it said."""
    monkeypatch.setenv("BADGES_DATABASE_URL", disputed.database.url)

    def decide(*words):
        code = cli.main(["settle", *words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return decide


@pytest.mark.parametrize("name", ["ada", "github:ada"])
def test_a_decision_is_written_down_with_a_command_and_the_next_round_keeps_to_it(
    disputed, decides, name
):
    code, said = decides("github", name, "Ada")
    disputed.round()

    assert code == 0
    assert "github: ada (github:ada) is Ada's, by decision." in said
    assert "Mallory proved it, too, and earns nothing by it." in said
    assert disputed.ledger.people.disputed() == frozenset()
    assert disputed.page("Ada")["total"]["patches"] == disputed.before
    assert ["decided-otherwise", "github"] in disputed.words("Mallory")


def test_a_decision_can_be_for_the_second_and_be_changed(disputed, decides):
    first, _ = decides("github", "ada", "Mallory")
    disputed.round()
    lost = disputed.page("Mallory")["total"]["patches"], disputed.words("Ada")
    second, said = decides("github", "ada", "Ada")
    disputed.round()

    assert (first, second) == (0, 0)
    assert lost[0] == 1
    assert ["decided-otherwise", "github"] in lost[1]
    assert "Mallory proved it, too" in said
    assert disputed.page("Ada")["total"]["patches"] == disputed.before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("github", "ada", "Bert"), "Bert did not prove github: ada"),
        (("github", "nobody", "Ada"), "Nobody proved an account “nobody” at github"),
        (("gitlab", "ada", "Ada"), "Nobody proved an account “ada” at gitlab"),
        (("gerrit", "Ada", "Ada"), "there is nothing to settle"),
        (("github", "ada", "Nobody"), "Nobody of the name “Nobody” takes part"),
    ],
)
def test_what_cannot_be_decided_is_said_calmly_and_changes_nothing(disputed, decides, words, why):
    disputed.writes("Bert")
    disputed.round()
    before = disputed.ledger.people.accounts(), disputed.ledger.people.claimants()
    code, said = decides(*words)

    assert code == 1
    assert why in said
    assert "Traceback" not in said
    assert (disputed.ledger.people.accounts(), disputed.ledger.people.claimants()) == before


def test_nothing_is_decided_while_a_round_is_running(disputed, decides):
    with locked(disputed.ledger):
        code, said = decides("github", "ada", "Ada")

    assert code == 5
    assert "Another round is running" in said
    assert disputed.ledger.people.disputed()


def test_of_two_accounts_of_one_name_the_disputed_one_is_meant_or_its_key(disputed, decides):
    people, day = disputed.ledger.people, disputed.now.date()
    ada, mallory = (find_person(disputed.ledger, name) for name in ("Ada", "Mallory"))
    people.prove(ada, "github", "github:9", "ada", "code", day)
    one = decides("github", "github:9", "Ada")
    people.prove(mallory, "github", "github:9", "ada", "code", day)
    two = decides("github", "ada", "Ada")
    by_key = decides("github", "github:9", "Ada")

    assert (one[0], two[0], by_key[0]) == (1, 1, 0)
    assert "give one of the keys github:ada, github:9" in two[1]
    assert len(people.disputed()) == 1


def test_a_disputed_phabricator_account_proves_no_developer_name(town):
    town.writes("Ada")
    town.round()
    town.phabricator.wiki["Mallory"] = town.phabricator.wiki["Ada"]
    town.writes("Mallory", developer="Ada")
    town.round()

    assert town.keys("Mallory") == set()
    assert "account" not in town.gerrit.asked


# Names that have changed hands, and names that look like others.


def test_a_link_older_than_the_wiki_account_proves_nothing_by_itself(town):
    """Phabricator keeps names: the link may be that of the name's former bearer."""
    made = Account("PHID-USER-Ada", "phab-Ada", created=date(2016, 5, 1))
    town.phabricator.wiki["Ada"] = (made,)
    town.wiki.named["Ada"] = date(2020, 1, 1)
    town.writes("Ada", developer="Ada")
    town.round()

    assert town.says("Ada") == ["link-may-be-older", "code", "post-gerrit"]
    town.writes("Ada", developer="Ada", phabricator="phab-Ada")
    town.round()
    town.posts(town.phabricator, "phab-Ada", town.code("Ada"), key="PHID-USER-Ada")
    town.round(days=1)
    town.round()
    assert town.keys("Ada") == {"PHID-USER-Ada", "gerrit:Ada"}


def test_a_link_that_the_names_bearer_must_have_made_is_proof(town):
    made = Account("PHID-USER-Ada", "phab-Ada", created=date(2020, 1, 1))
    town.phabricator.wiki["Ada"] = (made,)
    town.wiki.named["Ada"] = date(2020, 1, 1)
    town.writes("Ada")
    town.round()

    assert town.keys("Ada") == {"PHID-USER-Ada"}


def test_a_link_of_an_account_whose_age_is_not_told_is_taken_for_the_oldest(town):
    town.wiki.named["Ada"] = date(2015, 1, 1)
    town.writes("Ada")
    town.round()

    assert town.says("Ada") == ["link-may-be-older"]


def test_only_newcomers_are_asked_about_on_the_wiki(town):
    town.writes("Ada")
    town.round()
    first = town.wiki.asked["name"]
    town.writes("Bert")
    town.round(days=1, full=True)

    assert (first, town.wiki.asked["name"]) == (1, 2)


LOOKALIKES = {
    "a Cyrillic letter": "\u0410da",
    "another case": "ADA",
    "a final blank that is none": "Ada\u2800",
    "a fullwidth letter": "\uff21da",
    "a combining mark": "Ada\u0327",
}


@pytest.mark.parametrize("how", LOOKALIKES)
def test_who_bears_a_name_that_looks_like_another_has_none_of_its_accounts(town, how):
    name = LOOKALIKES[how]
    town.wiki.accounts[name] = 500
    town.posts(town.github, "ada", "https://wiki.example/wiki/User:Ada")
    town.writes(name, developer=name, github="ada")
    town.writes("Mallory", developer=name)
    town.round()

    assert town.keys(name) == set()
    assert town.keys("Mallory") == {"PHID-USER-Mallory"}


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u2066", "\u00ad"])
def test_names_with_signs_that_nobody_sees_are_refused(town, sign):
    town.wiki.accounts["Mallory"] = 500
    town.writes("Mallory", developer=f"Ada{sign}")
    town.round()

    assert town.report()[0]["says"] == [["invisible-characters"]]


def test_an_account_of_almost_the_claimed_name_is_not_the_claimed_one(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    account = Account("github:9", "Ada-Clone", "Ada-Clone")
    unlinked.github.posted = lambda _name, words: (account, next(iter(words)))
    unlinked.round(days=1)

    assert unlinked.keys("Ada") == set()


# Codes in the wrong hands.


def test_a_code_proves_nobody_elses_claim(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    unlinked.posts(unlinked.github, "ada", unlinked.code("Ada"))
    unlinked.writes("Mallory", github="ada")
    unlinked.round(days=1)
    unlinked.round(days=1)

    assert unlinked.keys("Ada") == {"github:ada"}
    assert unlinked.keys("Mallory") == set()
    assert not unlinked.ledger.people.disputed()


def test_a_code_that_another_account_quotes_proves_neither_account(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    unlinked.posts(unlinked.github, "mallory", f"look: {unlinked.code('Ada')}")
    unlinked.writes("Mallory", github="mallory")
    unlinked.round(days=1)

    assert unlinked.keys("Ada") == unlinked.keys("Mallory") == set()


@pytest.mark.parametrize("source", ["phabricator", "gerrit", "gitlab", "github"])
def test_who_asks_what_a_code_is_has_proved_nothing(unlinked, source):
    option = "developer" if source == "gerrit" else source
    unlinked.writes("Mallory", **{option: "ada"})
    unlinked.round()
    unlinked.posts(getattr(unlinked, source), "ada", f"What is {unlinked.code('Mallory')}?")
    unlinked.round(days=1)

    assert unlinked.accounts("Mallory") == set()


def test_an_expired_code_proves_nothing_and_there_is_a_new_one(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    old = unlinked.code("Ada")
    unlinked.posts(unlinked.github, "ada", old)
    unlinked.round(days=30)

    assert unlinked.keys("Ada") == set()
    assert unlinked.code("Ada") != old
    unlinked.posts(unlinked.github, "ada", unlinked.code("Ada"))
    unlinked.round(days=1)
    assert unlinked.keys("Ada") == {"github:ada"}


def test_a_profile_that_links_to_a_longer_name_proves_nothing_for_the_shorter(town):
    for name in ("Ada Lovelace", "Ada_Lovelace", "Ada-Maria", "Ada_(WMF)", "Ada.L", "Ada, etc"):
        town.posts(town.github, "lovelace", f"https://wiki.example/wiki/User:{name}")
        town.writes("Ada", github="lovelace")
        town.round(days=1)

        assert "github:lovelace" not in town.keys("Ada"), name


def test_claiming_accounts_without_proof_earns_nothing_and_stops_nobody(proved):
    before = proved.bytes_of("Ada")
    proved.writes("Mallory", developer="Ada", github="ada", gitlab="ada", phabricator="phab-Ada")
    proved.round(days=1)

    assert proved.bytes_of("Ada") == before
    assert not proved.ledger.people.disputed()
    assert proved.keys("Mallory") == {"PHID-USER-Mallory"}


def test_an_unproved_account_is_named_on_no_page(unlinked):
    unlinked.writes(
        "Ada", developer="Dev-Zq", phabricator="phab-zq", gitlab="lab-zq", github="hub-zq"
    )
    unlinked.round()
    unlinked.round(days=1, full=True)

    ours = [unlinked.wiki.text(t) for t in unlinked.wiki.pages if t.startswith(HOME)]
    assert ours
    assert not any("zq" in text.lower() for text in ours)


def test_a_thousand_bogus_entries_cause_a_bounded_number_of_questions(town):
    with town.ledger.together():
        for number in range(1, 1001):
            name = f"M{number:04}"
            claims = {"github": (name, f"x{name}"), "gitlab": (name,)}
            town.ledger.people.join(number, number, name, name, name, claims)
    people = town.ledger.people.all()
    forges = (town.gerrit, town.gitlab, town.github)
    for _ in range(2):
        prove_at_phabricator(town.ledger, people, town.phabricator, town.wiki, town.now.date())
        for forge in forges:
            prove_at_forge(town.ledger, people, forge, town.wiki, town.now.date())

    assert [forge.asked["posted"] for forge in forges] == [2 * MANY, 2 * MANY, 2 * MANY]
    assert sum(forge.asked["account"] for forge in forges) == 0
    assert town.phabricator.asked == {"wiki": 1}
    assert not town.wiki.asked


def test_every_claim_has_its_turn_however_many_there_are(town):
    with town.ledger.together():
        for number in range(1, 201):
            name = f"M{number:04}"
            claims = {"github": tuple(f"{name}-{n}" for n in range(5))}
            town.ledger.people.join(number, number, name, "", name, claims)
    last = town.ledger.people.join(999, 999, "Ada", "", "Ada", {"github": ("ada",)})
    people, asked = town.ledger.people.all(), []
    town.github.posted = lambda name, _words: asked.append(name)
    while "ada" not in asked:
        prove_at_forge(town.ledger, people, town.github, town.wiki, town.now.date())

    assert last.id == max(person.id for person in people)
    assert len(asked) <= 201 + MANY  # Everybody's first name comes before anybody's second.


SOCKS = 200


def socks_join(town, rounds):
    """People with five names each; in every round their entries name five others."""
    with town.ledger.together():
        for number in range(1, SOCKS + 1):
            name = f"M{number:04}"
            claims = {"github": tuple(f"{name}-{rounds}-{n}" for n in range(5))}
            before = [one for one in town.ledger.people.all() if one.central == number]
            for one in before:
                drop_disowned(town.ledger, one, "", claims)
            town.ledger.people.join(number, number, name, "", name, claims)


def rounds_until(town, name, before_each):
    """In which round somebody's claim is asked about, counted from the next one."""
    asked = []
    town.github.posted = lambda name, _words: asked.append(name)
    for number in range(1, SOCKS):
        before_each(number)
        people = town.ledger.people.all()
        prove_at_forge(town.ledger, people, town.github, town.wiki, town.now.date())
        if name in asked:
            return number
    return None


@pytest.mark.long
@pytest.mark.parametrize("head_start", [0, 1, 3, 12])
def test_whoever_edits_in_every_round_keeps_no_newcomer_waiting(town, head_start):
    for number in range(head_start):
        socks_join(town, -number)
        people = town.ledger.people.all()
        prove_at_forge(town.ledger, people, town.github, town.wiki, town.now.date())
    socks_join(town, 0)
    town.ledger.people.join(999, 999, "Ada", "", "Ada", {"github": ("ada",)})

    def edits(number):
        socks_join(town, number)

    assert rounds_until(town, "ada", edits) <= ceil((SOCKS + 1) / MANY) + 1


@pytest.mark.long
def test_whoever_edits_in_every_round_does_not_delay_the_next_look_for_a_code(town):
    socks_join(town, 0)
    town.ledger.people.join(999, 999, "Ada", "", "Ada", {"github": ("ada",)})
    first = rounds_until(town, "ada", lambda number: socks_join(town, number))
    town.scene.now += DAY
    second = rounds_until(town, "ada", lambda number: socks_join(town, -number))

    assert max(first, second) <= ceil((SOCKS + 1) / MANY) + 1


def test_whoever_leaves_and_joins_in_every_round_comes_before_nobody_who_waits(town):
    ada = town.ledger.people.join(999, 999, "Ada", "", "Ada", {"github": ("ada",)})
    prove_at_forge(town.ledger, [ada], town.github, town.wiki, town.now.date())
    town.scene.now += DAY

    def come_anew(number):
        with town.ledger.together():
            leaving = [one for one in town.ledger.people.all() if one.id != ada.id]
            forget_proofs(town.ledger, leaving)
            for one in leaving:
                town.ledger.people.forget(one)
        socks_join(town, number)

    assert rounds_until(town, "ada", come_anew) <= ceil((SOCKS + 1) / MANY) + 1


def test_an_edit_that_leaves_a_name_as_it_was_does_not_ask_for_it_again_that_day(unlinked):
    unlinked.writes("Ada", github="ada")
    unlinked.round()
    unlinked.writes("Ada", github="ada, ada-old")
    unlinked.round()
    unlinked.writes("Ada", github="ada, ada-older")
    unlinked.round()

    assert unlinked.github.asked["posted"] == 3


def test_a_name_that_comes_back_into_the_entry_is_asked_for_at_once(town):
    town.posts(town.github, "ada", "https://wiki.example/wiki/User:Ada")
    town.writes("Ada", github="ada")
    town.round()
    town.writes("Ada")
    town.round()
    without = town.keys("Ada")
    town.writes("Ada", github="ada")
    town.round()

    assert "github:ada" not in without
    assert "github:ada" in town.keys("Ada")


def test_a_developer_name_that_comes_back_into_the_entry_is_proved_at_once(proved):
    before = proved.keys("Ada")
    proved.writes("Ada", developer="Somebody", github="ada")
    proved.round()
    proved.writes("Ada", developer="Ada", github="ada")
    proved.round()

    assert proved.keys("Ada") == before


def test_questions_that_did_not_fit_into_a_round_come_in_the_next(unlinked):
    names = [f"P{number:02}" for number in range(MANY + 10)]
    unlinked.scene.exists(*names)
    unlinked.phabricator.wiki.clear()
    for name in names:
        unlinked.writes(name, github=name)
    unlinked.round()
    first = unlinked.github.asked["posted"]
    unlinked.round()
    unlinked.round()

    assert (first, unlinked.github.asked["posted"]) == (MANY, MANY + 10)


# What is told.


def test_explain_tells_each_account_its_way_and_day_and_what_is_open(town):
    town.posts(town.github, "ada", "https://wiki.example/wiki/User:Ada")
    town.writes("Ada", developer="Ada", github="ada, ada-old", paid="2019-03..2024-06, 2025-01..")
    town.round()
    text = town.explained("Ada")

    assert "phabricator: phab-Ada, proved by Phabricator's link to the wiki account" in text
    assert "gerrit: Ada, proved by the developer account, linked" in text
    assert "github: ada, proved by a link both ways, with the user page on 2026-11-20" in text
    assert "github: ada-old, claimed by the entry, not proved" in text
    assert f"posted: {town.code('Ada')}, issued 2026-11-20" in text
    assert "paid from 2019-03 to 2024-06" in text
    assert "paid from 2025-01 on" in text


def test_explain_tells_of_a_dispute(disputed):
    assert "disputed: somebody else proved it" in disputed.explained("Ada")
    assert "disputed: somebody else proved it" in disputed.explained("Mallory")


def test_staff_are_known_by_a_pattern_and_told_so(town):
    pattern = ("* (WMF)",)
    assert is_staff("Ada (WMF)", pattern)
    assert not is_staff("Ada", pattern)
    assert not is_staff("Ada (WMF) fan", pattern)
    assert not is_staff("Ada (WMF)", ())

    town.scene.exists("Ada (WMF)")
    town.writes("Ada (WMF)", developer="Ada (WMF)")
    town.round()
    assert town.says("Ada (WMF)") == ["proved", "proved", "staff"]


def test_paid_periods_of_an_entry_are_kept_with_the_person(town):
    town.writes("Ada", paid="2019-03..2024-06, 2025-01..")
    town.round()

    assert find_person(town.ledger, "Ada").paid == (("2019-03", "2024-06"), ("2025-01", None))


# Leaving by what happens to the wiki account.


def ledger_is_rid_of(town, name):
    return f"gerrit:{name}".encode() not in town.raw_ledger()


@pytest.mark.parametrize(
    "new", ["Vanished user 12345", "Renamed user abc", "Deleted user 1", "Vanished account xyz"]
)
def test_who_vanishes_leaves_at_once_and_is_forgotten(proved, new):
    proved.wiki.accounts[new] = proved.wiki.accounts.pop("Ada")
    proved.round(full=True)

    assert proved.page("Ada")["state"] == "left"
    assert new not in json.dumps(proved.report())
    assert ledger_is_rid_of(proved, "Ada")


def test_who_vanishes_is_forgotten_also_when_the_registry_is_read_first(proved):
    """Their line still stands; nothing says any more by whose account it was added."""
    number = proved.wiki.accounts["Vanished user 1"] = proved.wiki.accounts.pop("Ada")
    proved.writes("Bert")
    proved.round()

    assert proved.page("Ada")["state"] == "left"
    assert ledger_is_rid_of(proved, "Ada")
    entries = proved.ledger.people.entries().values()
    assert number not in {hand for one in entries for hand in one.adders}


def test_whom_the_wiki_knows_no_more_by_id_has_left(proved):
    del proved.wiki.accounts["Ada"]
    proved.round(full=True)

    assert proved.page("Ada")["state"] == "left"
    assert ledger_is_rid_of(proved, "Ada")


def test_who_is_locked_everywhere_leaves_and_does_not_come_back_by_the_line_that_stands(proved):
    proved.wiki.locked.add("Ada")
    proved.round(full=True)
    says = proved.report()[0]["says"]
    proved.writes("Bert")
    proved.round()

    assert says == [["account-ended"]]
    assert proved.page("Ada")["state"] == "left"
    assert ledger_is_rid_of(proved, "Ada")


def test_who_is_unlocked_can_add_the_line_once_more(proved):
    proved.wiki.locked.add("Ada")
    proved.round(full=True)
    proved.wiki.locked.clear()
    proved.leaves("Ada")
    proved.round()
    proved.writes("Ada", developer="Ada")
    proved.round()

    assert proved.page("Ada")["state"] == "ready"


def test_a_new_name_that_only_begins_like_a_vanished_one_is_a_name(proved):
    proved.wiki.accounts["Vanished users' friend"] = proved.wiki.accounts.pop("Ada")
    proved.round(full=True)

    assert proved.page("Vanished users' friend")["state"] == "ready"


def test_many_accounts_that_end_in_one_go_are_not_believed_without_a_human(town):
    names = [f"P{number}" for number in range(8)]
    town.scene.exists(*names)
    for name in names:
        town.writes(name)
    town.round()
    town.wiki.locked.update(names[:4])

    with pytest.raises(NeedsAcceptance, match="4 of 8"):
        town.round(full=True)
    town.round(full=True, accept=True)
    assert len(town.ledger.people.all()) == 4
