import pytest

from scoring.kinds import kind_of, line_weight
from scoring.rules import RULES

KINDS = {
    "includes/Hooks.php": "code",
    "src/lib/Parser.php": "code",
    "modules/ext.cite.js": "code",
    "resources/lib/jquery/jquery.js": "vendored",
    "vendor/composer/autoload_real.php": "vendored",
    "lib/oojs-ui/oojs-ui.js": "vendored",
    "lib/config/Site.php": "code",
    "i18n/de.json": "translation",
    "i18n/api/qqq.json": "translation",
    "Thanks.i18n.php": "translation",
    "Cite.alias.php": "translation",
    "package-lock.json": "lock",
    "composer.lock": "lock",
    "app/dist/bundle.js": "generated",
    "wikiversions.json": "generated",
    "resources/images/icon.svg": "image",
    "jquery.min.js": "minified",
    "index.js.map": "minified",
    "tests/phpunit/HooksTest.php": "tests",
    "tests/cases/a.html": "fixture",
    "src/__snapshots__/x.snap": "fixture",
    "modules/x.test.js": "tests",
    "README.md": "docs",
    "docs/config.txt": "docs",
    "RELEASE-NOTES-1.43": "docs",
    "extension.json": "configuration",
    ".phpcs.xml": "configuration",
    "jobs.yaml": "configuration",
}


@pytest.mark.parametrize("path", KINDS)
def test_a_path_tells_what_kind_of_file_it_is(path):
    assert kind_of(path, RULES) == KINDS[path]


def test_only_what_a_person_writes_counts():
    assert [line_weight(p, RULES) for p in ("a.php", "tests/aTest.php", "i18n/de.json")] == [
        1,
        0.5,
        0,
    ]
