import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot import config
from bot.config import Config, load, secrets_for_run
from bot.problems import ProblemsError
from bot.yaml_text import parse

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake012"
WHO = {
    "LMN_BOT_OPERATOR_NAME": "Maple Benefits",
    "LMN_BOT_OPERATOR_CONTACT": "privacy@example.com",
    "LMN_BOT_OPERATOR_RELATION": "an independent adviser",
}


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def refused(act, *arguments, folder=""):
    with pytest.raises(ProblemsError) as error:
        act(*arguments)
    return [str(one).replace(f"{folder}/" if folder else "", "") for one in error.value.problems]


# --- Defaults ---


def test_nothing_at_all_is_a_working_configuration():
    found = load(None, {})
    assert found.telegram.mode == "polling"
    assert found.telegram.base_url == "https://api.telegram.org"
    assert (found.storage.idle_days, found.storage.finished_days) == (30, 45)
    assert found.bot.language == "en"


def test_data_and_key_live_where_xdg_says_and_apart():
    found = load(None, {"XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/conf"}).storage
    assert found.path == Path("/data/lmn-bot/lmn-bot.db")
    assert found.key_file == Path("/conf/lmn-bot/lmn-bot.key")


def test_without_xdg_they_live_in_the_home_folder():
    found = load(None, {"XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "relative/is/ignored"}).storage
    assert found.path == Path.home() / ".local/share/lmn-bot/lmn-bot.db"
    assert found.key_file == Path.home() / ".config/lmn-bot/lmn-bot.key"


def test_an_empty_file_changes_nothing(write):
    assert load(write("# later\n"), {}) == load(None, {})
    assert load(write("operator:\n  # name: x\n"), {}) == load(None, {})


# --- The example ---


def test_the_example_has_every_key_and_no_other():
    written = parse(EXAMPLE.read_text("utf-8"), EXAMPLE.name).value
    assert {section: list(keys) for section, keys in written.items()} == {
        section: list(info.annotation.model_fields) for section, info in Config.model_fields.items()
    }


def test_the_example_shows_the_defaults():
    assert load(EXAMPLE, {}) == load(None, {})


def test_every_key_of_the_example_is_explained():
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"  \w+:", line):
            assert before.lstrip().startswith("#"), line


# --- The file ---


def test_the_file_is_named_by_the_argument_before_the_variable(write, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("log: {level: debug}\n", "utf-8")
    environment = {"LMN_BOT_CONFIG": str(other)}
    assert load(None, environment).log.level == "debug"
    assert load(write("log: {level: error}\n"), environment).log.level == "error"


def test_paths_are_relative_to_the_file_and_know_the_home_folder(write, tmp_path):
    found = load(write("storage: {path: data/x.db, key_file: ~/x.key}\ncontent: {path: /c}\n"), {})
    assert found.storage.path == tmp_path / "data/x.db"
    assert found.storage.key_file == Path.home() / "x.key"
    assert found.content.path == Path("/c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("storge: {}\n", '1:1: unknown key "storge". Did you mean "storage"?'),
        ("log:\n  levle: info\n", '2:3: unknown key "levle". Did you mean "level"?'),
        (
            "telegram:\n  mode: pull\n",
            '2:9: "mode" is "pull", which is not one of: polling, webhook.',
        ),
        (
            "telegram:\n  poll_timeout: 90\n",
            '2:17: "poll_timeout" is 90; it should be at most 50.',
        ),
        (
            "telegram:\n  webhook_url: http://x.org\n",
            '2:16: a webhook address starts with "https://".',
        ),
        (
            "telegram:\n  base_url: example\n",
            "2:13: this is not a web address. Write it like https://example.com.",
        ),
        (
            "telegram:\n  webhook_listen: 0.0.0.0\n",
            "2:19: this is not a host and a port. Write it like 127.0.0.1:8080.",
        ),
        (
            "telegram:\n  webhook_listen: ::99999\n",
            "2:19: this is not a host and a port. Write it like 127.0.0.1:8080.",
        ),
        ("- a\n", "1:1: the file should be a group of keys, not a list."),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(write, tmp_path, text, expected):
    assert refused(load, write(text), {}, folder=tmp_path) == [f"config.yaml:{expected}"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert refused(load, tmp_path / "no.yaml", {}, folder=tmp_path) == [
        "no.yaml: this file cannot be read (no such file or directory). Check its name and rights."
    ]


def test_an_address_may_end_in_a_slash_and_a_host_may_be_ipv6(write):
    text = 'telegram: {base_url: "http://localhost:8081/", webhook_listen: "[::1]:80"}\n'
    found = load(write(text), {}).telegram
    assert found.base_url == "http://localhost:8081"
    assert (found.listen_host, found.listen_port) == ("::1", 80)


# --- Secrets never stand in the file ---


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"telegram:\n  token: {TOKEN}\n", "2:10"),
        (f"telegram:\n  token_file: {TOKEN}\n", "2:15"),
        (f"# my token: {TOKEN}\n", "1:13"),
        (f"operator: [{TOKEN}\n", "1:12"),
    ],
)
def test_a_token_in_the_file_is_refused_and_not_repeated(write, tmp_path, text, place):
    [told] = refused(load, write(text), {}, folder=tmp_path)
    assert told.startswith(f"config.yaml:{place}: a bot token stands here. Put it in LMN_BOT_TELEG")
    assert TOKEN not in told


@pytest.mark.parametrize("key", ["token", "webhook_secret"])
def test_a_key_for_a_secret_says_where_the_secret_belongs(write, tmp_path, key):
    [told] = refused(load, write(f"telegram:\n  {key}: hush\n"), {}, folder=tmp_path)
    assert told.startswith(f'config.yaml:2:3: "{key}" may not stand in this file. Put it in LMN_')
    assert f"telegram.{key}_file" in told
    assert "hush" not in told


# --- The environment ---


@pytest.mark.parametrize(
    ("section", "key"),
    [
        (section, key)
        for section, info in Config.model_fields.items()
        for key in info.annotation.model_fields
    ],
)
def test_every_key_can_be_set_by_its_variable(section, key):
    values = {
        "base_url": "https://example.org",
        "mode": "webhook",
        "poll_timeout": "7",
        "webhook_url": "https://example.org/x",
        "webhook_listen": "0.0.0.0:1",
        "health_listen": "127.0.0.1:2",
        "timezone": "America/Chicago",
        "pace": "none",
        "idle_days": "9",
        "finished_days": "9",
        "level": "error",
        "language": "es",
    }
    value = values.get(key, "word")
    found = load(None, {f"LMN_BOT_{section}_{key}".upper(): value})
    assert str(getattr(getattr(found, section), key)) == value
    assert found != load(None, {})


def test_the_environment_wins_over_the_file(write):
    path = write("log: {level: error}\nbot: {language: es}\n")
    found = load(path, {"LMN_BOT_LOG_LEVEL": "debug", "LMN_BOT_BOT_LANGUAGE": ""})
    assert (found.log.level, found.bot.language) == ("debug", "es")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (
            "LMN_BOT_LOG_LEVEL",
            "inof",
            '"level" is "inof", which is not one of: debug, info, warning, error. Did you mean "info"?',
        ),
        (
            "LMN_BOT_BOT_TIMEZONE",
            "Chicago",
            "there is no such time zone. Write it like America/Chicago or America/Los_Angeles.",
        ),
        ("LMN_BOT_STORAGE_IDLE_DAYS", "x", '"idle_days" should be a whole number, not "x".'),
        (
            "LMN_BOT_STORAGE_PTAH",
            "x",
            'there is no such setting. Did you mean "LMN_BOT_STORAGE_PATH"?',
        ),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(variable, value, expected):
    assert refused(load, None, {variable: value}) == [f"{variable}: {expected}"]


def test_variables_that_kubernetes_adds_are_left_alone():
    environment = {"LMN_BOT_SERVICE_HOST": "10.0.0.1", "LMN_BOT_PORT": "tcp://10.0.0.1:80"}
    assert load(None, environment) == load(None, {})


# --- What `run` needs ---


def test_run_needs_an_operator_and_a_token_and_says_so_at_once():
    told = refused(secrets_for_run, load(None, {}), {})
    assert [line.split(":")[0] for line in told] == [
        "operator.contact",
        "operator.name",
        "operator.relation",
        "telegram",
    ]
    assert "LMN_BOT_OPERATOR_NAME" in told[1]
    assert "LMN_BOT_TELEGRAM_TOKEN" in told[3]


def test_the_token_comes_from_the_environment():
    environment = {**WHO, "LMN_BOT_TELEGRAM_TOKEN": f"{TOKEN}\n"}
    found = secrets_for_run(load(None, environment), environment)
    assert found.token.get_secret_value() == TOKEN
    assert found.webhook_secret is None


def test_the_token_comes_from_a_file_of_its_own(tmp_path):
    file = tmp_path / "token.txt"
    file.write_text(f"{TOKEN}\n")
    environment = {**WHO, "LMN_BOT_TELEGRAM_TOKEN_FILE": str(file)}
    found = secrets_for_run(load(None, environment), environment)
    assert found.token.get_secret_value() == TOKEN


def test_secrets_do_not_show_themselves():
    environment = {**WHO, "LMN_BOT_TELEGRAM_TOKEN": TOKEN}
    assert TOKEN not in repr(secrets_for_run(load(None, environment), environment))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (None, "this file cannot be read (no such file or directory). Check its name and rights."),
        (b" \n", "this file holds no secret."),
        (b"\xff\xfe", "this file holds no secret."),
        (b"hello", "this does not hold a bot token. Copy it again from @BotFather; it looks like"),
    ],
)
def test_a_token_file_without_a_token_is_told(tmp_path, held, expected):
    file = tmp_path / "token.txt"
    if held is not None:
        file.write_bytes(held)
    environment = {**WHO, "LMN_BOT_TELEGRAM_TOKEN_FILE": str(file)}
    [told] = refused(secrets_for_run, load(None, environment), environment, folder=tmp_path)
    assert told.startswith(f"token.txt: {expected}")
    assert "hello" not in told


WEBHOOK = {**WHO, "LMN_BOT_TELEGRAM_TOKEN": TOKEN, "LMN_BOT_TELEGRAM_MODE": "webhook"}


def test_a_webhook_needs_its_address_and_its_secret():
    told = refused(secrets_for_run, load(None, WEBHOOK), WEBHOOK)
    assert [line.split(":")[0] for line in told] == ["telegram", "telegram.webhook_url"]
    assert config.SECRET_VARIABLE in told[0]


def test_a_webhook_with_both_is_ready():
    environment = {
        **WEBHOOK,
        "LMN_BOT_TELEGRAM_WEBHOOK_URL": "https://example.org/x",
        "LMN_BOT_TELEGRAM_WEBHOOK_SECRET": "a-long_word1",
    }
    found = secrets_for_run(load(None, environment), environment)
    assert found.webhook_secret.get_secret_value() == "a-long_word1"


def test_a_secret_that_telegram_refuses_is_told_and_not_repeated():
    environment = {
        **WEBHOOK,
        "LMN_BOT_TELEGRAM_WEBHOOK_URL": "https://example.org/x",
        "LMN_BOT_TELEGRAM_WEBHOOK_SECRET": "no spaces!",
    }
    [told] = refused(secrets_for_run, load(None, environment), environment)
    assert told == (
        "LMN_BOT_TELEGRAM_WEBHOOK_SECRET: this secret has signs that Telegram refuses. "
        "Telegram takes up to 256 letters, digits, _ and -."
    )
