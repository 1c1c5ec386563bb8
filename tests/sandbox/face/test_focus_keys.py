"""What a redrawn page is put together again by: every control and field can be told from every other one."""

import re
from dataclasses import replace

import pytest

from bot.sandbox.face.blocks.examples import Example, examples
from tests.sandbox.face.conftest import Desk
from tests.sandbox.face.easel import drawn, surface

KNOWN = [one for one in examples() if one.group != "unknown"]
CONTROL = re.compile(r"<(?:button|a|input|textarea|select|summary)\b[^>]*>")
FIELD = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
# A clone of these stands in the page, never they themselves.
TEMPLATE = re.compile(r"<template>.*?</template>", re.DOTALL)
ASK = "/as/ana/c/C0ASKPAY01"


def in_a_message(example: Example, prefix: str = "x-") -> str:
    kept = TEMPLATE.sub("", drawn([example.kept], replace(surface(kind=example.surface), prefix=prefix)))
    return re.sub(r"<details><summary.*?</summary>", "", kept, flags=re.DOTALL)


def kept_fields() -> list[str]:
    return [tag for example in KNOWN for tag in FIELD.findall(in_a_message(example))]


def test_every_field_has_a_name_or_an_id_of_its_own() -> None:
    assert len(kept_fields()) > 20
    assert [tag for tag in kept_fields() if " id=" not in tag] == []


@pytest.mark.parametrize(
    "example", [one for one in KNOWN if one.group == "elements"], ids=lambda one: one.kind
)
def test_the_keys_of_two_messages_differ(example: Example) -> None:
    keys = [
        set(re.findall(r'data-key="([^"]*)"', in_a_message(example, prefix))) for prefix in ("m1-", "m2-")
    ]
    assert keys[0].isdisjoint(keys[1])
    for tag in CONTROL.findall(in_a_message(example)):
        assert "data-key=" in tag or 'role="option"' in tag or " disabled" in tag, tag


async def test_every_control_of_a_message_has_a_key_and_no_two_the_same(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "Good morning"})
    await desk.post(f"{ASK}/say", {"text": "Anybody?"})
    lines = re.findall(r"<article.*?</article>", await desk.page(ASK), re.DOTALL)
    tags = [tag for line in lines for tag in CONTROL.findall(line) if not tag.startswith("<summary")]
    keys = [re.findall(r'(?:data-key|id)="([^"]+)"', tag)[:1] for tag in tags]
    assert len(keys) > 10
    assert [] not in keys
    assert len({key[0] for key in keys}) == len(keys)


def test_files_that_a_form_holds_are_named() -> None:
    example = next(one for one in KNOWN if one.kind == "file_input")
    element = example.kept["element"]
    held = {"type": "file_input", "files": [{"id": "F1", "name": "<proof>.txt"}]}
    typed = {(str(example.kept["block_id"]), str(element["action_id"])): held}
    assert "<bdi>&lt;proof&gt;.txt</bdi>" in drawn([example.kept], surface(kind="modal", typed=typed))
    assert "held" not in drawn([example.kept], surface(kind="modal"))


async def test_a_reply_says_where_else_it_was_sent(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "Is anybody here?"})
    page = await desk.page(ASK)
    ts = re.findall(r'data-ts="([\d.]+)"', page)[-1]
    await desk.post(f"{ASK}/say", {"text": "Yes, all of us", "thread": ts, "broadcast": "on"})
    page = await desk.page(f"{ASK}?thread={ts}")
    feed, pane = page.split('id="thread"')
    assert "Also sent from a <a" in feed
    assert "Also sent to the channel" in pane
    assert "Also sent from" not in pane
