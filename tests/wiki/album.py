"""The pictures of a run, and one sheet with all of them for a person to look at."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tests.wiki.browser import Browser, View

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
STYLE = """body { font: 13px sans-serif; margin: 12px; background: #ddd; width: max-content }
table { border-collapse: collapse } td, th { padding: 4px; vertical-align: top; text-align: left }
img { display: block; max-width: 420px; border: 1px solid #888 }"""
AIR = 440  # pixels of a column


@dataclass
class Album:
    """Pictures of *shows* in different looks, in a folder of their own."""

    folder: Path
    shows: dict[str, dict[str, Path]] = field(default_factory=dict)
    """For each show, its picture in each look."""

    def hang(self, show: str, look: str, picture: bytes) -> None:
        """Keep a picture that belongs on the sheet."""
        self.shows.setdefault(show, {})[look] = self.keep(show, look, picture)

    def keep(self, show: str, look: str, picture: bytes) -> Path:
        """Keep a picture."""
        path = self.folder / f"{show}, {look}.png".replace(", ", "-").replace(" ", "-")
        path.write_bytes(picture)
        return path

    def close(self, browser: Browser) -> None:
        """Write the sheet, as a page and as a picture."""
        looks = list(dict.fromkeys(look for row in self.shows.values() for look in row))
        head = "".join(f"<th>{escape(look)}</th>" for look in looks)
        rows = [
            f"<tr><th>{escape(show)}</th>" + "".join(map(_cell, map(row.get, looks))) + "</tr>"
            for show, row in self.shows.items()
        ]
        sheet = self.folder / "sheet.html"
        sheet.write_text(
            f'<!doctype html><meta charset="utf-8"><title>{escape(self.folder.name)}</title>'
            f"<style>{STYLE}</style><table><tr><th></th>{head}</tr>{''.join(rows)}</table>",
            "utf-8",
        )
        browser.visit(sheet.as_uri(), View(width=AIR * len(looks) + 120))
        (self.folder / "sheet.png").write_bytes(browser.picture())


def open_album(version: str) -> Album:
    """Start an album in TEST_SCREENSHOTS (else build/screenshots), below the wiki's version."""
    base = os.environ.get("TEST_SCREENSHOTS")
    folder = (Path(base) if base else FOLDER) / version
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder)


def _cell(picture: Path | None) -> str:
    return f'<td><img src="{picture.name}" alt=""></td>' if picture else "<td></td>"
