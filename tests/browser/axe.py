"""Whether everybody can use a page, as far as axe can tell: https://github.com/dequelabs/axe-core."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.async_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


async def violations_on(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now, a line for each place, by rule."""
    # The page's own policy lets no script tag in; the debugger's way in is not bound by it.
    await page.evaluate(_script())
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", list(RULES)
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['target']} {node['html']:.160}"
        + "".join(f"\n    {check['message']}" for check in [*node["any"], *node["all"], *node["none"]])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


async def check_axe(page: Page) -> None:
    """Fails with the name of every violation and where it is."""
    found = await violations_on(page)
    viewport = page.viewport_size or {}
    assert not found, f"{page.url} at {viewport.get('width')} px:\n" + "\n".join(found)
