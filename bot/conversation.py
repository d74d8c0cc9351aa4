"""One turn, start to finish: what was heard goes in, what to keep and what to send comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot import asking
from bot.answers import (
    LONGEST_NAME,
    NOTHING,
    Fits,
    Offers,
    Reading,
    Refused,
    aside,
    fold,
    fold_label,
    intent,
    longest,
    numbered,
    read,
    read_choice,
    read_move,
    shortened,
    sounds_spanish,
    yes_or_no,
)
from bot.asking import Reply
from bot.case import Content, PersonCase
from bot.effects import (
    Answered,
    Ask,
    AskAgain,
    Attached,
    Choose,
    Command,
    Effect,
    Explain,
    Garbled,
    HandFiles,
    HandOver,
    Heard,
    HelpCard,
    Offer,
    Pass,
    Say,
    Tapped,
    Typed,
    Why,
)
from bot.machine import Compiled, Walk
from bot.messages import split
from bot.outgoing import File, Message, Notice, Outgoing
from bot.safety import emergency, spanish
from bot.session import Session, Value
from bot.shared_texts import COMMANDS
from bot.translations import LANGUAGES
from bot.wording import NAVIGATION, Speaker, end_options, only_confirms


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn leaves behind.

    ``session`` is what to keep; ``None`` means: forget this person. ``held`` is a first message
    that waits for consent; an edge may keep it in memory but never stores it (words that wait for
    a tap after consent are the session's own). ``changed`` is false
    when the session is as it was. ``finished`` is true at an outcome (it shortens or lengthens how
    long the session is kept).
    """

    session: Session | None
    outgoing: tuple[Outgoing, ...]
    held: str | None = None
    changed: bool = True
    finished: bool = False


Handler = Callable[[Session | None, Heard, str | None, datetime, str], Turn]
"""One turn as a pure function of the session, what was heard, the held message, local time (aware)
and the language the person's device is set to (it matters on first contact only)."""

LEAVING = ("cancel", "no", "stay", "done", "!done")
"""The choices that lead out of a menu and change nothing."""
KEEPING = ("keep", "keep it", "keep that", "same", "the same", "igual", "lo mismo", "dejar")
"""What people say for "keep this answer"."""
LONGEST_HELD = 1_000
"""Characters of a first message that wait in memory for consent."""


class Guide:
    """The guide as a function: call it with what was heard. Keeps nothing between calls."""

    def __init__(self, content: Content, new_nonce: Callable[[], str]) -> None:
        self.content = content
        self._new_nonce = new_nonce

    def __call__(
        self,
        session: Session | None,
        heard: Heard,
        held: str | None,
        now: datetime,
        language: str = "en",
    ) -> Turn:
        """One turn."""
        fresh = session is None
        if session is None:
            spoken = language if language in LANGUAGES else "en"
            session = Session(self._new_nonce(), spoken)
        return _Talk(self.content, session, held, now, fresh).turn(heard)


class _Talk:
    """One turn in the making."""

    def __init__(
        self, content: Content, session: Session, held: str | None, now: datetime, fresh: bool
    ) -> None:
        self.content = content
        self.before = session
        self.session = replace(session, held="") if session.held else session
        self.held = held or session.held or None
        self.now = now
        self.fresh = fresh
        self.effects: list[Effect] = []
        self.extra: list[Outgoing] = []
        self.forget = False
        self._case: PersonCase | None = None
        self._walk: Walk | None = None

    # --- where we are --------------------------------------------------------------------

    @property
    def case(self) -> PersonCase:
        """The case of the session as it now is."""
        if self._case is None or self._case.session is not self.session:
            self._case = PersonCase(self.content, self.session, self.now.date(), self._case)
            self._walk = None
        return self._case

    def walk(self) -> Walk:
        """Where the answers of the session as it now is lead."""
        case = self.case
        if self._walk is None:
            self._walk = self.content.machine.walk(self.session, case)
        return self._walk

    def turn(self, heard: Heard) -> Turn:
        """Hear one thing, and say what follows."""
        menu = self.session.menu
        if menu:
            self.session = replace(self.session, menu="")
        match heard:
            case Typed(text):
                if not (menu and emergency(text) is None and self._answers_menu(menu, text)):
                    self._typed(text)
            case Tapped():
                self._tapped(heard)
            case Command():
                self._command(heard)
            case Attached(kind, words):
                self._look_out(words)
                self._say(f"attached_{kind}")
                self._ask_again()
            case Garbled():
                self._stale()
            case _:
                assert_never(heard)
        if self.held and self.content.consent_step in self.session.answers:
            self.session, self.held = replace(self.session, held=self.held), None
        case = self.case
        walk = self.walk()
        outgoing = (*self.extra, *Speaker(case, walk).speak(self.effects))
        return Turn(
            session=None if self.forget else self.session,
            outgoing=outgoing,
            held=None if self.forget else self.held,
            changed=self.forget or self.fresh or self.session != self.before,
            finished=walk.ended,
        )

    def _say(self, text: str, **values: str | int | bool) -> None:
        self.effects.append(Say(text, values))

    def _ask_again(self) -> None:
        """Show the open question, or the menu of the end, once more."""
        walk = self.walk()
        if walk.ended:
            self._end_menu()
        else:
            self._ask(walk)

    def _ask(self, walk: Walk) -> None:
        reopened = self.session.open == walk.at.key
        stored = self.session.answers.get(walk.at.key) if reopened else None
        self.effects.append(Ask(walk.at.key, stored.value if stored else None, reopened))

    # --- typed ---------------------------------------------------------------------------

    def _typed(self, text: str, *, shown: bool = True) -> None:
        """Hear words; ``shown`` is false when the question they answer was never asked."""
        danger = self._look_out(text)
        walk = self.walk()
        if walk.ended:
            self._typed_at_end(text, danger=danger)
            return
        place = walk.at
        if place.key == self.content.consent_step:
            self._before_consent(text, place, danger=danger)
            return
        if self._keeps(place, text):
            self._keep()
            return
        move = read_move(self.case, place, text)
        if move is not None:
            self._move(move)
            return
        if place.step.input == "multi" and fold(text) in self._spoken("shared.done"):
            self._ticked(place, "!done")
            return
        if not danger and self._offered(place, text):
            return
        if not danger and self._reply(asking.before_answer(self.case, place, text)):
            return
        reading = read(self.case, place, text)
        if danger and not place.step.free_text and not _surely(reading):
            # A cry for help is no company's name and no thing to buy.
            self._ask(walk)
            return
        match reading:
            case Fits(value):
                if not danger and self._said_more(place, text, value, shown):
                    return
                self.held = None
                self._accept(place, value, shown=shown)
            case Offers(options, two_items):
                self.held = text[:LONGEST_HELD]
                self.effects.append(Offer(place.key, options, text, two_items))
            case Refused(why, counts):
                if place.step.otherwise is not None and self._otherwise(place, text, shown):
                    return
                if danger:
                    self._ask(walk)
                    return
                if self._reply(asking.after_refusal(self.case, text, why)):
                    return
                if only_confirms(place) and yes_or_no(text) == "no":
                    self._change()
                    return
                if not why and (about := aside(text)):
                    why, counts = f"about_{about}", False
                if counts:
                    self.session = self.session.refused()
                tries = self.session.tries if counts else 0
                self._refuse(place, tries, why)
            case _:
                assert_never(reading)

    def _look_out(self, text: str) -> bool:
        """Show the help card when the words sound like an emergency, and say whether they do."""
        kind = emergency(text)
        if kind is None:
            return False
        card = HelpCard(kind, "es" if spanish(text) else "")
        if card not in self.effects:
            self.effects.append(card)
        return True

    def _spoken(self, text_id: str) -> set[str]:
        """A label as it may be typed, in any language."""
        return {fold_label(self.case.in_language(each).text(text_id)) for each in LANGUAGES}

    def _refuse(self, place: Compiled, tries: int, why: str) -> None:
        self.effects.append(AskAgain(place.key, tries, why, most=longest(place)))

    def _otherwise(self, place: Compiled, text: str, shown: bool) -> bool:
        """Take the words for the next question's answer, if they are one."""
        choice = str(place.step.otherwise)
        walk = self._ahead(place, choice)
        if walk.ended or isinstance(read(self.case, walk.at, text), Refused):
            return False
        self._answer_and_go_on(place, choice, text, shown)
        return True

    def _said_more(self, place: Compiled, text: str, value: Value, shown: bool) -> bool:
        """Words at the menu may name the thing as well, as in "my gym claim was denied"."""
        if place.step.otherwise is None or self._has_later(place):
            return False
        walk = self._ahead(place, value)
        named = None if walk.ended else read(self.case, walk.at, text)
        if not (isinstance(named, Fits) and isinstance(named.value, dict) and named.value["id"]):
            return False
        self._answer_and_go_on(place, value, text, shown)
        return True

    def _ahead(self, place: Compiled, value: Value) -> Walk:
        """Where an answer to the open step would lead."""
        ahead = self.session.answered(place.key, value, self.now)
        return self.content.machine.walk(ahead, self.case, self.walk())

    def _answer_and_go_on(self, place: Compiled, value: Value, text: str, shown: bool) -> None:
        """Keep an answer, and hear the same words again at the question that follows."""
        self._answer(place, value)
        if shown:
            self.effects.append(Answered(place.key, value))
        elif value != place.step.otherwise:
            case = self.case
            self._say("noted", label=case.title(place), value=case.show(place, value))
        self._typed(text, shown=False)

    def _offered(self, place: Compiled, text: str) -> bool:
        """Take words for one of the things that were offered: its name, its number, yes or no."""
        if not self.held or place.step.input not in ("expense", "administrator"):
            return False
        offers = read(self.case, place, self.held)
        if not isinstance(offers, Offers):
            return False
        said, options = fold(text), (*offers.options, "!none")
        named = [one for one in offers.options if said == fold(self._name(place, one))]
        number = numbered(text, len(options))
        meant = yes_or_no(text)
        if named or number:
            self._picked_name(place, named[0] if named else options[(number or 1) - 1])
        elif meant == "no" or said in NOTHING or said in self._spoken("shared.none_of_these"):
            self._picked_name(place, "!none")
        elif meant == "yes" and len(offers.options) == 1:
            self._picked_name(place, offers.options[0])
        elif meant == "yes":
            self.effects.append(Offer(place.key, offers.options, self.held, offers.two_items))
        else:
            return False
        return True

    def _name(self, place: Compiled, found: str) -> str:
        return self.case.show(place, {"id": found, "name": found})

    def _before_consent(self, text: str, place: Compiled, *, danger: bool) -> None:
        turned = self.session.language != "es" and sounds_spanish(text)
        if turned:
            self.session = replace(self.session, language="es")
        choice = read_choice(self.case, place, text)
        if choice is not None and not self.fresh:
            self._accept(place, choice)
            return
        move = read_move(self.case, place, text)
        if move is not None:
            self._move(move)
            return
        result = self.case.search(text)
        menu = self.content.machine.by_key.get(self.content.menu_step)
        told = menu is not None and asking.says_which(menu, text)
        if not (danger or told) and self._reply(asking.surer_than_expense(self.case, text, result)):
            return
        named = result.outcome == "match" or (
            not danger and (told or result.outcome != "not_an_expense")
        )
        if named:
            self._hold(text)
        if self.fresh or turned or result.about == "greeting":
            self._ask(self.walk())
        else:
            # What it is about stands right above.
            self.effects.append(AskAgain(place.key, 0, "held" if named else "is_it_ok", brief=True))

    def _hold(self, text: str) -> None:
        """Keep words until consent, behind those that came before: many write in pieces."""
        told = f"{self.held} {text}" if self.held else text
        self.held = told if len(told) <= LONGEST_HELD else text[:LONGEST_HELD]

    def _typed_at_end(self, text: str, *, danger: bool) -> None:
        move = intent(text)
        if move is not None:
            self._move(move)
            return
        choice = self._option("!end", text)
        if choice is not None:
            self._at_end(choice)
            return
        if danger:
            # Nobody who cries for help wants to hear of another expense.
            self._end_menu()
            return
        if self._reply(asking.named_menu(self.case, text)):
            return
        result = self.case.search(text)
        if self._reply(asking.surer_than_expense(self.case, text, result)):
            return
        if result.outcome in ("match", "choose"):
            self.held = text[:LONGEST_HELD]
            self._open("another_with_words", "!another", as_menu="!end")
            return
        if self._reply(asking.after_refusal(self.case, text, f"about_{result.about}")):
            return
        if about := aside(text):
            self._say("about_small_talk_end" if about == "small_talk" else f"about_{about}")
        self._end_menu()

    def _end_menu(self) -> None:
        self._open("end_menu", "!end")

    # --- questions of theirs -------------------------------------------------------------

    def _reply(self, reply: Reply | None) -> bool:
        """Show the reply to a question of theirs, if there is one, then ours again."""
        if reply is None:
            return False
        self.effects.append(reply)
        if isinstance(reply, Explain):
            self._ask_again()
        else:
            shown = [reply.menu]
            if reply.menu == asking.QUESTIONS:
                # Which ones were offered depends on the words, so they are named as well.
                shown += [choice for choice, _ in reply.options]
            self.session = replace(self.session, menu=" ".join(shown))
        return True

    def _topic(self, name: str) -> None:
        if name == "all":
            self._reply(asking.topics(self.case))
        elif name == "done":
            self._ask_again()
        elif not self._reply(asking.questions_of(self.case, name)):
            self._stale()

    def _question(self, name: str) -> None:
        if name == "!topics":
            self._reply(asking.topics(self.case))
        elif name == "!done":
            self._ask_again()
        elif name in self.content.questions.entries:
            self._reply(Explain(name))
        else:
            self._stale()

    def _help(self, words: str) -> None:
        """Say what the bot understands; with words, the answer to them."""
        if not self.content.questions.entries:
            self._say("help")
            self._ask_again()
        elif words.strip():
            self._reply(asking.helped(self.case, words))
        else:
            self.effects.append(Choose("help", asking.TOPICS, (("all", "@questions_button"),)))
            self._ask_again()

    # --- accepted ------------------------------------------------------------------------

    def _answer(self, place: Compiled, value: Value) -> None:
        """Keep an answer to the open step; only what comes after it is walked."""
        before = self.walk()
        self.session = self.session.answered(place.key, value, self.now)
        case = self.case
        if before.at is place:
            self._walk = self.content.machine.walk(self.session, case, before)

    def _accept(self, place: Compiled, value: Value, *, shown: bool = True) -> None:
        """Keep an answer and go on to whatever comes next."""
        changed = self.session.open == place.key and self._has_later(place)
        same = changed and self._same(place, value)
        self._answer(place, value)
        walk = self.walk()
        if walk.at.step.outcome == "declined":
            # The question goes with everything else, so there is nothing to mark as answered.
            self.effects.append(HandOver(walk.at.key))
            self.forget = True
            return
        if shown:
            self.effects.append(Answered(place.key, value))
        else:
            case = self.case
            self._say("noted", label=case.title(place), value=case.show(place, value))
        kept = len(walk.asked) - self._position(walk, place) - 1
        if changed and not same and kept > 0:  # a new question may come before the kept ones
            self._say("kept", count=kept)
        if place.key == self.content.consent_step and self.held and not walk.ended:
            words, self.held = self.held, None
            self._typed(words, shown=False)
            return
        for passed in walk.passed_since(place.key):
            self.effects.append(Pass(passed.key))
        if walk.ended:
            self.effects.append(HandOver(walk.at.key))
            self.session = replace(self.session, menu="!handed")
        else:
            self._ask(walk)

    def _same(self, place: Compiled, value: Value) -> bool:
        old = self.session.answers.get(place.key)
        return old is not None and old.value == value

    def _has_later(self, place: Compiled) -> bool:
        closed = replace(self.session, open=None)
        walk = self.content.machine.walk(closed, self.case)
        return self._position(walk, place) < len(walk.asked) - 1

    @staticmethod
    def _position(walk: Walk, place: Compiled) -> int:
        keys = [one.key for one in walk.asked]
        return keys.index(place.key) if place.key in keys else len(keys)

    # --- tapped --------------------------------------------------------------------------

    def _tapped(self, tap: Tapped) -> None:
        if tap.nonce != self.session.nonce or self.fresh:
            self._stale()
        elif tap.step in (asking.QUESTIONS, asking.TOPICS):
            # They change nothing, so one from further up is as good as the last.
            self._menu(tap)
        elif tap.revision != self.session.revision:
            self.extra.append(Notice(self.case.shared("old_button")))
            self._ask_again()
        elif tap.step == NAVIGATION:
            self._move(tap.choice)
        elif tap.step.startswith("!"):
            self._menu(tap)
        else:
            self._picked(tap)

    def _stale(self) -> None:
        self.extra.append(Notice(self.case.shared("foreign_button")))
        self._ask_again()

    def _picked(self, tap: Tapped) -> None:
        walk = self.walk()
        place = walk.at
        if tap.step != place.key or not place.step.asks:
            self._stale()
            return
        if place.step.input in ("expense", "administrator"):
            self._picked_name(place, tap.choice)
        elif place.step.input == "multi":
            self._ticked(place, tap.choice)
        elif tap.choice in self.case.choices(place):
            self._accept(place, tap.choice)
        else:
            self._stale()

    def _picked_name(self, place: Compiled, choice: str) -> None:
        if choice == "!none":
            if not self.held:
                self._say("type_once_more")
                self._ask(self.walk())
                return
            words, self.held = shortened(self.held, LONGEST_NAME), None
            self._accept(place, {"id": None, "name": words})
            return
        if not self.case.valid(place, {"id": choice, "name": choice}):
            self._stale()
            return
        self.held = None
        self._accept(place, {"id": choice, "name": self._name(place, choice)})

    def _ticked(self, place: Compiled, choice: str) -> None:
        """A multi question keeps its ticks as an answer that is still open."""
        stored = self.session.answers.get(place.key)
        old = stored.value if stored else None
        ticks = set(old) if isinstance(old, list) else set()
        if choice == "!done":
            self._accept(place, [one for one in place.step.choices if one in ticks])
            return
        if choice not in place.step.choices:
            self._stale()
            return
        ticks ^= {choice}
        value: Value = [one for one in place.step.choices if one in ticks]
        self.session = replace(self.session.answered(place.key, value, self.now), open=place.key)
        self.extra.append(Speaker(self.case, self.walk()).multi_edit(place))

    # --- moving about --------------------------------------------------------------------

    def _move(self, move: str) -> None:
        match move:
            case "back":
                self._back()
            case "why":
                self._why()
            case "unsure" | "skip":
                self._unsure(move)
            case "keep":
                self._keep()
            case "es" | "en":
                self._speak(move)
            case "stop":
                # Going on is the topics' way back: it works from however far up it is tapped.
                self.effects.append(Choose("stopped", asking.TOPICS, (("done", "@go_on_button"),)))
            case name if name in COMMANDS:
                self._command(Command(name))
            case _:
                self._stale()

    def _back(self) -> None:
        walk = self.walk()
        earlier = walk.before(walk.at.key) if not walk.ended else None
        if walk.ended and walk.asked:
            earlier = walk.asked[-1]
        if earlier is None:
            self._say("at_the_start")
            self._ask_again()
            return
        self.session = self.session.reopened(earlier.key)
        self._ask(self.walk())

    def _why(self) -> None:
        walk = self.walk()
        if walk.ended:
            self._end_menu()
        elif walk.at.step.why is None:
            self._say("why_nothing_special")
            self._ask(walk)
        else:
            self.effects.append(Why(walk.at.key))
            self._ask(walk)

    def _keeps(self, place: Compiled, text: str) -> bool:
        """Whether the words leave the answer that was given before as it is."""
        if self.session.open != place.key or self.session.answers.get(place.key) is None:
            return False
        said = fold(text)
        return said in KEEPING or said in self._spoken("shared.keep_button")

    def _keep(self) -> None:
        """Go on with the answer that was given before to the question that is asked again."""
        place = self.walk().at
        old = self.session.answers.get(place.key)
        if self.session.open != place.key or old is None or not self.case.valid(place, old.value):
            self._stale()
            return
        self.held = None
        self._accept(place, old.value)

    def _unsure(self, move: str) -> None:
        walk = self.walk()
        if walk.ended:
            self._end_menu()
            return
        place = walk.at
        if move == "unsure" and "unsure" in self.case.choices(place):
            self._accept(place, "unsure")
        elif place.step.skip is not None and not (move == "unsure" and self._claims(place)):
            self.held = None
            self._accept(place, None)
        elif place.step.why is not None:
            self._say("unsure_help")
            self._why()
        else:
            self._say("unsure_help")
            self._ask(walk)

    def _claims(self, place: Compiled) -> bool:
        """Whether to skip a date says more than not to know it, as in "I haven't bought it yet"."""
        label = self.case.in_language("en").text(f"{place.text_id}.skip")
        parts = re.split(r",? or ", label)
        return place.step.kind == "date" and all(intent(part) != "unsure" for part in parts)

    # --- menus ---------------------------------------------------------------------------

    def _options(self, menu: str) -> tuple[tuple[str, str], ...]:
        """The choices of a menu, each with its label or the name of a shared text."""
        match menu:
            case "!delete" | "!restart":
                return (("yes", "@yes_do_it"), ("no", "@no_keep"))
            case "!language":
                return (("en", "English"), ("es", "Español"))
            case "!change":
                case = self.case
                lines = [
                    (place.key, _label(f"{case.title(place)}: {case.show(place, answer.value)}"))
                    for place, answer in case.lines(self.walk())
                ]
                return (*lines, ("cancel", "@nothing_to_change_button"))
            case "!another":
                return (("again", "@yes_another"), ("stay", "@no_stay"))
            case "!topic":
                return asking.topics(self.case).options
        name, *shown = menu.split()
        if name == asking.QUESTIONS:
            return asking.listed(self.case, shown)
        step = self.walk().at.step
        handed = () if menu == "!handed" else step.documents
        documents = [(name, f"@document_{name}") for name in (*handed, *step.more)]
        files = [("all", "@files_button")] if step.documents else []
        return (*documents, *files, *end_options(self.case))

    def _open(self, text: str, menu: str, *, as_menu: str = "") -> None:
        """Show a menu, whose labels may be typed in the next turn."""
        self.session = replace(self.session, menu=menu)
        self.effects.append(Choose(text, as_menu or menu, self._options(menu)))

    def _answers_menu(self, menu: str, text: str) -> bool:
        """Whether the words answer the menu that stands open; if so, do what they say."""
        choice = self._option(menu, text)
        if choice is None:
            return False
        if choice == "again" and menu != "!another" and fold(text).isdecimal():
            # A bare number is soon mistyped, and this one clears every answer.
            self._confirm("restart_sure", "!restart")
            return True
        name = "!end" if menu in ("!handed", "!another") else menu.partition(" ")[0]
        self._menu(Tapped(self.session.nonce, self.session.revision, name, choice))
        return True

    def _option(self, menu: str, text: str) -> str | None:
        """The choice of a menu that words name by its label, by its number, or by yes or no."""
        said, options = fold(text), self._options(menu)
        labels = {
            choice: self._spoken(f"shared.{label[1:]}") if label.startswith("@") else {fold(label)}
            for choice, label in options
        }
        for choice, names in labels.items():
            if said in names or (menu == "!language" and said == choice):
                return choice
        if number := numbered(text, len(options)):
            return options[number - 1][0]
        if said in NOTHING or intent(text) == "stop":
            return next((one for one, _ in options if one in LEAVING), None)
        if menu == "!change":
            # What it is about, or the answer alone.
            near = [(one, name) for one, names in labels.items() for name in names if said in name]
            first = [(one, name) for one, name in near if name.startswith(f"{said} ")] or near
            return first[0][0] if len(first) == 1 and len(said) > 2 else None
        meant = yes_or_no(text)
        if menu == "!another" and meant:
            return "again" if meant == "yes" else "stay"
        return meant if meant in labels else None

    def _menu(self, tap: Tapped) -> None:
        match tap.step, tap.choice:
            case "!change", "cancel":
                self._ask_again()
            case "!change", key:
                self._reopen(key)
            case "!delete", "yes":
                self._say("deleted")
                self.forget = True
            case "!restart", "yes":
                self.held = None  # words that waited belong to what is cleared
                self._restart()
            case (("!delete" | "!restart"), _):
                self._say("nothing_changed")
                self._ask_again()
            case "!language", ("en" | "es") as language:
                self._speak(language)
            case "!end", choice:
                self._at_end(choice)
            case "!topic", name:
                self._topic(name)
            case "!ask", name:
                self._question(name)
            case _:
                self._stale()

    def _reopen(self, key: str) -> None:
        if key not in {place.key for place in self.walk().asked}:
            self._stale()
            return
        self.session = self.session.reopened(key)
        self._ask(self.walk())

    def _at_end(self, choice: str) -> None:
        walk = self.walk()
        if not walk.ended or choice == "stay":
            self._ask_again()
            return
        step = walk.at.step
        documents = (*step.documents, *step.more)
        if choice == "again":
            self._restart()
        elif choice == "change":
            self._command(Command("change"))
        elif choice == "questions":
            self._reply(asking.topics(self.case))
        elif choice == "all":
            self.effects.append(HandFiles(walk.at.key, documents))
            self._end_menu()
        elif choice in documents:
            speaker = Speaker(self.case, walk)
            for text in speaker.documents(choice):
                self.extra += [Message(part.text, part.entities) for part in split(text)]
            self._end_menu()
        else:
            self._stale()

    def _restart(self) -> None:
        """Start again; the consent given stays given."""
        consent = self.content.consent_step
        keep = {key: answer for key, answer in self.session.answers.items() if key == consent}
        self.session = self.session.restarted(keep)
        self._say("restarted")
        walk = self.walk()
        if self.held and walk.at.key != consent:
            words, self.held = self.held, None
            self._typed(words, shown=False)
            return
        self._ask(walk)

    def _speak(self, language: str) -> None:
        self.session = replace(self.session, language=language, revision=self.session.revision + 1)
        self._say("language_set")
        self._ask_again()

    # --- commands ------------------------------------------------------------------------

    def _command(self, command: Command) -> None:
        match command.name:
            case "start" | "menu":
                self._start(command.argument)
            case "help":
                self._help(command.argument)
            case "back" | "why" | "skip":
                self._move(command.name)
            case "change":
                self._change()
            case "review":
                self._review()
            case "restart":
                self._confirm("restart_sure", "!restart")
            case "delete":
                self._confirm("delete_sure", "!delete")
            case "language":
                self._language(command.argument)
            case "privacy" | "contact":
                self._say(command.name)
                self._ask_again()
            case "mydata":
                self._my_data()
            case name if name.isalnum() and (move := intent(name)):
                # "/ayuda" or "/cancel"
                self._move(move)
            case _:
                self._say("unknown_command")
                self._ask_again()

    def _start(self, payload: str) -> None:
        employer = payload.strip().lower()
        if employer in self.content.employers and employer != self.session.employer:
            self.session = replace(
                self.session, employer=employer, revision=self.session.revision + 1
            )
        if self.session.answers and not self.fresh:
            self._say("welcome_back")
        self._ask_again()

    def _confirm(self, text: str, menu: str) -> None:
        self._open(text, menu)

    def _language(self, argument: str) -> None:
        wanted = fold(argument)
        if wanted in ("es", "espanol", "spanish"):
            self._speak("es")
        elif wanted in ("en", "english", "ingles"):
            self._speak("en")
        else:
            self._open("which_language", "!language")

    def _change(self) -> None:
        if not self.case.lines(self.walk()):
            self._say("nothing_to_change")
            self._ask_again()
            return
        self._open("change_which", "!change")

    def _review(self) -> None:
        lines = self.case.lines(self.walk())
        self._say("review" if lines else "nothing_yet")
        self._ask_again()

    def _my_data(self) -> None:
        """Everything held, live or not, so that nothing is hidden."""
        case = self.case
        held = []
        for key, answer in self.session.answers.items():
            place = self.content.machine.by_key.get(key)
            label = case.title(place) if place else key
            value = case.show(place, answer.value) if place else str(answer.value)
            named = f"{label}: {value}" if label else value
            held.append(f"{named} ({answer.at:%Y-%m-%d %H:%M})")
        if held and self.held:
            held.append(f"{case.shared('mydata_waiting')} {self.held}")
        self.effects.append(
            Say("mydata", {"list": "\n".join(held), "count": len(held)})
            if held
            else Say("mydata_nothing")
        )
        if held:
            content = json.dumps(
                replace(self.session, held=self.held or "").to_json(), ensure_ascii=False, indent=2
            )
            caption = case.shared("mydata_file")
            self.extra.append(File("mydata.json", "application/json", content, caption))
        self._ask_again()


def _surely(reading: Reading) -> bool:
    """Whether the words name something known: "kill myself" is no "me", nor its day a date."""
    if not isinstance(reading, Fits) or not isinstance(reading.value, dict):
        return False
    return reading.value["id"] is not None


def _label(text: str) -> str:
    """A button's label: one line, at most 60 characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"
