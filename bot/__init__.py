"""lmn-bot: does this expense need a Letter of Medical Necessity, and how do I get one?

This is the map of the house. A message travels down the list; a room imports only rooms above it.

    problems            what is wrong, where, and what to try
    yaml_text           YAML text -> values that know their line and column; traps closed
    shapes              values -> models; a model's complaints in plain words
    sources             the pages that state facts, each with its dates
    flow                what an operator writes: Flow, Step, Choice, Condition
    dates               dates as people type them; which purchases a letter covers
    expenses            the expense catalogue: what an entry says
    intents             what a message is, apart from its item: a greeting, a card number
    search              words -> entries
    plan_files          what an operator writes about administrators and employers
    plans               accounts, administrators, employers -> the plan facts of one person
    returned            the letter that came back: what it lacks, which purchases it covers
    reasons             the sentences behind a verdict, each with the rule it rests on
    eligibility         expense + account + plan -> Verdict, with reasons and dated sources
    session             where one person stands: the answers so far, and nearly nothing else
    effects             what was heard, what should happen next: two small vocabularies
    machine             a Flow compiled; Session + Heard -> Turn
    question_words      the words of a question -> what they ask, and whether they ask at all
    questions           questions people ask at any point -> short sourced answers
    safety              emergency words -> help card; imports nothing of ours
    translations        PO files -> texts
    outgoing            what is sent to one person: messages, edits, files, notices
    shared_texts        the names of the texts that are the same everywhere
    messages            templates and texts -> plain text with entities, split where it must be
    case                what one person's answers amount to: plan facts, verdict, names for texts
    answers             what somebody typed at a question -> an answer, or why it does not fit
    asking              which question of theirs the words are, and what follows
    wording             each effect worded for one person's case, with its buttons
    conversation        one turn, start to finish; declares the Store it needs
    shelf               files' texts -> all that the guide needs, and what is wrong with them
    checks/             every rule a set of flows must satisfy, one function each
    ------------------- pure core above, edges below -------------------
    library             flows/ and templates/ read from disk, checked, swapped whole
    config              config.yaml and the environment -> Config
    sealing             answers at rest: encrypt, decrypt, rotate
    ledger              deletions that must stay deleted when an old backup is put back
    storage             what every Store promises, in values
    storage_sqlite      the Store on SQLite, the embedded default
    logs                structured lines that cannot hold a text, a name or a token
    telegram_inbound    updates -> Heard, by polling or webhook; acknowledged after the commit
    telegram_outbound   outbox -> Telegram, paced, in order
    web                 webhook, health, metrics
    serving             the bot, started and stopped: store, inbound and sender wired
    operators/          what the commands do: many of one kind
    cli                 the commands
    __main__            `python -m bot` is `lmn-bot`

The core takes values and returns values: no clock, no files, no network.
tests/test_house.py reads this list and fails on a room that breaks it.
"""

__version__ = "0.1.0"
