"""The badges we ship, a line of data each, with who must and who must not get them.

Rules ask only what our facts can tell; where the badge as once proposed (our survey of peers) asked for more, a
comment says what it asks now. docs/badges.md is this table in words.
"""

from __future__ import annotations

from scoring.badge import Badge, Condition, Example

REAL_PART = Condition("share", least=0.2)
"""As much of a work as makes it an issue of one's own."""
BUGZILLA = 75_682
"""The last task that was a bug in Bugzilla: bug n became task n + 2000 in November 2014."""
SMALL_WIKIS = (
    "*wiktionary*", "*wikisource*", "*proofread*page*", "*wikiquote*", "*wikibooks*", "*wikinews*",
    "*wikiversity*", "*wikivoyage*", "*wikispecies*", "*wikimania*", "*incubator*", "*i18n*",
    "*rtl*", "*bidi*", "*language engineering*", "*language-engineering*", "*l10n*",
)  # fmt: skip


def _gets(tier: int, says: str, *has: dict[str, object]) -> Example:
    return Example(has, tier, says)


def _not(says: str, *has: dict[str, object]) -> Example:
    return Example(has, 0, says)


CATALOGUE: tuple[Badge, ...] = (
    # First steps.
    # Proposed as "Hello, Gerrit"; patches are merged elsewhere, too.
    Badge("hello-world", "patches", (1,), "Hello, World", examples=(
        _gets(1, "One merged patch is enough.", {}),
        _not("Nobody else looked at it.", {"seen": 0}),
    )),
    Badge("first-task-closed", "issues", (1,), "First Task Closed", (Condition("changes", least=1),), examples=(
        _gets(1, "One resolved task with a patch of one's own.", {"changes": 1}),
        _not("The task is not one of their issues: their share is too small.", {"changes": 1, "issue": 0}),
        _not("No patch of theirs is known.", {"changes": 0}),
    )),
    Badge("good-first-fix", "issues", (1,), "Good First Fix", (
        Condition("tags", among=("good first task", "good-first-task", "good first bug", "easy")),
        Condition("nth", most=3),
    ), examples=(
        _gets(1, "The second issue of theirs is a good first task.", {}, {"tags": ["Good first task"]}),
        _not("The fourth is no first one any more.", {"times": 3}, {"tags": ["good first task"]}),
        _not("A task like any other.", {"tags": ["Cite"]}),
    )),
    Badge("wish-come-true", "helped-wishes", (1,), "Wish Come True", examples=(
        _gets(1, "A small part in a wish that was granted.", {"share": 0.05}),
        _not("Nobody else looked at what they did for it.", {"share": 1, "seen": 0}),
    )),
    # How much.
    Badge("task-tamer", "issues", (3, 25, 250, 1000), "Task Tamer", (Condition("changes", least=1),), examples=(
        _gets(1, "Three tasks.", {"changes": 1, "times": 3}),
        _gets(2, "Twenty-five tasks.", {"changes": 1, "times": 25}),
        _not("Two tasks.", {"changes": 1, "times": 2}),
    )),
    Badge("patch-quilter", "patches", (5, 50, 750, 4000), "Patch Quilter", examples=(
        _gets(1, "Five patches.", {"times": 5}),
        _not("Four patches, and one that nobody else looked at.", {"times": 4}, {"seen": 0}),
    )),
    Badge("wish-granter", "wishes", (1, 3, 7, 15), "Wish Granter", examples=(
        _gets(1, "A fifth of the credit for a granted wish.", {"share": 0.2}),
        _not("Nobody else looked at what they did for it.", {"share": 1, "seen": 0}),
    )),
    Badge("barn-raiser", "points", (10, 100, 1000, 4000), "Barn Raiser", examples=(
        _gets(1, "Two works of five points.", {"counted": 5, "times": 2}),
        _not("Nine points.", {"counted": 3, "times": 3}),
    )),
    # How hard.
    Badge("deep-diver", "works", (1, 5, 20), "Deep Diver", (Condition("difficulty", least=0.6), REAL_PART), examples=(
        _gets(1, "One hard work.", {"difficulty": 0.6}),
        _not("Hard, but nearly all of it was done by others.", {"difficulty": 0.9, "share": 0.1}),
        _not("Many easy works.", {"difficulty": 0.3, "times": 50}),
    )),
    Badge("cathedral-bricklayer", "issues", (1, 4, 12), "Cathedral Bricklayer", (
        Condition("changes", least=5), Condition("days", least=14),
    ), examples=(
        _gets(1, "Five patches for a task, over two weeks.", {"changes": 5, "days": 14}),
        _not("Five patches in one day.", {"changes": 5, "days": 0}),
        _not("Two patches, a year apart.", {"changes": 2, "days": 365}),
    )),
    Badge("across-the-stack", "works", (2, 5, 12), "Across the Stack", (Condition("credit", least=3),), "project", examples=(
        _gets(1, "Works in two repositories.", {"credit": 3, "project": ["a"]}, {"credit": 4, "project": ["b"]}),
        _not("Many works in one repository.", {"credit": 3, "project": ["a"], "times": 40}),
        _not("Trifles in many.", {"credit": 1, "project": ["a", "b", "c", "d"]}),
    )),
    Badge("polyglot-programmer", "works", (2, 4, 6), "Polyglot Programmer", (Condition("credit", least=3),), "language", examples=(
        _gets(1, "PHP and JavaScript.", {"credit": 3, "language": ["php"]}, {"credit": 3, "language": ["javascript"]}),
        _not("Always the same language.", {"credit": 5, "language": ["php"], "times": 30}),
    )),
    Badge("patient-reviewers-friend", "works", (1, 5, 15), "Patient Reviewer’s Friend", (Condition("rounds", least=8),), examples=(
        _gets(1, "A change that went through eight rounds of review.", {"rounds": 8}),
        _not("Not known how many rounds there were.", {"times": 20}),
    )),
    # How useful.
    Badge("popular-demand", "issues", (10, 50, 150), "Popular Demand", highest="supporters", examples=(
        _gets(1, "A task that ten people wanted.", {"supporters": 10}),
        _not("Many tasks that nine people wanted each.", {"supporters": 9, "times": 30}),
    )),
    Badge("heard-by-many", "works", (1, 5, 20), "Heard by Many", (Condition("impact", least=0.6), REAL_PART), examples=(
        _gets(1, "One work that helps many.", {"impact": 0.6}),
        _not("Many that help few.", {"impact": 0.3, "times": 50}),
    )),
    Badge("every-wiki", "works", (1, 10, 50), "Every Wiki", (Condition("reach", least=1), Condition("credit", least=5)), examples=(
        _gets(1, "Five points for what every wiki runs.", {"reach": 1, "credit": 5}),
        _not("A typo there.", {"reach": 1, "credit": 1.5}),
        _not("A large work on a tool.", {"reach": 0.3, "credit": 30}),
    )),
    Badge("small-wiki-big-help", "issues", (1, 5, 20), "Small Wiki, Big Help", (Condition("tags", among=SMALL_WIKIS),), examples=(
        _gets(1, "A task of Wikisource.", {"tags": ["Wikisource"]}),
        _gets(1, "A task about writing from right to left.", {"tags": ["VisualEditor", "RTL"]}),
        _not("A task of a large project.", {"tags": ["Wikidata"], "times": 30}),
    )),
    # Wikimedia lore.
    Badge("archaeologist", "issues", (5, 10, 15), "Archaeologist", highest="years_open", examples=(
        _gets(1, "A task that waited for five years.", {"years_open": 5}),
        _gets(2, "One that waited for ten.", {"years_open": 10.2}),
        _not("Many that waited for four.", {"years_open": 4, "times": 20}),
    )),
    Badge("bugzilla-survivor", "issues", (1, 5, 20), "Bugzilla Survivor", (Condition("task", most=BUGZILLA),), examples=(
        _gets(1, "Bug 73682.", {"task": BUGZILLA}),
        _not("A task made in Phabricator.", {"task": BUGZILLA + 1}),
        _not("No task.", {"issue": 0}),
    )),
    # Proposed with at most three a day; a rule counts one thing a day by counting days.
    Badge("gnome-at-work", "issues", (2, 10, 50), "Gnome at Work", (
        Condition("lines", least=1, most=5), Condition("changes", least=1),
    ), "day", examples=(
        _gets(1, "Two small fixes on two days.", {"lines": 3, "changes": 1, "times": 2}),
        _not("Fifty on one day.", *({"lines": 2, "changes": 1, "day": "2025-03-04"},) * 50),
        _not("Large ones.", {"lines": 60, "changes": 1, "times": 10}),
    )),
    Badge("gardener", "works", (1, 10, 40), "Gardener", (Condition("removed", least=100),), examples=(
        _gets(1, "A hundred lines of code less.", {"removed": 100}),
        _not("A little less.", {"removed": 40, "times": 50}),
        _not("Nobody else looked whether it may go.", {"removed": 4000, "seen": 0}),
    )),
    Badge("unbreaker", "issues", (1, 5, 15), "Unbreaker", (Condition("priority", among=("unbreak",)),), examples=(
        _gets(1, "A task that everybody waited for.", {"priority": ["unbreak"]}),
        _not("High is not Unbreak Now.", {"priority": ["high"], "times": 20}),
    )),
    # Care for others. Proposed for votes with a written comment, double for newcomers; we know the votes.
    Badge("second-pair-of-eyes", "reviews", (10, 50, 250, 1000), "Second Pair of Eyes", examples=(
        _gets(1, "Ten changes of others.", {"times": 10}),
        _not("Nine.", {"times": 9}),
    )),
    # Paused: no source tells whether a change was its author's first without a request for each.
    Badge("welcoming-committee", "reviews", (1, 5, 25), "Welcoming Committee", (Condition("newcomer", least=1),), state="paused", examples=(
        _gets(1, "The first change of somebody new.", {"newcomer": 1}),
        _not("Changes of old hands.", {"times": 100}),
    )),
    Badge("duet", "works", (1, 10, 40), "Duet", (Condition("together", least=1), REAL_PART), examples=(
        _gets(1, "Half of a change made by two.", {"together": 1, "share": 0.5}),
        _not("A name among ten.", {"together": 1, "share": 0.1}),
        _not("Alone.", {"times": 50}),
    )),
    Badge("safety-net", "works", (1, 5, 40), "Safety Net", (Condition("tests", least=0.3), Condition("code", least=1), REAL_PART), examples=(
        _gets(1, "A work that brings tests along.", {"tests": 0.4, "code": 30}),
        _not("Tests alone.", {"tests": 1, "code": 0, "times": 5}),
        _not("Code alone.", {"tests": 0, "code": 30, "times": 50}),
    )),
    # By human hand.
    Badge("laureate", "given", (1,), "Laureate", examples=(
        _gets(1, "A reviewer gave it, and said for what.", {}),
        _not("Nobody gave it."),
    )),
)  # fmt: skip
