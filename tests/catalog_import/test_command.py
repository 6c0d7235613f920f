"""`manage.py import_catalogue`: what it reports, what it writes, how it ends."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override

from catalog_import.models import ImportRun, Proposal, StagedRow
from framework_agreements.models import Adjudication
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import ENGLISH, text_of


@pytest.fixture
def command(market, tmp_path, capsys):
    """Run it. Answers its exit code, its report (None without one), what it said and what it complained of."""

    def command(content: str | bytes | Path, *options: str, ruc: str = "", code: str = "") -> tuple[int, dict | None, str, str]:
        file, report = tmp_path / "lista.csv", tmp_path / "informe.json"
        report.unlink(missing_ok=True)
        if isinstance(content, Path):
            file = content
        else:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        where = ["--supplier", ruc or market.supplier.ruc, "--agreement", code or market.agreement.code]
        exit_code = 0
        with override("en"):
            try:
                call_command("import_catalogue", str(file), *where, "--report", str(report), *options)
            except SystemExit as end:
                exit_code = end.code
        said = capsys.readouterr()
        return exit_code, json.loads(report.read_text()) if report.exists() else None, said.out, said.err

    return command


def rows_of_all_tables() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


NOTHING = {"rows": 0, "added": 0, "changed": 0, "unchanged": 0, "proposed": 0, "refused": 0, "issues": []}


def test_without_publishing_new_rows_are_proposed_and_it_ends_with_one(command, hp):
    code, report, said, complained = command(hp)

    assert (code, report, complained) == (1, NOTHING | {"rows": 400, "proposed": 400}, "")
    assert said == "400 rows: 0 added, 0 changed, 0 unchanged, 400 proposed, 0 refused.\n"
    assert Proposal.objects.open().count() == 400
    assert ImportRun.objects.get().file.read() == hp.read_bytes()


def test_publishing_puts_all_on_sale_and_ends_with_zero(command, hp, market):
    code, report, _said, complained = command(hp, "--publish")

    assert (code, report, complained) == (0, NOTHING | {"rows": 400, "added": 400}, "")
    assert StockRecord.objects.filter(status="published").count() == 400
    assert (Adjudication.objects.get().lot, Proposal.objects.open().count()) == (market.lot, 0)

    assert command(hp, "--publish")[:2] == (0, NOTHING | {"rows": 400, "unchanged": 400})


def test_publishing_accepts_only_the_proposals_of_its_own_run(command, apply, supplier_factory):
    apply(text_of({"sku": "AJENO", "gtin": ""}), supplier_factory())

    command(text_of({}), "--publish")

    assert list(StockRecord.objects.values_list("partner_sku", flat=True)) == ["RZ-1"]


def test_under_an_agreement_without_a_map_every_row_is_refused(command, hp, lot_factory):
    other = lot_factory().agreement

    code, report, _said, complained = command(hp, "--publish", code=other.code)

    assert (code, complained) == (1, "")
    assert {name: count for name, count in report.items() if name != "issues"} == {
        "rows": 400, "added": 0, "changed": 0, "unchanged": 0, "proposed": 0, "refused": 400,
    }  # fmt: skip
    assert [(issue["line"], issue["column"], issue["code"]) for issue in report["issues"]] == [
        (line, "category", "category_unmapped") for line in range(2, 402)
    ]
    assert (StockRecord.objects.count(), Product.objects.count(), Proposal.objects.count()) == (0, 0, 0)
    assert ImportRun.objects.get().agreement == other


@pytest.mark.parametrize("options", [(), ("--publish",)], ids=["proposing", "publishing"])
def test_a_dry_run_reports_alike_and_writes_nothing(command, options):
    text = text_of({}, {"sku": "RZ-2", "gtin": ""}, {"sku": "RZ-3", "price": "x"}, {"sku": "RZ-1"})
    before, stored = rows_of_all_tables(), default_storage.listdir("")

    dry = command(text, "--dry-run", *options)

    assert rows_of_all_tables() == before
    assert default_storage.listdir("") == stored
    assert dry == command(text, *options)
    assert dry[0] == 1
    assert dry[1]["refused"] == 2


def test_the_report_says_line_column_value_code_and_what_to_do(command):
    code, report, _said, _complained = command(text_of({}, {"sku": "RZ-2", "price": "3.45.00", "stock": "-1"}), "--publish")

    assert code == 1
    assert report == {
        "rows": 2, "added": 1, "changed": 0, "unchanged": 0, "proposed": 0, "refused": 1,
        "issues": [
            {
                "line": 3, "column": "price", "value": "3.45.00", "code": "number_malformed",
                "message": "This is not a number. Write digits with «.» before the decimals, as in the rest of the file.",
            },
            {
                "line": 3, "column": "stock", "value": "-1", "code": "number_too_small",
                "message": "The number is too small. Write 0 or more.",
            },
        ],
    }  # fmt: skip


@pytest.mark.feature("FA-5")
def test_a_price_rise_of_the_real_file_is_refused_with_its_rule(command, hp):
    command(hp, "--publish")
    raised = hp.read_text().replace(",45.45,USD,0,10,", ",45.46,USD,0,10,", 1)

    code, report, _said, _complained = command(raised, "--publish")

    assert code == 1
    assert {name: report[name] for name in ("unchanged", "changed", "refused")} == {"unchanged": 399, "changed": 0, "refused": 1}
    assert report["issues"] == [
        {
            "line": 2, "column": "price", "value": "45.46", "code": "price_rise",
            "message": "The price may only go down: it is USD 45.45. Offer that or less (framework agreement, price rule).",
        }
    ]  # fmt: skip


def test_a_proposal_that_cannot_be_accepted_stays_proposed_and_is_explained(command):
    code, report, _said, _complained = command(text_of({"sku": "A"}, {"sku": "B", "unit": "XBX"}), "--publish")

    assert (code, report["added"], report["proposed"]) == (1, 1, 1)
    assert [(issue["line"], issue["column"], issue["code"]) for issue in report["issues"]] == [(3, "unit", "pack_factor_needed")]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", {}, "The file is empty. Choose the file that holds the price list."),
        (text_of({}, header=ENGLISH[1:]), {}, "The file lacks these columns: sku. Add them to the first line and to every row."),
        (text_of({}), {"ruc": "1790000000001"}, "No supplier has the RUC 1790000000001. Register it first."),
        (text_of({}), {"code": "CM-0"}, "There is no framework agreement CM-0. Check the code."),
        (Path("/nowhere/lista.csv"), {}, "There is no file /nowhere/lista.csv. Check the path."),
    ],
    ids=["empty", "columns", "supplier", "agreement", "file"],
)  # fmt: skip
@pytest.mark.parametrize("is_dry", [False, True], ids=["in earnest", "dry"])
def test_nothing_done_is_one_sentence_and_two(command, content, options, sentence, is_dry):
    code, report, said, complained = command(content, *(["--dry-run"] if is_dry else []), **options)

    assert (code, report, said, complained) == (2, None, "", f"{sentence}\n")
    assert (StagedRow.objects.count(), Product.objects.count()) == (0, 0)


def test_a_suspended_supplier_and_a_closed_agreement_are_one_sentence(command, market):
    market.supplier.status, market.agreement.status = "suspended", "closed"
    market.supplier.save()
    market.agreement.save()

    code, report, _said, complained = command(text_of({}))

    assert (code, report) == (2, None)
    assert complained == f"{market.supplier.name} is suspended and cannot import. Resolve the suspension first.\n"
    assert not ImportRun.objects.exists()


def test_a_report_that_cannot_be_written_is_said_before_anything_is_done(market, tmp_path, capsys):
    file = tmp_path / "lista.csv"
    file.write_text(text_of({}))

    with pytest.raises(SystemExit) as end:
        call_command(
            "import_catalogue", str(file), "--supplier", market.supplier.ruc, "--agreement", market.agreement.code,
            "--report", str(tmp_path / "no" / "informe.json"),
        )  # fmt: skip

    assert (end.value.code, capsys.readouterr().err.count("\n")) == (2, 1)
    assert not ImportRun.objects.exists()
