"""compose.yaml, the Dockerfile and the proxy's configuration agree with each other and with the product."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyOptions

from bot.settings import Settings
from tests.support.haproxy import CONFIGURATION
from tests.support.sources import ROOT

COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
PROXY = CONFIGURATION.read_text(encoding="utf-8")
BOTS = ("frontdesk-a", "frontdesk-b")
SETTINGS = {name.upper() for name in Settings.model_fields}


def _instructions(word: str) -> Iterator[str]:
    return (
        line.removeprefix(word).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{word} ")
    )


def _image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in _instructions("ENV") for pair in line.split())


def _seconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(ms|s)?", text).groups()
    return float(number) / (1000 if unit == "ms" else 1)


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    PyOptions(apply_merge=True).from_yaml(COMPOSE).validate()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("stop_grace_period", "stop_grace_time"), ("service_healthy", "service_well"), ("3001:3000", "a:b")],
)
def test_a_mistake_in_the_compose_file_would_be_noticed(right: str, wrong: str) -> None:
    with pytest.raises(ValueError):
        PyOptions(apply_merge=True).from_yaml(COMPOSE.replace(right, wrong)).validate()


def test_whatever_a_service_waits_for_or_keeps_is_there() -> None:
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in volumes


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    program = Path(sys.executable).parent / "hadolint"
    said = subprocess.run(
        [program, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, said.stdout) == (0, "")


def test_everything_that_the_image_takes_along_is_there_and_not_ignored() -> None:
    taken = {
        name for line in _instructions("COPY") if "--from" not in line for name in line.split()[:-1]
    }  # fmt: skip
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert taken == let_in
    assert {name for name in taken if not (ROOT / name).exists()} == set()


def test_every_name_in_an_environment_is_a_setting() -> None:
    assert set(_image_environment()) - {"PATH"} <= SETTINGS
    for bot in BOTS:
        assert set(SERVICES[bot]["environment"]) <= SETTINGS


def test_the_image_listens_on_the_port_that_it_names_and_is_asked_there_how_it_is() -> None:
    port = _image_environment()["PORT"]
    assert list(_instructions("EXPOSE")) == [port]
    (check,) = _instructions("HEALTHCHECK")
    assert "os.environ['PORT']" in check and "/healthz" in check
    assert list(_instructions("STOPSIGNAL")) == ["SIGTERM"]


def test_compose_asks_each_bot_at_its_port_whether_it_is_ready() -> None:
    for bot in BOTS:
        at = f"http://127.0.0.1:{SERVICES[bot]['environment']['PORT']}/readyz"
        assert at in SERVICES[bot]["healthcheck"]["test"][-1]


def test_the_proxy_knows_both_bots_at_their_ports_and_is_reached_at_its_own() -> None:
    for name, bot in zip("AB", BOTS, strict=True):
        at = f"{bot}:{SERVICES[bot]['environment']['PORT']}"
        assert PROXY.count(f'"${{FRONTDESK_{name}-{at}}}"') == 2
        assert all(mapping.endswith(f":{at.split(':')[1]}") for mapping in SERVICES[bot]["ports"])
    (bound,) = re.findall(r"FRONTDESK_BIND-:(\d+)\}", PROXY)
    assert all(mapping.endswith(f":{bound}") for mapping in SERVICES["proxy"]["ports"])


def test_only_this_machine_reaches_what_is_published() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published and all(port.startswith("127.0.0.1:") for port in published)


def test_a_bot_drains_for_longer_than_the_proxy_needs_to_see_it_and_is_not_killed_meanwhile() -> None:
    looks = re.search(
        r"backend ready\n(?:.*\n)*?\s+default-server inter (\S+) fastinter (\S+) fall (\d)", PROXY
    )
    inter, fast, fall = _seconds(looks[1]), _seconds(looks[2]), int(looks[3])
    for bot in BOTS:
        drain = float(SERVICES[bot]["environment"]["DRAIN_SECONDS"])
        assert drain > 2 * (inter + (fall - 1) * fast)
        # The last calls and the last deliveries have ten seconds each.
        assert _seconds(SERVICES[bot]["stop_grace_period"]) > drain + 20
