"""Templates and texts: entities where Telegram counts them, cuts where a reader would make them,
and answers that are only ever values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from bot.messages import (
    BLANK,
    FILTERS,
    TAGS,
    Rich,
    Shown,
    Templates,
    html_problems,
    plain,
    read_template,
    rich,
    split,
)
from bot.outgoing import Entity, utf16_length
from tests.guiding import shipped_files


def rendered(source: str, **names: object) -> str:
    return Templates({}).text(source, names).text


def marked(text: str, entity: Entity) -> str:
    """The stretch of text that an entity marks, cut as Telegram cuts it."""
    units = text.encode("utf-16-le", "surrogatepass")
    cut = units[entity.offset * 2 : (entity.offset + entity.length) * 2]
    return cut.decode("utf-16-le")


# --- HTML to entities ------------------------------------------------------------------------


def test_text_without_marks_is_itself():
    assert rich("Which account?") == Rich("Which account?")


@pytest.mark.parametrize(("tag", "kind"), TAGS.items())
def test_every_tag_that_telegram_knows_becomes_an_entity(tag, kind):
    found = rich(f"a <{tag}>bold</{tag}> b")
    assert found.text == "a bold b"
    assert [(one.type, one.offset, one.length) for one in found.entities] == [(kind, 2, 4)]


def test_a_link_keeps_its_address():
    found = rich('<a href="https://irs.gov/?a=1&amp;b=2">the IRS</a>')
    assert found.entities == (Entity("text_link", 0, 7, "https://irs.gov/?a=1&b=2"),)


def test_offsets_count_utf16_units_so_emoji_count_twice():
    found = rich("💆💆 <b>a💊b</b> é <i>fin</i>")
    assert found.entities == (Entity("bold", 5, 4), Entity("italic", 12, 3))
    assert [marked(found.text, one) for one in found.entities] == ["a💊b", "fin"]


def test_marks_nest():
    found = rich("<b>one <i>two</i></b>")
    assert found.entities == (Entity("bold", 0, 7), Entity("italic", 4, 3))


def test_marks_around_nothing_are_left_out():
    assert rich("a<b></b>b") == Rich("ab")


def test_escaped_signs_come_back_as_signs():
    assert rich("1 &lt; 2 &amp; 3 &gt; 2").text == "1 < 2 & 3 > 2"


def test_blank_lines_that_conditions_leave_behind_are_closed_up():
    assert rich("\n a \t\n\n\n\nb\n\n").text == "a\n\nb"


def test_two_texts_joined_keep_their_marks_in_place():
    joined = rich("💊<b>a</b>") + plain("\n\n") + rich("<i>b</i>")
    assert joined.text == "💊a\n\nb"
    assert [marked(joined.text, one) for one in joined.entities] == ["a", "b"]


pieces = st.lists(
    st.tuples(
        st.sampled_from([*TAGS, ""]),
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), min_size=1
        ),
    ),
    max_size=6,
)


@given(pieces)
def test_each_entity_marks_exactly_its_words(parts):
    html = "|".join(f"<{tag}>{words}</{tag}>" if tag else words for tag, words in parts)
    found = rich(f"^{html}^")
    wanted = sorted((TAGS[tag], words) for tag, words in parts if tag)
    assert sorted((one.type, marked(found.text, one)) for one in found.entities) == wanted
    assert found.text == "^" + "|".join(words for _, words in parts) + "^"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<h1>Hello</h1>", ["<h1> is not among the tags Telegram shows"]),
        ("<b>Hello", ["<b> is never closed"]),
        ("Hello</b>", ["</b> closes nothing that is open"]),
        ("<b><i>Hello</b></i>", ["</b> closes nothing that is open", "<b> is never closed"]),
        ("a<br>b", ["<br> is not among the tags Telegram shows"]),
        ('<script>alert("x")</script>', ["<script> is not among the tags Telegram shows"]),
        ("{% if a %}<b>{% endif %}x</b>", []),
        ("<b>{{ name }}</b> &lt;", []),
    ],
)
def test_wrong_tags_are_said_in_words(html, said):
    assert html_problems(html) == said


# --- splitting -------------------------------------------------------------------------------


def test_a_short_text_stays_whole():
    whole = rich("<b>short</b>")
    assert split(whole) == (whole,)
    assert split(Rich("")) == ()


def test_a_long_text_is_cut_at_paragraphs():
    paragraphs = [f"{letter * 30}" for letter in "abcd"]
    parts = split(Rich("\n\n".join(paragraphs)), 70)
    assert [part.text for part in parts] == [
        f"{paragraphs[0]}\n\n{paragraphs[1]}",
        f"{paragraphs[2]}\n\n{paragraphs[3]}",
    ]


def test_a_long_paragraph_is_cut_at_lines_and_a_long_line_at_words():
    assert [part.text for part in split(Rich("one two\nthree four"), 11)] == [
        "one two",
        "three four",
    ]
    assert [part.text for part in split(Rich("one two three"), 8)] == ["one two", "three"]


def test_a_word_without_end_is_cut_between_characters():
    parts = split(Rich("💆" * 10), 7)
    assert [part.text for part in parts] == ["💆" * 3, "💆" * 3, "💆" * 3, "💆"]


def test_a_mark_across_a_cut_goes_on_in_the_next_part():
    parts = split(rich("<b>one two</b> three"), 5)
    assert [[marked(part.text, one) for one in part.entities] for part in parts] == [
        ["one"],
        ["two"],
        [],
    ]


words = st.text(st.sampled_from("ab é💊👩‍⚕\n "), max_size=120)


@given(words, st.integers(min_value=2, max_value=40), st.data())
def test_every_part_fits_and_no_word_or_mark_is_lost(text, limit, data):
    units = utf16_length(text)
    entities: list[Entity] = []
    for _ in range(data.draw(st.integers(0, 3)) if text else 0):
        first = data.draw(st.integers(0, len(text) - 1))
        last = data.draw(st.integers(first + 1, len(text)))
        offset = utf16_length(text[:first])
        entities.append(Entity("bold", offset, utf16_length(text[:last]) - offset))
    parts = split(Rich(text, tuple(entities)), limit)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())
    for part in parts:
        size = utf16_length(part.text)
        assert size <= max(limit, 2)
        for one in part.entities:
            assert one.length > 0
            assert 0 <= one.offset <= one.offset + one.length <= size
            marked(part.text, one)  # a cut inside a surrogate would not decode
    assert utf16_length(text) == units


@given(st.text(max_size=300), st.integers(min_value=2, max_value=50))
def test_whatever_is_split_every_part_but_a_blank_one_can_be_sent(text, limit):
    parts = split(Rich(text), limit)
    assert all(utf16_length(part.text) <= limit for part in parts)
    assert all(part.text for part in parts)


# --- values ----------------------------------------------------------------------------------

INJECTIONS = (
    "<b>{{ 7*7 }}</b>",
    "{% for x in answers %}{{ x }}{% endfor %}",
    "{% set a = 1 %}",
    "{{ account.__class__.__mro__ }}",
    "{# gone #}",
    '<a href="https://evil.example">tap</a>',
    "&lt;b&gt; &amp;amp; &#x41;",
    "</b><i>",
    "<!-- x --> <![CDATA[ y ]]> <?php ?>",
    "{{",
    "%}",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_answer_stays_the_text_that_was_typed(text):
    found = Templates({}).text("You said: <b>{{ tried }}</b>.", {"tried": Shown(text)})
    assert found.text == f"You said: {text}."
    assert [marked(found.text, one) for one in found.entities] == [text]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_any_answer_stays_the_text_that_was_typed(text):
    assert rendered("|{{ tried }}|{{ raw }}|", tried=Shown(text), raw=text) == (
        f"|{text or BLANK}|{text}|"
    )


def test_an_answer_rendered_twice_is_not_read_as_a_template():
    once = rendered("{{ tried }}", tried=Shown("{{ 7*7 }}"))
    assert rendered("{{ said }}", said=once) == "{{ 7*7 }}"


def test_a_skipped_answer_tests_false_and_prints_a_blank_line():
    source = "{% if tried %}yes{% else %}no{% endif %} {{ tried }}"
    assert rendered(source, tried=Shown()) == f"no {BLANK}"
    assert rendered(source, tried=Shown("heat")) == "yes heat"


def test_an_answer_is_tested_by_its_id_not_by_its_label():
    source = '{% if account.id == "hsa" %}{{ account }}{% endif %}'
    assert rendered(source, account=Shown("My savings", "hsa")) == "My savings"
    assert rendered(source, account=Shown("hsa", "fsa")) == ""


def test_a_name_that_is_not_given_is_an_error_and_no_silence():
    with pytest.raises(TemplateError):
        rendered("{{ unheard_of }}")


# --- what a template may do ------------------------------------------------------------------

REFUSED = {
    "a call": "{{ answers() }}",
    "a method": "{{ account.upper() }}",
    "a class": "{{ account.__class__ }}",
    "a class of a class": "{{ account.__class__.__mro__ }}",
    "an item": '{{ account["__class__"] }}',
    "an index": "{{ answers[0] }}",
    "range": "{% for x in range(999999999) %}x{% endfor %}",
    "a sum": "{{ 1 + 1 }}",
    "a product": '{{ "a" * 99999999 }}',
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a remainder": '{{ "%s" % account }}',
    "joined text": "{{ account ~ account }}",
    "set": "{% set a = account %}",
    "a block set": "{% set a %}x{% endset %}",
    "a macro": "{% macro a() %}x{% endmacro %}",
    "a call block": "{% call a() %}x{% endcall %}",
    "an include": '{% include "en/checklist" %}',
    "an import": '{% import "en/checklist" as c %}',
    "from": '{% from "en/checklist" import c %}',
    "extends": '{% extends "en/checklist" %}',
    "a block": "{% block a %}x{% endblock %}",
    "with": "{% with a = account %}x{% endwith %}",
    "a filter block": "{% filter upper %}x{% endfilter %}",
    "an unlisted filter": "{{ account | tojson }}",
    "safe": "{{ account | safe }}",
    "attr": '{{ account | attr("__class__") }}',
    "map": '{{ answers | map("upper") }}',
    "format": '{{ "{0.__class__}" | format(account) }}',
    "center": "{{ account | center(99999999) }}",
    "a test": "{% if account is defined %}x{% endif %}",
    "a loop in a loop in a loop": (
        "{% for a in answers %}{% for b in answers %}{% for c in answers %}x"
        "{% endfor %}{% endfor %}{% endfor %}"
    ),
    "a loop over text": '{% for a in "aaa" %}x{% endfor %}',
    "a loop over a list of its own": "{% for a in [1, 2] %}x{% endfor %}",
    "a loop over a filter": "{% for a in answers | list %}x{% endfor %}",
    "a loop that calls itself": "{% for a in answers recursive %}{{ loop(a) }}{% endfor %}",
    "a loop with a test": "{% for a in answers if a %}x{% endfor %}",
    "a loop over pairs": "{% for a, b in answers %}x{% endfor %}",
    "a dictionary": '{{ {"a": 1} }}',
    "a slice": "{{ answers[:1] }}",
    "greater than": "{% if account > 3 %}x{% endif %}",
    "minus": "{{ -account }}",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_a_template_that_does_more_than_print_choose_and_repeat_is_refused(source):
    _, faults = read_template(source)
    assert faults
    assert all(fault.line == 1 and fault.what for fault in faults)


@pytest.mark.parametrize("name", ["__class__", "__init__", "__globals__", "__subclasses__", "_x"])
def test_the_environment_itself_reaches_no_attribute(name):
    """The second lock: `check` is bypassed, the value is one of ours."""
    with pytest.raises(TemplateError):
        rendered("{{ account." + name + " }}", account=Shown("a", "b"))
    with pytest.raises(TemplateError):
        rendered('{{ account["' + name + '"] }}', account=Shown("a", "b"))


def test_the_environment_itself_knows_no_functions():
    for name in ("range", "dict", "lipsum", "cycler", "joiner", "namespace"):
        with pytest.raises(TemplateError):
            rendered("{{ " + name + "(9) }}")


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("a\n{{ b + 1 }}", 2, "`+` is not allowed in a template"),
        ("{% set a = 1 %}", 1, "`set` is not allowed in a template"),
        ("{{ a() }}", 1, "`a call with ( )` is not allowed in a template"),
        ("\n\n{{ a | safe }}", 3, "`safe` is not among the filters a template may use"),
        ("{% if a is b %}{% endif %}", 1, "`is` is not allowed in a template"),
        ("{{ a", 1, '"{{" is not closed with "}}"'),
        ("b\n{{ a }", 2, '"{{" is not closed with "}}"'),
        ("{% fi a %}", 1, "a template has no `{% fi %}`"),
        ("{{ a b }}", 1, "the template cannot be read: expected token"),
        ("{% for a in b if a %}{% endfor %}", 1, "a `for` repeats over a whole list"),
        ("{% for a in b recursive %}{% endfor %}", 1, "a `for` repeats over a whole list"),
        ("a\n{% if a %}\nb\nc", 2, "`{% if … %}` is never closed"),
        ("{% for a in b %}{% if a %}{% endfor %}", 1, "`{% endfor %}` closes nothing that is open"),
        ("{{ a.b.c }}", 1, "only a name may stand before a dot"),
    ],
)
def test_a_refusal_says_where_and_what(source, line, said):
    (fault,) = read_template(source)[1]
    assert fault.line == line
    assert fault.what.startswith(said)


@pytest.mark.parametrize(
    "source",
    [
        "{{" * 2000,
        "{% if a %}" * 300 + "{% endif %}" * 300,
        "{{ " + "(" * 3000 + "a" + ")" * 3000 + " }}",
        "{{ " + "not " * 3000 + "a }}",
        "{{ a" + ".b" * 3000 + " }}",
        "\0",
        "{% raw %}{{ a }}{% endraw %}",
    ],
)
def test_no_template_however_deep_breaks_the_reader(source):
    uses, faults = read_template(source)
    assert isinstance(uses, tuple)
    assert isinstance(faults, tuple)


@given(st.text(st.sampled_from("{}%# abif.endforlse|()'\"=+[]0\n"), max_size=60))
def test_whatever_is_written_it_is_read_or_refused(source):
    uses, faults = read_template(source)
    assert all(use.name for use in uses)
    assert all(fault.what for fault in faults)


def test_names_are_listed_with_their_line_and_whether_an_if_guards_them():
    source = (
        "{{ a }}\n{% if b %}{{ b }} {{ c.id }}{% else %}{{ b }}{% endif %}\n"
        "{% for line in answers %}{{ line.label }}{{ loop.index }}{% endfor %}"
        "{{ 'x' if d else e }}"
    )
    uses, faults = read_template(source)
    assert faults == ()
    assert [(use.name, use.line, use.guarded, use.repeated) for use in uses] == [
        ("a", 1, False, False),
        ("b", 2, True, False),
        ("b", 2, True, False),
        ("c.id", 2, False, False),
        ("b", 2, False, False),
        ("answers", 3, False, True),
        ("d", 3, True, False),
        ("e", 3, False, False),
    ]


@pytest.mark.parametrize(
    ("test", "guarded"),
    [
        ("a", True),
        ("a and b", True),
        ("b and a", True),
        ('a == "x"', True),
        ('a.id == "x"', True),
        ('a.id in ["x"]', True),
        ("a | length", True),
        ("a or b", False),
        ("not a", False),
        ('a != "x"', False),
        ('a.id != "x"', False),
        ('a.id not in ["x"]', False),
        ('"x" == b', False),
    ],
)
def test_an_if_guards_a_name_only_where_it_is_surely_answered(test, guarded):
    uses, faults = read_template("{% if " + test + " %}{{ a }}{% endif %}")
    assert faults == ()
    assert uses[-1].name == "a"
    assert uses[-1].guarded is guarded


def test_only_listed_filters_exist():
    for name in FILTERS:
        argument = '(", ")' if name == "join" else ""
        assert read_template("{{ a | " + name + argument + " }}")[1] == ()


def test_every_shipped_template_holds_only_what_is_safe():
    for path, source in shipped_files().items():
        if path.endswith(".j2"):
            assert read_template(source)[1] == (), path
            assert html_problems(source) == [], path


@pytest.mark.parametrize(
    "source",
    [
        "{% if a %}" * 100 + "b" + "{% endif %}" * 100,
        "{% if " + " or ".join(["a"] * 5_000) + " %}b{% endif %}",
        "{{ " + "not " * 300 + "a }}",
        "{{ " + "(" * 5_000 + "a" + ")" * 5_000 + " }}",
        "{% if a %}" + "{% elif a %}b" * 3_000 + "{% endif %}",
    ],
)
def test_what_python_could_not_run_is_refused_and_not_tried(source):
    uses, (fault,) = read_template(source)
    assert uses == ()
    assert fault.what == "the template is nested too deeply to be read"


def test_what_is_just_not_refused_can_be_run():
    deep = "{% if a %}" * 45 + "b" + "{% endif %}" * 45
    wide = "{% if not a %}" + "{% elif not a %}" * 200 + "{% else %}c{% endif %}"
    long = "{{ " + "not " * 46 + "a }}"
    for source in (deep, wide, long):
        assert read_template(source)[1] == ()
    said = [Templates({}).render(source, {"a": True}) for source in (deep, wide, long)]
    assert said == ["b", "c", "True"]


def test_a_misspelled_block_is_told_its_name():
    (fault,) = read_template("{% if a %}b{% elseif c %}d{% endif %}")[1]
    assert fault.hint == 'Did you mean "elif"?'


@pytest.mark.parametrize("link", ["https://a.b", "{{ url }}", "https://a.b/{{ id }}", "tel:911"])
def test_a_link_leads_somewhere(link):
    assert html_problems(f'<a href="{link}">x</a>') == []


@pytest.mark.parametrize("tag", ["<a>", '<a href="">', '<a href="javascript:x">', '<a name="b">'])
def test_a_link_that_telegram_would_refuse_is_refused_before(tag):
    assert len(html_problems(f"{tag}x</a>")) == 1


def test_nothing_stands_inside_code():
    assert html_problems("<code>a <b>b</b></code>") == ["<b> may not stand inside <code>"]
    assert html_problems("<b>a <code>b</code></b>") == []
