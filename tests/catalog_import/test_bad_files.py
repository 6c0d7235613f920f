"""Bad files, read in a process of their own: each is answered by its one sentence, in Spanish, within time and memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERY = 9  # of the sample in the tier for each change
MEMORY, SECONDS = 512_000, 60  # kilobytes of the whole process, seconds for one file


def read_in_a_process(every: int) -> dict:
    command = [sys.executable, "-m", "tests.catalog_import.bad_files", str(every)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.feature("CI-1")
@pytest.mark.threat("I2")
@pytest.mark.parametrize(
    ("every", "least"), [(EVERY, 35), pytest.param(1, 300, marks=pytest.mark.long)], ids=["a sample", "all"]
)  # fmt: skip
def test_each_is_answered_by_its_sentence(every, least, record_property):
    read = read_in_a_process(every)

    files = read["files"]
    assert len({each["name"] for each in files}) == len(files) >= least
    assert [each for each in files if each["code"] != each["expected"]] == []
    assert [each for each in files if not is_spanish_sentence(each["sentence"])] == []
    assert [each for each in files if each["code"] in PLACED and not any(digit.isdigit() for digit in each["sentence"])] == []
    record_property("bad files", {"files": len(files), "kilobytes": read["kilobytes"], "slowest": max(e["seconds"] for e in files)})
    assert max(each["seconds"] for each in files) < SECONDS
    assert read["kilobytes"] < MEMORY


PLACED = {"zero_bytes", "encoding_mixed", "encoding_unknown", "quotation_mark_open", "cell_too_long"}


def is_spanish_sentence(sentence: str) -> bool:
    begins = sentence.startswith(("El ", "La ", "Al ", "A ", "Faltan", "Línea"))
    return begins and sentence.endswith((".", "…")) and "{" not in sentence
