"""Reads the data files of `law/`: comma separated, with a header; lines that start with # tell the source."""

import csv
from pathlib import Path

LAW = Path(__file__).parent.parent / "law"


def law_rows(name: str) -> list[dict[str, str]]:
    """`name`: the file's name without its ending. One dict per line, keyed by the header."""
    return table_rows(LAW / f"{name}.csv")


def table_rows(path: Path) -> list[dict[str, str]]:
    """Any file written in the way of `law/`."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
