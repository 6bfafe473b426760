"""docs/badges.md says what the catalogue and the table of fields say."""

import json
from pathlib import Path

from scoring.catalogue import CATALOGUE
from scoring.traits import COUNTS, FIELDS

HERE = Path(__file__).parents[1]
TEXT = (HERE / "docs" / "badges.md").read_text("utf-8")
MESSAGES = json.loads((HERE / "wikitext/onwiki/i18n/en.json").read_text("utf-8"))


def rows(first):
    """The rows of the table whose first column is called *first*."""
    table = TEXT.split(f"\n| {first} |")[1].split("\n\n")[0].strip()
    return [
        [cell.strip() for cell in row.strip("| ").split(" | ")] for row in table.split("\n")[2:]
    ]


def test_every_badge_stands_in_the_table_as_it_is():
    assert rows("badge") == [
        [
            MESSAGES[f"badge-{one.id}-name"],
            f"`{one.id}`",
            " / ".join(map(str, one.tiers)),
            MESSAGES[f"badge-{one.id}-description"],
            one.state,
        ]
        for one in CATALOGUE
    ]


def test_the_english_name_of_a_badge_is_its_message():
    for one in CATALOGUE:
        assert one.name == MESSAGES[f"badge-{one.id}-name"]


def test_everything_that_can_be_counted_or_asked_stands_there():
    assert rows("counts") == [[f"`{name}`", means] for name, means in COUNTS.items()]
    assert rows("field") == [
        [
            f"`{name}`",
            one.holds,
            "all" if len(one.counts) == len(COUNTS) else ", ".join(one.counts),
            one.means,
        ]
        for name, one in FIELDS.items()
    ]
