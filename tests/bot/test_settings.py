import pytest

from bot.errors import SettingsError
from bot.settings import Secret, Settings, load_settings

TOKEN = "api-abcdefghijklmnopqrstuvwxyz12"


def test_without_any_setting_the_defaults_are_those_of_wikimedia():
    assert load_settings({}) == Settings()
    assert Settings().gerrit_url == "https://gerrit.wikimedia.org/r"


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('root = "Developer badges"\nedit_budget = 7\n')

    settings = load_settings({"BADGES_SETTINGS": str(file), "BADGES_ROOT": "Other"})

    assert (settings.root, settings.edit_budget) == ("Other", 7)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BADGES_GERRIT_URL", "gerrit.example.org", "address"),
        ("BADGES_GERRIT_URL", "https://me:secret@gerrit.example.org", "password"),
        ("BADGES_EDIT_BUDGET", "many", "How many edits"),
        ("BADGES_EDIT_BUDGET", "0", "from 1 to"),
        ("BADGES_NOW", "tomorrow", "Pretend"),
        ("BADGES_ROOOT", "x", "no such setting"),
        ("BADGES_ROOT", "", "no title"),
        ("BADGES_ROOT", "[[Portal]]", "no title"),
        ("BADGES_DATABASE_URL", "", "sqlite:///FILE or mysql"),
        ("BADGES_DATABASE_URL", "ledger.sqlite", "sqlite:///FILE or mysql"),
        ("BADGES_DATABASE_URL", "sqlite://", "in memory"),
        ("BADGES_DATABASE_URL", "sqlite:///", "in memory"),
        ("BADGES_DATABASE_URL", "sqlite:///:memory:", "in memory"),
        ("BADGES_DATABASE_URL", "sqlite:///file:l?mode=memory&uri=true", "in memory"),
        ("BADGES_DATABASE_URL", "mysql+pymysql://u:secret@host", "HOST/DATABASE"),
        ("BADGES_DATABASE_URL", "mysql+pymysql://u:secret@host/", "HOST/DATABASE"),
        ("BADGES_DATABASE_URL", "postgresql://u:secret@host/db", "sqlite:///FILE or mysql"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_means(name, value, says):
    with pytest.raises(SettingsError, match=name) as error:
        load_settings({name: value})

    assert says in str(error.value)
    assert "secret@" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///ledger.sqlite",
        "sqlite:///ledger.sqlite?timeout=30",
        "sqlite:////var/lib/badges/ledger.sqlite",
        "mysql+pymysql://s1:p%40ss@tools.db.svc.wikimedia.cloud/s1__badges",
        "mysql+pymysql://root@localhost/ledger?unix_socket=/run/mysqld.sock",
        "mariadb+pymysql:///ledger?unix_socket=/run/mysqld.sock&charset=utf8mb4",
    ],
)
def test_an_address_of_a_database_that_stays_is_taken_as_it_is(url):
    assert load_settings({"BADGES_DATABASE_URL": url}).database_url == url


def test_an_empty_address_switches_a_source_off():
    assert load_settings({"BADGES_GERRIT_URL": ""}).gerrit_url == ""


def test_a_secret_in_the_file_is_refused(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text(f'phabricator_token = "{TOKEN}"\n')

    with pytest.raises(SettingsError, match="environment") as error:
        load_settings({"BADGES_SETTINGS": str(file)})
    assert TOKEN not in str(error.value)


def test_a_settings_file_that_is_named_must_be_readable(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({"BADGES_SETTINGS": str(tmp_path / "nowhere.toml")})


def test_a_secret_shows_nothing_however_it_is_printed():
    secret = Secret(TOKEN)

    settings = load_settings({"BADGES_PHABRICATOR_TOKEN": TOKEN})
    for shown in (repr(secret), str(secret), f"{secret}", f"{settings}", repr(settings)):
        assert TOKEN not in shown
    assert secret.reveal() == TOKEN
