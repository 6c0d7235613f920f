"""Reads the data files of `law/`: comma separated, with a header; lines that start with # tell the source."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

LAW = Path(__file__).parent.parent / "law"


def law_rows(name: str) -> list[dict[str, str]]:
    """`name`: the file's name without its ending. One dict per line, keyed by the header."""
    return table_rows(LAW / f"{name}.csv")


def table_rows(path: Path) -> list[dict[str, str]]:
    """Any file written in the way of `law/`."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@dataclass(frozen=True)
class Parameter:
    """One figure of the rules, from a day until another (half-open), with its source and grade (A to C, or U: unverified)."""

    name: str
    value: Decimal
    valid_from: date
    valid_until: date | None
    source: str
    grade: str

    @property
    def is_verified(self) -> bool:
        return self.grade != "U"

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@cache
def parameters() -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            row["name"],
            Decimal(row["value"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            row["source"],
            row["grade"],
        )
        for row in law_rows("parameters")
    )


def parameter_on(name: str, on: date) -> Parameter:
    """The figure that held on a day, from `law/parameters.csv`. Raises LookupError where none did."""
    found = [each for each in parameters() if each.name == name and each.is_in_force(on)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} values of {name} on {on}")
    return found[0]
