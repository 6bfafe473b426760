"""``python -m bot``."""

import sys

from bot.cli import main
from bot.logs import guard

if __name__ == "__main__":
    guard()
    sys.exit(main())
