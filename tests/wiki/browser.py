"""One Chromium, driven by selenium: pages as a reader sees them, and pictures of them."""

from __future__ import annotations

import base64
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "apt-get install --no-install-recommends chromium chromium-driver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in CI; they open pages of this machine only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PROBES = Path(__file__).with_name("probes.js")


class UnavailableError(Exception):
    """Chromium or its driver is not on this machine."""


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks at a page."""

    width: int = 1100
    dark: bool = False
    """The reader's own setting, as the system tells the browser."""
    media: str = ""
    """``print``, or nothing."""
    forced: bool = False
    """Colours of the reader's system instead of the page's (high contrast)."""


class Browser:
    """A browser that runs until ``quit``."""

    def __init__(self, profile: Path):
        found = next(filter(shutil.which, BROWSERS), None)
        driver = shutil.which("chromedriver")
        if not (found and driver):
            raise UnavailableError(f"Chromium or its driver is not installed: {INSTALL}")
        options = Options()
        options.binary_location = shutil.which(found) or found
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        self._driver = webdriver.Chrome(options=options, service=Service(driver))
        self._probes = PROBES.read_text("utf-8")

    def quit(self) -> None:
        self._driver.quit()

    def visit(self, url: str, view: View) -> None:
        """Open a page; its own scripts have run and its fonts are there when this returns.

        The window is then as high as the page: pictures of what lies outside of it come out
        shifted where a page is written from right to left.
        """
        self.look(view)
        self._driver.get(url)
        self._driver.execute_async_script(
            "const done = arguments[0];"
            "document.fonts.ready.then(() => requestAnimationFrame(() => done()));"
        )
        self._driver.execute_script(self._probes)
        self.look(view, int(self.run("return document.documentElement.scrollHeight")))

    def look(self, view: View, height: int = 900) -> None:
        """Look at the page that is open in another way, *height* pixels of it."""
        self._say(
            "Emulation.setDeviceMetricsOverride",
            width=view.width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = {
            "prefers-color-scheme": "dark" if view.dark else "light",
            "forced-colors": "active" if view.forced else "none",
        }
        self._say(
            "Emulation.setEmulatedMedia",
            media=view.media,
            features=[{"name": name, "value": value} for name, value in features.items()],
        )

    def probe(self, name: str, *args: Any) -> Any:
        """Return what a function of probes.js finds on the page."""
        return self._driver.execute_script(f"return probes.{name}(...arguments)", *args)

    def wait(self, name: str, *args: Any) -> Any:
        """Return what a function of probes.js promises."""
        script = "const [done] = [...arguments].slice(-1);"
        script += f"probes.{name}(...arguments).then(done, error => done(String(error)))"
        return self._driver.execute_async_script(script, *args)

    def run(self, script: str) -> Any:
        """Run a script on the page."""
        return self._driver.execute_script(script)

    def picture(self, box: dict[str, float] | None = None) -> bytes:
        """Return a picture (PNG) of *box* (x, y, width, height in pixels), or of what is seen."""
        clip = {"clip": box | {"scale": 1}} if box else {}
        taken = self._say("Page.captureScreenshot", format="png", **clip)
        return base64.b64decode(taken["data"])

    def _say(self, command: str, **params: Any) -> Any:
        return self._driver.execute_cdp_cmd(command, params)
