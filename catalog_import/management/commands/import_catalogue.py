import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from catalog_import.deciding import Decided, proposals_accept
from catalog_import.models import ImportRun
from catalog_import.report import Report
from catalog_import.services import run_apply, run_create, run_read
from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import RuleBroken
from marketplace.registry.models import Supplier

INCOMPLETE, NOTHING_DONE = 1, 2
TOLD = 10  # issues on the screen


class NothingDone(Exception):
    """The one sentence that says why."""


class Command(BaseCommand):
    """Ends with 0 when all rows are on sale, with 1 when rows stay refused or proposed, with 2 when nothing was done;
    then one sentence on standard error says why."""

    help = "Import a supplier's price list (XLSX or CSV) or price update under a framework agreement."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the price list (fifteen columns), or an update (sku, price, stock)")
        parser.add_argument("--supplier", required=True, metavar="RUC", help="whose price list it is")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="the framework agreement it is offered under")
        parser.add_argument("--dry-run", action="store_true", help="report what would be done, and write nothing")
        parser.add_argument("--publish", action="store_true", help="accept all proposals, as a catalogue officer would")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the counts and the issues here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report, issues = self.imported(**options)
        except NothingDone as reason:
            self.stderr.write(str(reason))
            sys.exit(NOTHING_DONE)
        except RuleBroken as refusal:
            self.stderr.write(refusal.sentences[0])
            sys.exit(NOTHING_DONE)
        self.stdout.write(summary(report))
        self.tell(issues)
        if not report.is_complete:
            sys.exit(INCOMPLETE)

    def tell(self, issues: list[dict[str, Any]]) -> None:
        """The first refusals, for whoever asked for no report."""
        for issue in issues[:TOLD]:
            words = _("Line {line}, {column} «{value}»: {message}")
            self.stdout.write(words.format(**issue))
        if len(issues) > TOLD:
            self.stdout.write(_("… and {count} more; --report FILE.json writes all of them.").format(count=len(issues) - TOLD))

    def imported(
        self, *, file: Path, supplier: str, agreement: str, dry_run: bool, publish: bool, **options: Any
    ) -> tuple[Report, list]:
        """What was done, and every issue; told before a trial is rolled back."""
        owner, terms, path = supplier_with(supplier), agreement_with(agreement), options["report"]
        check_paths(file, path)
        with file.open("rb") as upload, rolled_back(if_so=dry_run):
            run = run_create(
                supplier=owner, agreement=terms, file=File(upload), file_name=file.name, actor=None, at=now(), is_kept=not dry_run
            )
            run = run_read(run_id=run.pk, at=now(), file=upload if dry_run else None)
            if run.status == ImportRun.Status.FAILED:
                raise NothingDone(run.failure_sentence)
            report = applied(run, is_published=publish)
            written = report.as_dict()
            if path:
                path.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
        return report, written["issues"]


@transaction.atomic
def applied(run: ImportRun, *, is_published: bool) -> Report:
    """Apply, and accept the proposals if that is asked: both, or neither."""
    run = run_apply(run_id=run.pk, at=now())
    proposals = run.proposals.values_list("pk", flat=True) if is_published else []
    return Report(run, proposals_accept(proposal_ids=proposals, actor=None, at=now()) if proposals else Decided())


@contextmanager
def rolled_back(*, if_so: bool) -> Iterator[None]:
    """A trial: all of it is done, and none of it stays."""
    if not if_so:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def supplier_with(ruc: str) -> Supplier:
    found = Supplier.objects.filter(ruc=ruc).first()
    if found is None:
        raise NothingDone(_("No supplier has the RUC {ruc}. Register it first.").format(ruc=ruc))
    return found


def agreement_with(code: str) -> FrameworkAgreement:
    found = FrameworkAgreement.objects.filter(code=code).first()
    if found is None:
        raise NothingDone(_("There is no framework agreement {code}. Check the code.").format(code=code))
    return found


def check_paths(file: Path, report: Path | None) -> None:
    if not file.is_file():
        raise NothingDone(_("There is no file {path}. Check the path.").format(path=file))
    if not os.access(file, os.R_OK):
        raise NothingDone(_("The file {path} may not be read. Change its permissions.").format(path=file))
    if report and not report.parent.is_dir():
        raise NothingDone(_("There is no folder {path} for the report. Make it first.").format(path=report.parent))
    if report and (report.is_dir() or not os.access(report if report.exists() else report.parent, os.W_OK)):
        raise NothingDone(_("No report can be written to {path}. Name a file in a folder of yours.").format(path=report))


def summary(report: Report) -> str:
    words = _("{rows} rows: {added} added, {changed} changed, {unchanged} unchanged, {proposed} proposed, {refused} refused.")
    return words.format(**report.counts)
