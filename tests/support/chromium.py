"""Where the system's Chromium is."""

import os
import shutil

# The shell without a window draws the same pages with three quarters of the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The browser named by CHROMIUM, else the first of the usual names on the PATH; None when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)
