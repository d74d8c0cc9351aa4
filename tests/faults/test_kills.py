"""The bot as a process, killed again and again: 0 lost, 0 doubled, 0 out of order."""

from __future__ import annotations

from tests.faults.kills import killing


async def test_every_answer_is_kept_once_and_in_order_however_often_the_bot_is_killed(tmp_path):
    report = await killing(tmp_path, turns=500, kills=25)
    said = "\n".join(report.lines())
    assert report.turns >= 500, said
    assert report.kills >= 25, said
    assert report.findings == [], said
    assert (report.lost, report.doubled, report.out_of_order) == (0, 0, 0), said
    assert report.repeats <= report.unmarked, said
