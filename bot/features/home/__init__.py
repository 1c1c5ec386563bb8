"""The Home tab of the app: each person's own things, in sections that other slices bring. See README.md."""

from collections.abc import Sequence

from bot.feature import Deps, Feature
from bot.features.home import views
from bot.features.home.deliveries import Paged, Publishing, Section
from bot.features.home.listeners import Tab
from bot.features.home.service import at_once, changed, team_changed

__all__ = ["Paged", "Section", "at_once", "build", "changed", "team_changed"]


def build(deps: Deps, *, sections: Sequence[Section | Paged]) -> Feature:
    """The slice. Each section tells what a person sees of it now; the order is that of the tab."""
    tab = Tab(deps, {section.name for section in sections if isinstance(section, Paged)})
    return Feature(
        name="home",
        actions={
            **{f"{views.TURN}.{number}": tab.turned for number in range(views.MOST_TURNS)},
            views.WELCOMED: tab.welcomed,
        },
        events={"app_home_opened": tab.opened},
        deliveries=Publishing(deps, sections).all(),
    )
