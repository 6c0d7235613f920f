"""The README's table of speed, made from what the bench wrote: `python -m tests.performance.bench.table FILE.json`."""

import json
import sys
from pathlib import Path

from .comparing import Ratio
from .machine import ROOT

BEGIN, END = "<!-- speed: begin -->\n", "<!-- speed: end -->\n"


def table_of(told: dict) -> str:
    """When and at what size it was measured, and a row for each figure."""
    rounds = "one round" if told["rounds"] == 1 else f"the medians of {told['rounds']} rounds, their span in brackets"
    head = f"{told['day']}, {told['products']:,} sheets, {told['categories']} categories, {rounds}:"
    rows = [row_of(Ratio(**{name: value for name, value in figure.items() if name != "holds"})) for figure in told["figures"]]
    return "\n".join([head, "", "| goal | measured | floor | holds |", "| --- | --- | --- | --- |", *rows, ""])


def row_of(one: Ratio) -> str:
    span = "" if one.low == one.high else f" ({one.low:.3g}–{one.high:.3g})"
    holds = "" if one.floor == "–" else "yes" if one.holds else "no"
    return f"| {one.goal} {one.what} | {one.ratio:.3g}{span} | {one.floor} | {holds} |"


def write_into(readme: Path, told: dict) -> None:
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}{table_of(told)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_into(ROOT / "README.md", json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
