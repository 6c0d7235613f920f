"""Each decision has its page, and each page names tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = sorted((ROOT / "marketplace/docs/decisions").glob("*.md"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_is_held_by_tests_that_exist(record):
    held_by = record.read_text(encoding="utf-8").partition("Held by")[2]
    named = re.findall(r"`([\w/.]+\.py)(?:::(\w+))?`", held_by)

    assert named, "name the tests that hold it"
    missing = [f"{file}::{test}" for file, test in named if not exists(file, test)]
    assert missing == []


def exists(file: str, test: str) -> bool:
    path = ROOT / file
    if not path.exists() or not file.startswith("tests/"):
        return False
    functions = [node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    return test in functions if test else any(name.startswith("test_") for name in functions)


def test_a_record_is_one_page():
    assert {record.name: lines for record in RECORDS if (lines := record.read_text(encoding="utf-8").count("\n")) > 40} == {}
