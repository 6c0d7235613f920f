"""kill -9 in each phase: nothing is half done, and the same command finishes the work."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog_import.models import ImportRun, Proposal, StagedRow
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import Price, StockRecord
from tests.databases import address_of

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
