"""Webhook, health, metrics."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from bot.web import LARGEST_BODY, SECRET_HEADER, Health, Metrics, Site, pages, webhook

SECRET = "a-long-random-word"
UPDATE = {"update_id": 5, "message": {"text": "my secret illness"}}


class Desk:
    """Takes updates in, or not."""

    def __init__(self) -> None:
        self.taken: list[Mapping[str, Any]] = []
        self.commits = True
        self.health = Health()

    async def take(self, update: Mapping[str, Any]) -> bool:
        self.taken.append(update)
        return self.commits


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def site(desk: Desk) -> AsyncIterator[Site]:
    metrics = Metrics(lambda: desk.health)
    metrics.count("update", "handled")
    metrics.turn(0.003)
    routes = [webhook("/hook", SECRET, desk.take), *pages(lambda: desk.health, metrics)]
    async with Site(routes, "127.0.0.1", 0, grace=1) as started:
        yield started


@pytest.fixture
async def http(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{site.port}") as session:
        yield session


async def post(http, body=UPDATE, secret=SECRET, **more):
    headers = {} if secret is None else {SECRET_HEADER: secret}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post("/hook", data=data, headers=headers, **more) as response:
        return response.status, response.headers


async def test_an_update_is_acknowledged_after_it_was_taken(http, desk):
    status, _ = await post(http)
    assert status == 200
    assert desk.taken == [UPDATE]


async def test_when_nothing_can_be_committed_telegram_is_asked_to_come_again(http, desk):
    desk.commits = False
    status, headers = await post(http)
    assert status == 503
    assert int(headers["Retry-After"]) >= 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ünïcode"])
async def test_without_the_secret_nothing_is_taken(http, desk, secret):
    status, _ = await post(http, secret=secret)
    assert status == 401
    assert desk.taken == []


async def test_without_the_secret_not_a_byte_of_the_body_is_waited_for(site):
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 2)
    assert b" 401 " in head
    await asyncio.wait_for(reader.read(), 2)  # And the connection is closed.
    writer.close()


async def test_a_body_that_says_it_is_too_large_is_not_read(site, desk):
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST /hook HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
    writer.write(f"{head}Content-Length: {LARGEST_BODY + 1}\r\n\r\n".encode())
    assert b" 413 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 2)
    writer.close()
    assert desk.taken == []


async def test_a_body_that_turns_out_too_large_is_refused(http, desk):
    async def endless():
        for _ in range(40):
            yield b"x" * 65536

    try:
        async with http.post("/hook", data=endless(), headers={SECRET_HEADER: SECRET}) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # The server hung up on the rest, which is as good.
    assert desk.taken == []


async def test_the_largest_body_is_taken(http, desk):
    body = json.dumps(UPDATE).encode()
    status, _ = await post(http, body + b" " * (LARGEST_BODY - len(body)))
    assert status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"update_id": "5"}',
        b'{"update_id": true}',
        b'{"update_id": NaN}',
        b'{"update_id": 99999999999999999999}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_what_is_not_an_update_is_400(http, desk, body):
    status, _ = await post(http, body)
    assert status == 400
    assert desk.taken == []


async def test_nothing_of_a_body_or_a_secret_is_logged(http, caplog):
    with caplog.at_level(logging.DEBUG):
        await post(http, secret="wrong-secret-word")
        await post(http, b'{"update_id": "my secret illness"}')
        await post(http)
    shown = " ".join(str(record.__dict__) for record in caplog.records)
    assert "a webhook call was refused" in shown
    for word in ("illness", "wrong-secret-word", SECRET):
        assert word not in shown


async def test_other_methods_and_pages_are_refused(http):
    async with http.get("/hook") as response:
        assert response.status == 405
    async with http.post("/other") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("health", "status"),
    [
        (Health(), 200),
        (Health(oldest_update=59, oldest_unsent=60), 200),
        (Health(oldest_update=61), 503),
        (Health(oldest_unsent=61), 503),
    ],
)
async def test_health_is_red_when_something_waits_for_more_than_a_minute(
    http, desk, health, status
):
    desk.health = health
    async with http.get("/healthz") as response:
        assert response.status == status
        assert (await response.json())["oldest_unsent_seconds"] == health.oldest_unsent


async def test_ready_says_why_not(http, desk):
    async with http.get("/readyz") as response:
        assert (response.status, await response.text()) == (200, "ready")
    desk.health = Health(trouble="the store cannot keep anything for now")
    async with http.get("/readyz") as response:
        assert response.status == 503
        assert "the store" in await response.text()


async def test_metrics_show_counts_and_ages(http, desk):
    desk.health = Health(oldest_unsent=7, unsent=3)
    async with http.get("/metrics") as response:
        text = await response.text()
    assert 'lmn_bot_updates_total{outcome="handled"} 1.0' in text
    assert "lmn_bot_turn_seconds_count 1.0" in text
    assert "lmn_bot_oldest_unsent_seconds 7.0" in text
    assert "lmn_bot_unsent 3.0" in text


async def test_a_port_that_is_taken_is_an_error_of_its_own(site):
    with pytest.raises(OSError):
        await Site([], "127.0.0.1", site.port).__aenter__()


async def test_a_call_under_way_is_finished_when_the_site_closes():
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: Mapping[str, Any]) -> bool:
        begun.set()
        await go_on.wait()
        return True

    async with aiohttp.ClientSession() as session:
        async with Site([webhook("/", SECRET, slowly)], "127.0.0.1", 0) as site:
            url = f"http://127.0.0.1:{site.port}/"
            call = asyncio.create_task(
                session.post(url, json=UPDATE, headers={SECRET_HEADER: SECRET})
            )
            await begun.wait()
            asyncio.get_running_loop().call_later(0.1, go_on.set)
        response = await call
        assert response.status == 200
        response.close()
