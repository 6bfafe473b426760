"""Made-up works of all shapes, and what somebody with weights of their own says of them."""

import gzip
import json
from dataclasses import replace
from random import Random

from bot.comparisons import of_file
from scoring.rules import RULES

SCATTER = replace(RULES, size=0.13, spread=0.65)
"""The rules of somebody to whom scattered work is far harder than large work."""


def a_shape(random, large):
    """A work as a file of judgements has it: a few large files in one place, or many small ones all over."""
    files = random.randrange(1, 4) if large else random.randrange(6, 10)
    return [
        {
            "day": day,
            "author": 1,
            "project": 1,
            "files": [
                [f"d{random.randrange(1 if large else 9)}/f{number}.php", lines, 0, 0]
                for number in range(files)
                for lines in [random.randrange(60, 150) if large else random.randrange(2, 12)]
            ],
        }
        for day in range(random.randrange(1, 3))
    ]


def written(path, rows):
    """A file of these rows; return its path."""
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


def rows_by(rules, folder, number, seed=1):
    """*number* judgements by *rules* of works that each come once."""
    random = Random(seed)
    rows = [
        {"harder": a_shape(random, True), "easier": a_shape(random, False)} for _ in range(number)
    ]
    known = of_file(written(folder / "shapes.gz", rows), rules).comparisons
    for row, one in zip(rows, known, strict=True):
        if difficulty(rules, one.difference) < 0:
            row["harder"], row["easier"] = row["easier"], row["harder"]
    return rows


def difficulty(rules, terms):
    return sum(getattr(rules, name) * value for name, value in zip(NAMES, terms, strict=True))


NAMES = ("size", "spread", "review", "chain")
