"""Reports: how the last weeks went, for whoever asks, for leads on Mondays, and as a file. See README.md.

What is counted of requests is another slice's knowledge; it is passed in.
"""

from bot.feature import Deps, Feature
from bot.features.reports import jobs
from bot.features.reports.deliveries import ReportDeliveries
from bot.features.reports.listeners import AboutUs, Listeners
from bot.features.reports.service import Neighbours
from bot.features.reports.views import ids

__all__ = ["AboutUs", "Listeners", "Neighbours", "build"]


def build(deps: Deps, to: Neighbours, listeners: Listeners) -> Feature:
    """The slice. `listeners` answer `/triage stats` too, which is another slice's command."""
    return Feature(
        name="reports",
        actions={ids.CSV: listeners.csv, ids.STOP: listeners.stop, ids.START: listeners.start},
        deliveries=ReportDeliveries(deps, to).all(),
        jobs=jobs.jobs(jobs.Looking(deps, to)),
    )
