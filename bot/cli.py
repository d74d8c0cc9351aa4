"""The commands. Exit codes: 0 well, 1 yours to fix, 2 wrong usage, 3 our bug, 130 interrupted."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import __version__
from bot.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from bot.case import Content
    from bot.config import Config
    from bot.conversation import Guide
    from bot.outgoing import Outgoing

# Looking for plugins of pydantic that nobody installed takes a thirtieth of a second at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

FIXABLE, OURS, INTERRUPTED = 1, 3, 130
NOT_YOURS = (
    "Something went wrong inside lmn-bot. This is our mistake, not yours.\n"
    "Your files are unchanged. Please report it with the command you used and this name: {name}"
)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line, with every way it can end."""
    try:
        code = commands.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="lmn-bot",
            standalone_mode=False,
        )
        sys.exit(code if isinstance(code, int) else 0)
    except ProblemsError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(FIXABLE)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has closed it; Python would complain once more at exit.
        sys.stderr.close()
        sys.exit(FIXABLE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # The last line of defense: no traceback, no content
        click.echo(NOT_YOURS.format(name=_where(error)), err=True)
        sys.exit(OURS)


def _where(error: BaseException) -> str:
    """A bug's name and place, without a word that anybody typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lmn-bot")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The configuration file (else LMN_BOT_CONFIG, else defaults).",
)
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    help="The folder that holds flows/ and templates/.",
)
@click.pass_context
def commands(context: click.Context, config: Path | None, content: Path | None) -> None:
    """Guides patients in the US through asking for a Letter of Medical Necessity."""
    context.obj = _Places(config, content)


class _Places:
    """Where the configuration and the content are; both are read when first needed."""

    def __init__(self, config: Path | None, content: Path | None) -> None:
        self._config_path = config
        self._content_path = content

    @property
    def config(self) -> Config:
        from bot.config import load

        return load(self._config_path)

    @property
    def config_or_problems(self) -> Config | tuple[Problem, ...]:
        """The configuration, or why there is none."""
        try:
            return self.config
        except ProblemsError as error:
            return error.problems

    @property
    def root(self) -> Path:
        from bot.library import find_root

        return find_root(self._content_path or self.config.content.path)

    def content(self) -> Content:
        """What the guide knows. Raises ``ProblemsError``."""
        from bot.case import Operator
        from bot.library import load

        config = self.config
        operator, storage = config.operator, config.storage
        known = Operator(idle_days=storage.idle_days, finished_days=storage.finished_days)
        if operator.name:
            known = replace(
                known,
                name=operator.name,
                contact=operator.contact,
                relation=operator.relation,
                relation_es=operator.relation_es,
            )
        return load(self.root, _now().date(), known)

    def guide(self) -> Guide:
        """The guide, ready for a conversation."""
        from bot.conversation import Guide

        return Guide(self.content(), lambda: secrets.token_urlsafe(6).replace(".", "-"))


# --- chat ----------------------------------------------------------------------------------


@commands.command()
@click.option("--employer", help="Begin as if by this employer's link.")
@click.option("--lang", type=click.Choice(["en", "es"]), help="The language to begin in.")
@click.option("--record", type=click.Path(path_type=Path), help="Write the conversation here.")
@click.option("--save", type=click.Path(path_type=Path), help="Save documents into this folder.")
@click.pass_obj
def chat(
    places: _Places,
    employer: str | None,
    lang: str | None,
    record: Path | None,
    save: Path | None,
) -> None:
    """Talk with the guide here, with no token and no network.

    Example: lmn-bot chat --employer example

    From a pipe, each line is one message or one button's label. Nothing is kept.
    """
    from bot.operators.terminal import Terminal

    guide, config = places.guide(), places.config
    employer = employer or config.bot.employer
    if employer is not None and employer not in guide.content.employers:
        from bot.problems import did_you_mean

        known = ", ".join(guide.content.employers)
        hint = did_you_mean(employer, guide.content.employers) or f"Known: {known}"
        raise click.BadParameter(f'there is no employer "{employer}". {hint}')
    language = lang or config.bot.language
    terminal = Terminal(guide, language, employer)
    needs = {"today": f"{_now():%Y-%m-%d}", "language": language, "employer": employer}
    screen = _Screen(record, save, [f"{key}: {need}" for key, need in needs.items() if need])
    screen.show(terminal.begin(_now()))
    for text in screen.typed():
        screen.show(terminal.line(text, _now()))
    screen.end()


def _now() -> datetime:
    return datetime.now().astimezone()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"this cannot be written ({(error.strerror or 'unknown reason').lower()})"
        hint = "Name another place, in a folder that exists."
        raise ProblemsError([Problem(str(path), 0, 0, what, hint)]) from None


class _Screen:
    """What a person sees and types; a pipe gets the same without numbers or styles."""

    def __init__(self, record: Path | None, save: Path | None, needs: Sequence[str]) -> None:
        self._live = sys.stdin.isatty()
        # What the conversation needs stands above it, so that it can be played again as a story.
        head = "\n".join(("# A recorded conversation", *needs))
        self._record: list[str] | None = None if record is None else [head]
        self._record_path = record
        self._save = save
        # Better said now than after a whole conversation.
        if record is not None:
            with _writing(record), record.open("a", encoding="utf-8"):
                pass
        if save is not None:
            with _writing(save):
                save.mkdir(parents=True, exist_ok=True)
        if self._live:
            click.echo("(Ctrl-D ends the chat. Nothing you type is kept.)")

    def show(self, said: Sequence[Outgoing]) -> None:
        """Print what the bot says."""
        from bot.operators.terminal import lines
        from bot.outgoing import File

        for outgoing in said:
            shown = list(lines(outgoing, numbered=self._live))
            if not shown:
                continue
            self._print("bot: ", shown)
            if isinstance(outgoing, File):
                self._file(outgoing)

    def _print(self, who: str, shown: Sequence[str]) -> None:
        text = "\n".join(
            (who if at == 0 else " " * len(who)) + line if line else ""
            for at, line in enumerate(shown)
        )
        click.echo(text if who == "you: " else f"{text}\n")
        if self._record is not None:
            self._record.append(text)

    def _file(self, file: Any) -> None:
        if self._save is None:
            click.echo("     (Start with --save FOLDER to keep files.)\n")
            return
        (self._save / file.name).write_text(file.content, encoding="utf-8")
        click.echo(f"     (saved as {self._save / file.name})\n")

    def typed(self) -> Iterator[str]:
        """What the person types, line by line, until the end."""
        while True:
            try:
                text = input("you: " if self._live else "")
            except (EOFError, KeyboardInterrupt):
                return
            except UnicodeDecodeError:
                click.echo("bot: I could not read that line. Please type it again.\n")
                continue
            if not text.strip():
                continue
            if not self._live:
                click.echo(f"you: {text}\n")
            if self._record is not None:
                self._record.append(f"you: {text}")
            yield text

    def end(self) -> None:
        """Write the record, if one was asked for."""
        if self._record is not None and self._record_path is not None:
            self._record_path.write_text("\n\n".join(self._record) + "\n", encoding="utf-8")


# --- expense -------------------------------------------------------------------------------


@commands.command()
@click.argument("words")
@click.option("--account", help="fsa, lpfsa, hsa, hra, dcfsa, insurer or deduction.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def expense(places: _Places, words: str, account: str | None, lang: str, as_json: bool) -> None:
    """Look up one expense; with - in place of WORDS, one a line from standard input.

    Example: lmn-bot expense "massage gun" --account fsa
    """
    from bot.expenses import ACCOUNTS
    from bot.operators.lookup import look_up, sentences
    from bot.problems import did_you_mean

    if account is not None and account not in ACCOUNTS:
        hint = did_you_mean(account, ACCOUNTS) or f"Use one of {', '.join(ACCOUNTS)}."
        raise click.BadParameter(f'there is no account "{account}". {hint}')
    content = places.content()
    for line in sys.stdin if words == "-" else [words]:
        if words == "-" and not line.strip():
            continue
        found = look_up(content, line.strip(), account, lang, _now().date())
        if as_json:
            shape = ("query", "outcome", "matches", "verdict")
            click.echo(json.dumps({key: found[key] for key in shape}, ensure_ascii=False))
        else:
            click.echo("\n".join(sentences(found)))


# --- check ---------------------------------------------------------------------------------


@commands.command()
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
)
@click.pass_obj
def check(places: _Places, strict: bool, form: str) -> int:
    """Say everything that is wrong with the flows, templates and catalogue.

    Example: lmn-bot check --strict
    """
    from bot.library import check as find

    found = find(places.root, _now().date())
    for problem in found:
        click.echo(_shown(problem, form))
    failed = [one for one in found if strict or one.severity == "error"]
    if form == "text":
        click.echo(_many(len(failed), "error", "errors") if failed else _well(found))
    return FIXABLE if failed else 0


def _shown(problem: Problem, form: str) -> str:
    if form == "json":
        return json.dumps(
            {
                "path": problem.path,
                "line": problem.line,
                "column": problem.column,
                "severity": problem.severity,
                "what": problem.what,
                "hint": problem.hint,
            },
            ensure_ascii=False,
        )
    if form == "github":
        said = problem.said.replace("%", "%25").replace("\n", "%0A")
        return (
            f"::{problem.severity} file={problem.path},line={problem.line},"
            f"col={problem.column}::{said}"
        )
    return f"warning: {problem}" if problem.severity == "warning" else str(problem)


def _well(found: Sequence[Problem]) -> str:
    return f"All is well ({_many(len(found), 'warning', 'warnings')})." if found else "All is well."


# --- test ----------------------------------------------------------------------------------


@commands.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--update", is_flag=True, help="Rewrite stories with what the bot now says.")
@click.pass_obj
def test(places: _Places, paths: tuple[Path, ...], update: bool) -> int:
    """Play the stories (conversations as files) and say where the bot parts from them.

    Example: lmn-bot test tests/stories

    Begin a new story with `lmn-bot chat --record FILE`.
    """
    from bot.operators.stories import differences, played, read_story, retold

    guide = places.guide()
    found = [one for path in paths or (Path("tests/stories"),) for one in _stories(path)]
    failed = 0
    for path in found:
        story = read_story(_story_text(path), str(path))
        happened = played(story, guide)
        parted = differences(story, happened)
        if parted and update:
            path.write_text(retold(story, happened), encoding="utf-8")
            click.echo(f"updated {path}")
        elif parted:
            failed += 1
            click.echo("\n".join(parted))
    click.echo(f"{_many(len(found), 'story', 'stories')}, {failed} failed")
    return FIXABLE if failed or not found else 0


def _stories(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.txt"))
    if not path.exists():
        raise ProblemsError([Problem(str(path), 1, 1, "there is no such story")])
    return [path]


def _story_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        what = "this story cannot be read, or is not UTF-8 text"
        raise ProblemsError([Problem(str(path), 1, 1, what, "Save it as UTF-8.")]) from None


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


# --- translations --------------------------------------------------------------------------


@commands.group()
def translations() -> None:
    """Keep the Spanish texts in step with the English ones."""


@translations.command()
@click.argument("language", default="es", type=click.Choice(["es"]))
@click.pass_obj
def update(places: _Places, language: str) -> None:
    """Add new texts to flows/locales/LANGUAGE.po and mark changed ones.

    Example: lmn-bot translations update
    """
    from bot.library import read_files
    from bot.operators.translate import updated
    from bot.shelf import read

    files = read_files(places.root)
    shelf, problems = read(files)
    if problems:
        raise ProblemsError(problems)
    name = f"flows/locales/{language}.po"
    path = places.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(updated(shelf.english(), files.get(name, ""), name, language), encoding="utf-8")
    click.echo(f"updated {path}")


@translations.command("check")
@click.pass_obj
def check_translations(places: _Places) -> int:
    """Say which texts are not translated, or not from their present words.

    Example: lmn-bot translations check
    """
    from bot.library import check as find

    everything = find(places.root, _now().date())
    found = [one for one in everything if one.path.endswith(".po")]
    if before := [one for one in everything if one.severity == "error" and one not in found]:
        # What a broken flow would say in Spanish is not looked at yet: its silence is no praise.
        found = [*before, *found]
    for problem in found:
        click.echo(str(problem))
    if before:
        click.echo("Mend these first; then the translations can be looked at.")
        return FIXABLE
    click.echo(_many(len(found), "text to look at", "texts to look at") if found else _well(found))
    return FIXABLE if found else 0


# --- run -----------------------------------------------------------------------------------


@commands.command()
@click.option("--new-database", is_flag=True, help="Start empty, with a key that is there already.")
@click.pass_obj
def run(places: _Places, new_database: bool) -> None:
    """Serve on Telegram until stopped (Ctrl-C or SIGTERM).

    Example: LMN_BOT_TELEGRAM_TOKEN=… lmn-bot --config config.yaml run
    """
    from bot.config import TOKEN_VARIABLE, secrets_for_run

    config = places.config
    if config.telegram.token_file is None and not os.environ.get(TOKEN_VARIABLE):
        from bot.operators.serve import TOKENLESS

        click.echo(TOKENLESS, err=True)
        sys.exit(FIXABLE)
    held = secrets_for_run(config)
    from bot.operators.serve import serve

    serve(config, held, places.guide(), new_database=new_database)


# --- for whoever runs it -------------------------------------------------------------------


@commands.command()
@click.option("--online", is_flag=True, help="Also ask Telegram whether it knows the token.")
@click.pass_obj
def doctor(places: _Places, online: bool) -> int:
    """Say how this installation is; safe to paste anywhere.

    Example: lmn-bot --config config.yaml doctor --online

    It shows counts and settings, and no secret, no chat and nothing that anybody typed.
    """
    from bot.operators.doctor import examine

    code = 0
    config, today = places.config_or_problems, _now().date()
    for finding in examine(config, lambda: places.root, today, online=online):
        click.echo(str(finding))
        code = FIXABLE if finding.mend else code
    return code


@commands.command("rotate-key")
@click.pass_obj
def rotate_key(places: _Places) -> None:
    """Seal everything with a new key, also while the bot serves.

    Example: lmn-bot --config config.yaml rotate-key
    """
    from bot.operators.upkeep import rotate

    storage = places.config.storage
    rotate(storage)
    click.echo("Done. Back up the key file again, and keep the old copy with older backups:")
    click.echo(f"  {storage.key_file}")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(places: _Places, file: Path) -> None:
    """Copy the database into a new FILE, sealed as it is, also while the bot serves.

    Example: lmn-bot --config config.yaml backup /backups/lmn-bot-monday.db
    """
    from bot.operators.upkeep import copy

    copy(places.config.storage, file)
    click.echo(f"saved {file}. Keep the key apart from it; nothing opens it without the key.")


@commands.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def wipe(places: _Places, yes: bool) -> int:
    """Destroy the key, the database and the ledger, for shutting down for good.

    Example: lmn-bot --config config.yaml wipe
    """
    from bot.operators.upkeep import check_wipe, destroy

    storage = places.config.storage
    check_wipe(storage)
    if not yes:
        click.echo(f"This destroys everything that is kept in {storage.path}, and its key.")
        if click.prompt("Type wipe to go on", default="", show_default=False) != "wipe":
            click.echo("Nothing was destroyed.", err=True)
            return FIXABLE
    for path in destroy(storage):
        click.echo(f"destroyed {path}")
    click.echo("Copies that you made of the key elsewhere still open your backups: destroy them.")
    return 0
