"""What the suite costs, by tier, and what it proves, by row: a plugin of pytest.

Each test belongs to a tier with a budget of seconds (on one core, summed over workers). At the end the runner prints both.
With `--long`, or `--results FILE`, rows and figures go into one file: which rows of `features.md`, `reliability.md` and
`performance.md` have how many tests, and what `record_property` noted.
"""

import json
from collections import defaultdict
from pathlib import Path

BUDGETS = {"unit": 120, "database": 300, "browser": 300, "chaos": 120}
RESULTS = Path(__file__).resolve().parent.parent / ".results.json"
DATABASE = {"db", "db_or_own", "own_database", "template", "django_db_setup"}
ROWS = ("feature", "threat", "budget")


def pytest_addoption(parser):
    parser.addoption("--results", type=Path, help="write rows and figures here (with --long: .results.json)")


def pytest_collection_modifyitems(items):
    for item in items:
        item.user_properties.append(("tier", tier_of(item)))
        rows = [f"{mark.name} {mark.args[0]}" for mark in item.iter_markers() if mark.name in ROWS]
        item.user_properties.append(("rows", rows))


def tier_of(item) -> str:
    if item.get_closest_marker("browser"):
        return "browser"
    if item.get_closest_marker("chaos"):
        return "chaos"
    return "database" if DATABASE & set(item.fixturenames) else "unit"


def pytest_terminal_summary(terminalreporter, config):
    reports = [report for kind in terminalreporter.stats.values() for report in kind if hasattr(report, "duration")]
    if not reports:
        return
    terminalreporter.section("seconds by tier")
    for tier, seconds in seconds_by_tier(reports).items():
        over = "  OVER: move a test down a tier" if seconds > BUDGETS[tier] and not config.getoption("--long") else ""
        terminalreporter.write_line(f"{tier:9} {seconds:5.0f} of {BUDGETS[tier]}{over}")
    file = config.getoption("--results") or (RESULTS if config.getoption("--long") else None)
    if file:
        file.write_text(json.dumps(results_of(reports), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        terminalreporter.write_line(f"Rows and figures: {file}")


def seconds_by_tier(reports) -> dict[str, float]:
    sums = dict.fromkeys(BUDGETS, 0.0)
    for report in reports:
        sums[dict(report.user_properties)["tier"]] += report.duration
    return sums


def results_of(reports) -> dict:
    rows, figures = defaultdict(lambda: {"passed": 0, "failed": 0}), {}
    for report in reports:
        noted = dict(report.user_properties)
        if report.when == "call":
            for row in noted["rows"]:
                rows[row]["passed" if report.passed else "failed"] += 1
            found = {name: value for name, value in noted.items() if name not in ("tier", "rows")}
            if found:
                figures[report.nodeid] = found
    return {"rows": rows, "figures": figures}
