import re
from pathlib import Path

from marketplace import demo

FROM_ELSEWHERE = re.compile(r"shared[/\"']|https?://|urllib|requests|environ|getenv", re.IGNORECASE)


def test_nothing_is_read_from_elsewhere():
    sources = [path for path in Path(demo.__file__).parent.rglob("*") if path.suffix in {".py", ".csv"}]
    assert len(sources) > 30
    assert [path.name for path in sources if FROM_ELSEWHERE.search(path.read_text(encoding="utf-8"))] == []
