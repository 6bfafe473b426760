"""What may go wrong, named by what the operator should do.

BadgesError
├── SettingsError      a setting is missing or wrong
├── WikiError          the wiki cannot be used
│   ├── WikiUnreachable   nobody answered, or it is read-only for now
│   ├── WikiRefused       wrong credentials, a missing right, the wrong wiki, too old
│   └── SaveRefused       one page could not be saved; the others can
│       └── EditConflict  somebody was faster: read again, decide again
├── LedgerError        the ledger cannot be used
├── NeedsAcceptance    too much at once: a human decides with ``run --accept``
├── Stopped            the stop page has text on it
├── Interrupted        a signal asked us to stop
└── Busy               another round is running
    └── LockLost          and it has taken the lock from us
"""


class BadgesError(Exception):
    """Something went wrong; the message is one calm sentence and says what to do."""

    exit_code = 1


class SettingsError(BadgesError):
    """A setting is missing or wrong."""

    exit_code = 2


class WikiError(BadgesError):
    """The wiki cannot be used."""


class WikiUnreachable(WikiError):
    """Nobody answered, or not now. The next round tries again."""


class WikiRefused(WikiError):
    """Wrong credentials, a missing right, the wrong wiki, or one too old."""


class SaveRefused(WikiError):
    """One page could not be saved; the others can."""


class EditConflict(SaveRefused):
    """Somebody was faster."""


class LedgerError(BadgesError):
    """The ledger cannot be used."""


class NeedsAcceptance(BadgesError):
    """Too much at once: nothing was edited; a human looks and runs ``run --accept``."""

    exit_code = 4


class Stopped(BadgesError):
    """Somebody wrote on the stop page."""

    exit_code = 5


class Interrupted(BadgesError):
    """Somebody asked the process to stop."""

    exit_code = 5


class Busy(BadgesError):
    """Another round is running."""

    exit_code = 5


class LockLost(Busy):
    """Our lease was over, and another round has begun. Its work must not be undone by ours."""

    def __init__(self) -> None:
        super().__init__(
            "This round was held up so long that another has begun: it ends here, and edits nothing more."
        )
