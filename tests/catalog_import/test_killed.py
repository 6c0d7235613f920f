"""kill -9 in each phase: nothing is half done, and the same command finishes the work."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from stdnum import ean

from catalog_import.models import ImportRun, Proposal, StagedRow
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import Price, StockRecord
from tests.databases import address_of, cloned, connected_to
from tests.processes import until

from .conftest import text_of

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parent.parent.parent
# where the process dies: just before this function is called for the first time
PHASES = {
    "before reading": ("catalog_import.services.open_table", "reading"),
    "rows staged": ("catalog_import.services.judge_file", "reading"),
    "rows kept": ("catalog_import.services._count", "reading"),
    "about to apply": ("catalog_import.services.rows_take_up", "preview"),
    "half applied": ("marketplace.shop.partner.bulk.in_thousands", "preview"),
    "proposals written": ("catalog_import.deciding.sheets_hold", "preview"),
    "sheets made": ("catalog_import.deciding.items_adjudicate", "preview"),
    "all written": ("catalog_import.deciding._close", "preview"),
}
DIES = """
import os, signal, sys
import django
django.setup()
from importlib import import_module
from django.core.management import call_command
from marketplace.kernel.acting import acting
module, name = sys.argv[1].rsplit(".", 1)
setattr(import_module(module), name, lambda *args, **options: os.kill(os.getpid(), signal.SIGKILL))
with acting("killed"):
    call_command("import_catalogue", *sys.argv[2:])
"""


@pytest.mark.feature("CI-5")
@pytest.mark.threat("I1")
@pytest.mark.parametrize("phase", PHASES)
def test_killed(own_database, market, hp, phase, tmp_path):
    place, status = PHASES[phase]
    arguments = [str(hp), "--supplier", market.supplier.ruc, "--agreement", market.agreement.code, "--publish"]
    environment = os.environ | {
        "DATABASE_URL": address_of(own_database), "SOCE_DATA": str(tmp_path), "SECRET_KEY": "only here",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.development",
    }  # fmt: skip

    died = [sys.executable, "-c", DIES, place, *arguments]
    done = subprocess.run(died, cwd=ROOT, env=environment, capture_output=True, check=False)

    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    run = ImportRun.objects.get()
    assert run.status == status
    assert StagedRow.objects.count() == (400 if status == "preview" else 0)
    assert [table.objects.count() for table in (Product, StockRecord, Price, Proposal)] == [0, 0, 0, 0]

    call_command("import_catalogue", *arguments)

    assert [table.objects.count() for table in (Product, StockRecord, Price)] == [400, 400, 400]
    assert Proposal.objects.open().count() == 0


# ---------------------------------------------------------------- many rows, killed at random
MANY, KILLS = int(os.environ.get("I1_ROWS", "1000000")), int(os.environ.get("I1_KILLS", "20"))
ON_SALE = """
SELECT count(*), count(DISTINCT s.partner_sku), count(DISTINCT p.code), md5(string_agg(
    concat_ws('|', s.partner_sku, s.price, l."limit", s.sales_unit, s.status, p.title, p.gtin, p.brand), ','
    ORDER BY s.partner_sku))
FROM partner_stockrecord s JOIN catalogue_product p ON p.id = s.product_id JOIN limits_limit l ON l.id = s.stock_id
"""


def long_list(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(text_of())
        for number in range(rows):
            twelve = f"786{number:09d}"
            row = {"sku": f"RZ-{number}", "name": f"Resma de papel, tipo {number}", "gtin": twelve + ean.calc_check_digit(twelve)}
            file.write(text_of(row | {"price": f"{number % 900 + 1}.25"}).partition("\n")[2])
    return path


def started(database: str, arguments: list[str], folder: Path) -> subprocess.Popen:
    """The command in a process of its own, once it has stored its file."""
    runs = ImportRun.objects.count()
    environment = os.environ | {
        "DATABASE_URL": address_of(database), "SOCE_DATA": str(folder), "SECRET_KEY": "only here",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.development",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "import_catalogue", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    until(lambda: ImportRun.objects.count() > runs, seconds=600)
    return process


def on_sale() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(ON_SALE)
        return cursor.fetchone()


@pytest.mark.long
@pytest.mark.feature("CI-5")
@pytest.mark.threat("I1")
def test_killed_at_random_it_comes_to_what_one_clean_run_comes_to(own_database, market, tmp_path, record_property):
    seed = random.randrange(1_000_000)
    path, dice = long_list(tmp_path / "lista.csv", MANY), random.Random(seed)
    record_property("seed", seed)
    arguments = [str(path), "--supplier", market.supplier.ruc, "--agreement", market.agreement.code, "--publish"]
    connection.close()  # a database is cloned while nobody is in it
    with cloned(own_database) as beside, connected_to(beside):
        process, began = started(beside, arguments, tmp_path), time.monotonic()
        assert process.wait() == 0
        takes, clean = time.monotonic() - began, on_sale()

    killed = 0
    while killed < KILLS:  # one that was faster than its end counts for nothing
        process = started(own_database, arguments, tmp_path)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=dice.uniform(0, takes))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
    assert started(own_database, arguments, tmp_path).wait() == 0

    assert on_sale() == clean
    assert clean[:3] == (MANY, MANY, MANY)
    assert Proposal.objects.open().count() == 0
    record_property("rows of the list", MANY)
    record_property("kills", killed)
