"""What tests share: one profile for every property test, and the fake Bot API with a bot on it.

The profile has the same examples each time, and no clock in the verdict. Look for new examples with
`pytest --hypothesis-profile=explore`.
"""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from telegram import Bot

from bot.telegram_outbound import make_bot
from tests.fake_telegram import TOKEN, FakeTelegram

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("ci")


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """The Bot API server that is stricter than Telegram's own."""
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    """Telegram's client, talking to the fake server."""
    async with make_bot(TOKEN, fake.base_url) as made:
        yield made
