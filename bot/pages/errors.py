"""What pywikibot and the wiki say when something goes wrong, in our words, translated once."""

from __future__ import annotations

from pywikibot.exceptions import (
    APIError,
    ApiTimeoutError,
    CaptchaError,
    Error,
    NoUsernameError,
    SiteDefinitionError,
    UnknownFamilyError,
    UnknownSiteError,
)

from bot.errors import (
    BadgesError,
    EditConflict,
    SaveRefused,
    SettingsError,
    WikiRefused,
    WikiUnreachable,
)
from bot.pages.manners import our_manners

# What the wiki's own refusals mean for us, by the code of the API.
_CONFLICTS = {"editconflict", "articleexists", "pagedeleted", "missingtitle"}
_OVER = {
    "blocked": "The account is blocked: see its talk page, and talk to whoever blocked it.",
    "autoblocked": "The account is blocked: see its talk page, and talk to whoever blocked it.",
    "systemblocked": "The wiki blocks the address of this machine: ask its administrators.",
    "globalblocking": "The account, or this machine's address, is blocked on all wikis: ask a steward.",
    "notloggedin": "The login ended: check the password file and run again.",
    "badtoken": "The wiki takes no token from us, though asked anew: check the login, run again.",
    "assertbotfailed": "The account has lost its bot right, or the login ended: check both, run again.",
    "assertuserfailed": "The login ended: check the password file and run again.",
    "assertnameduserfailed": "Somebody else is logged in than user-config.py says: log out, run again.",
    "permissiondenied": "The account may not do this: check its rights and the grants of its password.",
    "readapidenied": "The account may not read this wiki: check its rights.",
    "mwoauth-invalid-authorization": "The wiki refused the OAuth keys: make new ones.",
}
LOGGED_OUT = frozenset({"assertbotfailed", "assertuserfailed", "assertnameduserfailed"})
"""Said where the login ended, too: then it is made anew, once."""
_LATER = {"readonly", "maxlag", "ratelimited", "internal_api_error_DBQueryError"}
_FAMILIES = ("globalblocking", "mwoauth-invalid-authorization")
_DATABASE = "internal_api_error_DB"


def no_login(name: str) -> str:
    """What to say when the wiki does not take the password of *name*."""
    return (
        f"The wiki did not let {name} log in: check the password file named in user-config.py"
        " (for a bot password: its suffix and its grants)."
    )


class translated:  # noqa: N801 (read as a word: with translated(…))
    """Turn what pywikibot raises into our errors, once."""

    def __init__(self, what: str, *, saving: bool = False) -> None:
        self._what = what
        self._saving = saving

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, BadgesError) or not isinstance(error, Exception):
            return
        raise self._ours(error) from None

    def _ours(self, error: Exception) -> Exception:
        if isinstance(error, APIError):
            return self._of_api(str(error.code), str(error.info))
        if isinstance(error, NoUsernameError):
            return WikiRefused(no_login("the account of user-config.py"))
        if isinstance(error, UnknownFamilyError | UnknownSiteError):
            return SettingsError(
                "user-config.py names a wiki that pywikibot does not know: check family and mylang."
            )
        if isinstance(error, SiteDefinitionError) and not our_manners.answered:
            return WikiRefused(
                f"{self._what}: no MediaWiki answers at the address in user-config.py: mend it."
            )
        if isinstance(error, CaptchaError):
            return SaveRefused(
                f"{self._what}: the wiki asks for a captcha; the account lacks skipcaptcha."
            )
        if isinstance(error, FileNotFoundError):
            return WikiRefused("The password file named in user-config.py does not exist.")
        if isinstance(error, ApiTimeoutError | Error | OSError):
            return self._no_answer(type(error).__name__)
        if isinstance(error, KeyError | TypeError | ValueError | RuntimeError | AssertionError):
            if our_manners.answered:
                return self._no_answer(type(error).__name__)
            return WikiRefused(
                f"{self._what}: the answer does not look like MediaWiki's ({type(error).__name__});"
                " check the address in user-config.py."
            )
        return error

    def _no_answer(self, kind: str) -> Exception:
        why = our_manners.why() or (
            f"no useful answer ({kind}); check the address in user-config.py, or try again later."
        )
        return WikiUnreachable(f"{self._what}: {why}")

    def _of_api(self, code: str, info: str) -> Exception:
        if code in _CONFLICTS:
            return EditConflict(f"{self._what}: somebody was faster ({code}).")
        if (why := _over(code)) is not None:
            return WikiRefused(f"{self._what}: {why}")
        if code in _LATER or code.startswith(_DATABASE):
            return WikiUnreachable(
                f"{self._what}: the wiki says “not now” ({code}); try again later."
            )
        if self._saving:
            return SaveRefused(f"{self._what} was not saved ({code}): {info}")
        return WikiRefused(f"{self._what}: {info} ({code})")


def _over(code: str) -> str | None:
    """What to say of a refusal that holds for every page; None if this may be of one page only.

    Extensions say their codes with many endings, some wikis with a beginning of their own:
    ``globalblocking-blockedtext-user``, ``wikimedia-globalblocking-blockedtext-range``,
    ``mwoauth-invalid-authorization-invalid-user`` (read in their code, not seen on a real wiki).
    """
    family = next((one for one in _FAMILIES if one in code), code)
    return _OVER.get(family)
