"""The alarms for Prometheus name figures and labels that exist, fire when they should, and stay silent otherwise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from survey.foundation.configuration.settings import ROOT

RULES = ROOT / "deploy/prometheus-alerts.yml"
PROMTOOL = shutil.which("promtool")
OURS = re.compile(r"\bhai_long_\w+")
LABELS = '{job="hai-long"}'
# promtool begins on Thursday, 1 January 1970, 7:00 in Viet Nam; figures come every minute.
AT_HALF_PAST_NINE, IN_THE_EVENING = "2h30m", "10h30m"
# Figures with which an alarm has something to say, and figures with which it has nothing.
CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "HaiLongDown": ({f"up{LABELS}": "0x700"}, {f"up{LABELS}": "1x700"}),
    "HaiLongNotReady": ({"hai_long_ready": "0x700"}, {"hai_long_ready": "1x700"}),
    "HaiLongErrors": (
        {'hai_long_requests_total{status="200"}': "0+90x700", 'hai_long_requests_total{status="503"}': "0+10x700"},
        {'hai_long_requests_total{status="200"}': "0+990x700", 'hai_long_requests_total{status="503"}': "0+10x700"},
    ),
    "HaiLongAnswersRefused": (
        {'hai_long_answers_total{channel="qr",status="invalid"}': "0+10x700"},
        {'hai_long_answers_total{channel="qr",status="stored"}': "0+10x700"},
    ),
    "HaiLongKiosksSilent": (
        {'hai_long_devices_silent{province="dak-lak"}': "2x700"},
        {'hai_long_devices_silent{province="dak-lak"}': "0x700"},
    ),
    "HaiLongUnsent": (
        {'hai_long_device_oldest_unsent_seconds{province="dak-lak"}': "90000x700"},
        {'hai_long_device_oldest_unsent_seconds{province="dak-lak"}': "600x700"},
    ),
}


def rules() -> list[dict[str, Any]]:
    content = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in content["groups"] for rule in group["rules"]]


def test_every_alarm_names_figures_and_labels_that_exist_and_says_in_vietnamese_what_is_wrong(world: Flask) -> None:
    text = world.test_client().get("/metrics").text
    known = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    declared = {family.name for family in text_string_to_metric_families(text)}
    for rule in rules():
        for name in OURS.findall(rule["expr"]):
            assert name in known or name.removesuffix("_total") in declared, (rule["alert"], name)
        assert re.search(r"[à-ỹ]", rule["annotations"]["summary"]), rule["alert"]


def test_every_alarm_has_its_case() -> None:
    assert [rule["alert"] for rule in rules()] == list(CASES)


def case(alarm: str, series: dict[str, str], at: str, *, fires: bool) -> dict[str, Any]:
    """A test as promtool reads it: the alarm at a time, with all its labels and words, or its silence."""
    (rule,) = (rule for rule in rules() if rule["alert"] == alarm)
    names = {"HaiLongAnswersRefused": ("channel", "qr"), "HaiLongDown": ("job", "hai-long")}
    name, value = names.get(alarm, ("province", "dak-lak"))
    labelled = alarm not in ("HaiLongNotReady", "HaiLongErrors")
    words = rule["annotations"]["summary"].replace("{{ $value }}", "2")
    told = {
        "exp_labels": {name: value} if labelled else {},
        "exp_annotations": {"summary": re.sub(r"\{\{ \$labels\.\w+ \}\}", value, words)},
    }
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": at, "alertname": alarm, "exp_alerts": [told] if fires else []}],
    }


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed here (Debian's package prometheus)")
def test_an_alarm_fires_when_it_should_and_else_is_silent(tmp_path: Path) -> None:
    subprocess.run([str(PROMTOOL), "check", "rules", str(RULES)], check=True, capture_output=True)
    healthy = {f"up{LABELS}": "1x700", "hai_long_ready": "1x700"}
    checks = []
    for alarm, (bad, good) in CASES.items():
        for series, fires in ((bad, True), (good, False)):
            checks.append(case(alarm, healthy | series, AT_HALF_PAST_NINE, fires=fires))
    silent = CASES["HaiLongKiosksSilent"][0]
    checks.append(case("HaiLongKiosksSilent", healthy | silent, IN_THE_EVENING, fires=False))
    file = tmp_path / "alarms.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": checks}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
