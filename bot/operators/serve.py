"""The Telegram bot, started: the guide's texts put where the edge says them."""

from __future__ import annotations

from bot.answers import intent
from bot.config import Config, Secrets
from bot.conversation import Guide
from bot.effects import Attached, Command, Heard, Tapped, Typed
from bot.outgoing import Message, Outgoing
from bot.safety import emergency
from bot.serving import Lines, Texts, run
from bot.session import Session
from bot.shared_texts import COMMANDS
from bot.telegram_outbound import Introduction
from bot.translations import LANGUAGES

TOKENLESS = """\
To run the bot you need a token. In Telegram, open @BotFather, send /newbot, and answer it.
Then: LMN_BOT_TELEGRAM_TOKEN=<what it gave you> lmn-bot --config config.yaml run
Without one, `lmn-bot chat` runs the same guide in this terminal."""


def serve(config: Config, secrets: Secrets, guide: Guide, *, new_database: bool = False) -> None:
    """Serve on Telegram until stopped. Raises ``ProblemsError`` when that cannot be."""
    texts = _texts(guide)
    # The first look-ups build what they need, which takes as long as a hundred turns: nobody
    # waits yet.
    emergency("massage gun")
    guide.content.catalogue.search("massage gun")
    run(config, secrets, guide, texts, always=_is_urgent, new_database=new_database)


def _is_urgent(heard: Heard) -> bool:
    """Danger, and the wish to be forgotten, are heard however much somebody writes."""
    match heard:
        case Typed(text) | Attached(_, text):
            return emergency(text) is not None
        case Command(name):
            return intent(name) == "delete"  # "/borrar" too
        case Tapped(step="!delete"):
            return True
    return False


def _texts(guide: Guide) -> Texts:
    return Texts(
        lines={language: _lines(guide, language) for language in LANGUAGES},
        introductions={language: _introduction(guide, language) for language in LANGUAGES},
        expiry=lambda session: _expiry(guide, session),
    )


def _text(guide: Guide, name: str, language: str) -> str:
    return guide.content.texts.get(f"shared.{name}", language)


def _lines(guide: Guide, language: str) -> Lines:
    return Lines(
        again=_text(guide, "send_again", language),
        start_again=_text(guide, "damaged", language),
        too_many=_text(guide, "slow_down", language),
        group=_text(guide, "group_line", language).replace("{{ link }}", "{link}"),
    )


def _introduction(guide: Guide, language: str) -> Introduction:
    return Introduction(
        commands=[(name, _text(guide, f"command_{name}", language)) for name in COMMANDS],
        description=_text(guide, "about_bot", language).strip()[:512],
        short_description=_text(guide, "about_bot_short", language).strip()[:120],
    )


def _expiry(guide: Guide, session: Session) -> tuple[Outgoing, ...]:
    return (Message(_text(guide, "soon_deleted", session.language).strip(), nobody_waits=True),)
