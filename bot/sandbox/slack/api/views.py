"""`views.*`: https://docs.slack.dev/reference/methods?family=views."""

from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Call, Json, SlackRefusal


def open_view(office: Office, call: Call) -> Json:
    """Show a form to whoever has just interacted."""
    body = _body(call, ("modal",))
    trigger = office.doors.use(call.required("trigger_id", "invalid_arguments"))
    return _shown(office, office.views.open(trigger.person, body, trigger.id))


def push_view(office: Office, call: Call) -> Json:
    """Show a form on top of the one that was interacted with."""
    body = _body(call, ("modal",))
    trigger = office.doors.use(call.required("trigger_id", "invalid_arguments"))
    return _shown(office, office.views.push(trigger.person, body, trigger.id))


def update_view(office: Office, call: Call) -> Json:
    """Change an open view; with a hash only if nobody was faster."""
    body = _body(call, ("modal", "home"))
    if not (call.has("view_id") or call.has("external_id")):
        raise SlackRefusal("invalid_arguments", "[ERROR] missing required field: view_id")
    view = office.views.find(call.text("view_id"), call.text("external_id"))
    if call.has("hash") and call.text("hash") != view.hash:
        raise SlackRefusal("hash_conflict")
    return _shown(office, office.views.replace(view, body))


def publish_view(office: Office, call: Call) -> Json:
    """Show a person's Home tab."""
    body = _body(call, ("home",))
    person = office.world.people.get(call.required("user_id"))
    if not office.world.manifest.home_tab:
        raise SlackRefusal("not_enabled")
    if person is None or person.is_bot or person.deleted:
        raise SlackRefusal("invalid_arguments", "[ERROR] invalid user_id")
    return _shown(office, office.views.publish(person.id, body, call.text("hash")))


def _body(call: Call, kinds: tuple[str, ...]) -> Json:
    body = call.object("view")
    if body is None:
        raise SlackRefusal("invalid_arguments", "[ERROR] missing required field: view")
    check_view(body, kinds)
    return body


def _shown(office: Office, view: View) -> Json:
    return {"ok": True, "view": office.views.shape(view)}


METHODS = {
    "views.open": Method(run=open_view, tier="4"),
    "views.push": Method(run=push_view, tier="4"),
    "views.update": Method(run=update_view, tier="4"),
    "views.publish": Method(run=publish_view, tier="4"),
}
