"""What we depend on: few, pinned, with a reason and a licence, and what docs/dependencies.md says of them."""

import re
import subprocess
import sys
import tomllib
import venv
from configparser import ConfigParser
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parents[1]
OURS = "developer-badges"
LICENCES = {
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",  # certifi: a list of certificates, used as it is
    "PSF-2.0",
    "GPL-2.0-or-later",  # merge3 alone: docs/dependencies.md says why
}
CLASSIFIERS = {"License :: OSI Approved :: BSD License": "BSD-3-Clause"}


def requirements(words):
    return [Requirement(line) for line in words.strip().splitlines()]


def setup():
    parsed = ConfigParser()
    parsed.read(HERE / "setup.cfg")
    return parsed


def wanted(*extras):
    """What setup.cfg asks for, with these extras; not ourselves."""
    options = setup()
    texts = [options["options"]["install_requires"]]
    texts += [options["options.extras_require"][one] for one in extras]
    return {
        canonicalize_name(one.name): one
        for one in requirements("\n".join(text.strip() for text in texts))
        if one.name != OURS
    }


def pins():
    """name → (version, how many hashes) of requirements.txt."""
    text = (HERE / "requirements.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text)
    found = {}
    for entry in entries:
        if entry.startswith("#"):
            continue
        name, version = re.match(r"([a-z0-9-]+)==(\S+) \\", entry).groups()
        found[name] = (Version(version), len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)))
    return found


def table(heading):
    """The rows of the table below a heading of docs/dependencies.md, by their first cell."""
    text = (HERE / "docs" / "dependencies.md").read_text("utf-8")
    rows = text.split(f"\n## {heading}\n")[1].split("\n## ")[0].split("\n|")[3:]
    cells = (
        [cell.strip() for cell in row.partition("\n\n")[0].strip("| \n").split(" | ")]
        for row in rows
    )
    return {first: rest for first, *rest in cells}


def licence(name):
    """The licence that a package tells in its own metadata, as SPDX writes it."""
    told = distribution(name).metadata
    word = told.get("License-Expression") or told["License"]
    if "\n" in word:  # The whole text, with those of the libraries in the wheel: scipy does so.
        (word,) = {CLASSIFIERS[one] for one in told.get_all("Classifier") if one in CLASSIFIERS}
    return word


def needed_by(name):
    """What an installed package needs here, without its extras."""
    for text in distribution(name).requires or ():
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            yield canonicalize_name(one.name), one


def test_every_dependency_has_a_least_and_a_first_version_that_is_too_new():
    for name, one in wanted("calibrate", "oauth", "test").items():
        operators = {spec.operator for spec in one.specifier}
        assert operators == {">=", "<"}, name
    for text in tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["build-system"][
        "requires"
    ]:
        assert Requirement(text).specifier


def test_the_pins_fit_what_setup_cfg_asks_for():
    pinned = pins()
    for name, one in wanted("oauth").items():
        assert pinned[name][0] in one.specifier, name


def test_every_pin_has_hashes_and_each_is_needed():
    pinned = pins()
    needed = set(wanted("oauth"))
    waiting = list(needed)
    while waiting:
        for name, _ in needed_by(waiting.pop()):
            if name not in needed:
                needed.add(name)
                waiting.append(name)

    assert pinned.keys() == needed  # Nothing that nobody needs, and nothing left to chance.
    assert all(hashes for _, hashes in pinned.values())


def test_what_is_pinned_goes_together():
    """As `pip check` does for what is installed."""
    pinned = pins()
    for name in pinned:
        for needed, one in needed_by(name):
            assert pinned[needed][0] in one.specifier, (name, needed)


def test_the_document_says_why_of_every_dependency():
    assert table("What runs").keys() == {one.name for one in wanted().values()}
    extras = {one.name for one in wanted("calibrate", "oauth", "test").values()}
    assert table("Extras").keys() == extras - table("What runs").keys()
    assert table("What these bring").keys() == pins().keys() - {
        canonicalize_name(one) for one in (*table("What runs"), *table("Extras"))
    }
    for heading in ("What runs", "Extras", "What these bring"):
        assert all(len(rest) >= 2 and all(rest) for rest in table(heading).values())


@pytest.mark.parametrize("heading", ["What runs", "Extras", "What these bring"])
def test_every_licence_is_what_the_package_says_and_one_that_we_can_use(heading):
    for name, rest in table(heading).items():
        told = licence(name)
        assert rest[-1].startswith(told), (name, told)
        assert set(re.findall(r"[\w.-]+", told)) - {"AND", "OR"} <= LICENCES, (name, told)


def test_only_the_merge_of_texts_is_under_the_gpl():
    assert [name for name in pins() if licence(name).startswith("GPL")] == ["merge3"]


@pytest.mark.long
def test_a_fresh_environment_installs_from_the_pins_alone(tmp_path):
    home = tmp_path / "fresh"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]

    subprocess.run(
        [*pip, "install", "--require-hashes", "--requirement", HERE / "requirements.txt"],
        check=True,
    )
    subprocess.run([*pip, "check"], check=True)
    # It is all that the bot needs: no package of ours is installed there.
    for words in (["--help"], ["preview"]):
        done = subprocess.run(
            [python, "-m", "bot", *words],
            cwd=HERE, env={"HOME": str(tmp_path), "PATH": ""}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    imports = "import bot.pages.people, bot.serve, pymysql, requests_oauthlib"
    subprocess.run([python, "-c", imports], cwd=HERE, check=True)
    assert sys.version_info[:2] >= (3, 11)
