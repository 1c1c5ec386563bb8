"""The Home tab of the app: each person's own things, in sections that other slices bring. See README.md."""

from collections.abc import Sequence

from bot.feature import Deps, Feature
from bot.features.home.deliveries import Section, publishing
from bot.features.home.listeners import Tab
from bot.features.home.service import changed

__all__ = ["Section", "build", "changed"]


def build(deps: Deps, *, sections: Sequence[Section]) -> Feature:
    """The slice. Each section tells what a person sees of it now; the order is that of the tab."""
    return Feature(
        name="home",
        events={"app_home_opened": Tab(deps).opened},
        deliveries={"home.publish": publishing(deps, sections)},
    )
