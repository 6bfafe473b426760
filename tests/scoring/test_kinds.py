from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.globs import GlobError, fits, spread_out
from scoring.kinds import kind_of, places
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
    assert [places(RULES)[p].weight for p in ("a.php", "tests/aTest.php", "i18n/de.json")] == [
        1,
        0.5,
        0,
    ]


def test_a_name_may_have_a_dot_where_its_pattern_has_none():
    for name in ("Ada (WMF)", "Ada B. (WMF)", "A.B-WMF", "Dr. X (WMDE)"):
        assert fits(name, RULES.staff_names), name
    assert not fits("Ada (WMF) fan", RULES.staff_names)


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("vendor/", "a/vendor/b.php", "a/vendors/b.php"),
        ("/lib/*.js", "lib/a.js", "x/lib/a.js"),
        ("i18n/**.json", "x/i18n/api/de.json", "x/i18n/api/de.php"),
        ("*Test.php", "a/bTest.php", "a/bTest.php/c"),
        ("{a,b}/*.c", "b/x.c", "c/x.c"),
        ("a/**/b", "a/b", "ab"),
        ("a**/b", "ax/b", "ab"),
    ],
)
def test_a_pattern_fits_as_in_gitignore(pattern, fitting, other):
    assert fits(fitting, (pattern,))
    assert not fits(other, (pattern,))


@pytest.mark.parametrize(
    "pattern", ["", "*", "/**", "a{b", "a}b", "{a,{b}}", "*a*b*c*d", "{a,b}" * 9]
)
def test_a_pattern_that_means_nothing_or_too_much_is_refused(pattern):
    with pytest.raises(GlobError):
        spread_out(pattern)


@given(st.text("ab/.*{},", max_size=12), st.text("ab/.", max_size=30))
def test_no_pattern_and_no_path_makes_it_stumble(pattern, path):
    with suppress(GlobError):
        fits(path, (pattern,))
