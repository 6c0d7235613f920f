"""Every page of the import in each of its states, for everybody; and the whole way, with and without script."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext, override

from catalog_import import services
from catalog_import.deciding import proposal_reject, proposals_accept
from catalog_import.layouts import run_look
from catalog_import.models import ImportRun, Proposal
from catalog_import.services import run_apply, run_create, run_read
from catalog_import.undoing import run_undo
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.services import listing_reprice
from tests.browser import PHONE, Net, axe_problems, keyboard_problems, landmark_problems, reflow_problems, screenshot, sign_in
from tests.catalog_import.conftest import text_of

pytestmark = pytest.mark.browser

GTINS = ("7861000000017", "7861000000024", "7861000000031", "4006381333931")


@pytest.fixture
def life(own_database, market, membership_factory, officer):
    """A supplier with two listings, an applied import, proposals that wait, and a preview with something of everything."""
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)

    def preview(*rows, name: str, content: bytes = b"") -> ImportRun:
        file = ContentFile(content or text_of(*rows).encode())
        run = run_create(
            supplier=market.supplier, agreement=market.agreement, file=file, file_name=name, actor=manager, at=now()
        )  # fmt: skip
        return run_read(run_id=run.pk, at=now())

    def looked_at(name: str, content: bytes) -> ImportRun:
        run = run_create(
            supplier=market.supplier, agreement=market.agreement, file=ContentFile(content), file_name=name, actor=manager, at=now()
        )  # fmt: skip
        return run_look(run_id=run.pk, at=now())

    first = [{"sku": f"RZ-{n}", "gtin": gtin, "name": f"Resma de papel bond A4, tipo {n}"} for n, gtin in enumerate(GTINS[:3])]
    applied = run_apply(run_id=preview(*first, name="lista-inicial.csv").pk, at=now())
    proposals_accept(proposal_ids=applied.proposals.values_list("pk", flat=True), actor=None, at=now())
    rows = [
        first[0] | {"price": "2.29", "stock": "2400"}, first[1] | {"price": "3.00", "lead_time_days": "5", "vat_percent": "0"},
        first[2], {"sku": "N-1"}, {"sku": "P-1", "gtin": GTINS[3], "name": "Marcador permanente negro"},
        {"sku": "E-1", "price": "3.45.00"}, {"sku": "RZ-1", "gtin": GTINS[1], "price": "9.99"},
        {"sku": "E-2", "category": "Vehículos y repuestos", "stock": "-12"}, {"sku": "E-3", "name": ""},
    ]  # fmt: skip
    pair = preview(
        {"sku": "RZ-1", "gtin": GTINS[1], "price": "3.05"}, {"sku": "RZ-2", "gtin": GTINS[2], "price": "3.05"}, name="slip.csv"
    )
    slip = run_apply(run_id=pair.pk, at=now())
    listing = StockRecord.objects.get(partner_sku="RZ-2")
    listing_reprice(listing_id=listing.pk, price=Decimal("3.00"), actor=manager, at=now())
    undone = run_undo(run_id=slip.pk, actor=manager, at=now())
    waiting = run_apply(run_id=preview({"sku": "W-1", "gtin": ""}, {"sku": "W-2", "gtin": ""}, name="nuevos.csv").pk, at=now())
    rejected = waiting.proposals.get(sku="W-2")
    proposal_reject(proposal=rejected, reason="Ya existe como otra ficha.", actor=officer, at=now())
    return {
        "manager": manager,
        "officer": officer,
        "agreement": market.agreement,
        "preview": preview(*rows, name="precios-diciembre.csv"),
        "applied": applied,
        "undone": undone,
        "failed": preview(name="precios.xlsx", content=b"PK\x03\x04[Content_Types].xml"),
        "reading": run_create(
            supplier=market.supplier, agreement=market.agreement, file=ContentFile(b"x"), file_name="lento.csv",
            actor=manager, at=now(),
        ),
        "columns": looked_at("columnas.csv", "Cód. art.;Artículo;P.V.P.\nRZ-0;Resma de papel bond A4;3,05\n".encode("cp1252")),
        "open": waiting.proposals.get(sku="W-1"),
        "rejected": rejected,
    }  # fmt: skip


def pages_of(life) -> dict[str, tuple[str, str]]:
    """Name → (whose, path), for the states that tests/access does not come by."""
    run = lambda name: reverse("catalog_import:run", args=[life[name].id_public])  # noqa: E731
    return {
        "import-refused": ("manager", f"{run('preview')}?ver=refused"),
        "import-changed": ("manager", f"{run('preview')}?ver=changed"),
        "import-steep": ("manager", f"{run('preview')}?ver=steep"),
        "import-added": ("manager", f"{run('preview')}?ver=added"),
        "import-proposed": ("manager", f"{run('preview')}?ver=proposed"),
        "import-unchanged": ("manager", f"{run('preview')}?ver=unchanged"),
        "import-applied": ("manager", run("applied")),
        "import-undone": ("manager", run("undone")),
        "import-failed": ("manager", run("failed")),
        "import-working": ("manager", run("reading")),
        "import-columns": ("manager", reverse("catalog_import:run-columns", args=[life["columns"].id_public])),
        "proposal-correct": ("officer", reverse("catalog_import:proposal-correct", args=[life["open"].id_public])),
        "proposals-of-a-run": ("officer", f"{reverse('catalog_import:proposals')}?corrida={life['open'].run.id_public}"),
        "proposal-rejected": ("officer", reverse("catalog_import:proposal", args=[life["rejected"].id_public])),
    }


def test_every_page_is_for_everybody(new_page, life):
    problems = {}
    for name, (who, path) in pages_of(life).items():
        page = new_page()
        net = Net(page)
        sign_in(page, life[who])
        page.goto(path)
        screenshot(page, f"{name}-1280")
        problems[name] = (
            landmark_problems(page) + axe_problems(page) + reflow_problems(page) + keyboard_problems(page) + net.problems
        )
        page.set_viewport_size(PHONE)
        screenshot(page, f"{name}-360")
        problems[name] += [*axe_problems(page), *net.problems]
        page.context.close()

    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.feature("CI-5")
@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_from_the_upload_to_the_receipt(new_page, life, tmp_path, has_script):
    file = tmp_path / "enero.csv"
    file.write_text(
        text_of({"sku": "RZ-0", "gtin": GTINS[0], "name": "x", "price": "1.50"}, {"sku": "N-9"}, {"sku": "E", "price": "x"})
    )
    page = new_page(java_script_enabled=has_script)
    sign_in(page, life["manager"])
    page.goto(reverse("catalog_import:runs"))

    page.locator("select[name=agreement]").select_option(label=str(life["agreement"]))
    page.locator("input[name=file]").set_input_files(file)
    page.locator("form[enctype] button[type=submit]").click()
    assert page.locator("#run[data-working=yes]").count() == 1
    run_all_due()
    if has_script:
        page.wait_for_selector("form[data-columns]")
    else:
        page.locator("#run a").first.click()
    page.locator("form[data-columns] .btn-primary").click()
    assert page.locator("#run[data-working=yes]").count() == 1
    run_all_due()
    if has_script:
        page.wait_for_selector("#run[data-working=no]")
    else:
        page.locator("#run a").first.click()
    with override("es"):
        assert page.title().startswith(gettext("Simulation, nothing is saved"))
    assert StockRecord.objects.get(partner_sku="RZ-0").price == Decimal("3.12")

    page.locator("form[action$='aplicar/'] button").click()
    assert StockRecord.objects.get(partner_sku="RZ-0").price == Decimal("3.12")  # the steep fall is not ticked yet
    page.locator("input[name=falls_are_right]").check()
    page.locator("form[action$='aplicar/'] button").click()
    run_all_due()
    page.goto(page.url)

    run = ImportRun.objects.first()
    assert (run.status, run.added, run.changed, run.refused) == ("applied", 1, 1, 1)
    assert StockRecord.objects.get(partner_sku="RZ-0").price == Decimal("1.50")
    assert page.locator("#run .tile").all_inner_texts()[0].split("\n")[1] == "1"


@pytest.mark.feature("CI-5")
def test_an_officer_decides(new_page, life):
    page = new_page()
    sign_in(page, life["officer"])
    page.goto(reverse("catalog_import:proposals"))

    page.get_by_role("link", name=life["open"].name).first.click()
    page.locator("input[name=ceiling_price]").fill("3,50")
    page.locator("form:has(input[name=ceiling_price]) button").click()

    listing = StockRecord.objects.get(partner_sku="W-1")
    assert listing.adjudicated_item.ceiling_price.amount == Decimal("3.50")
    assert not Proposal.objects.open().exists()
    assert page.url.endswith(reverse("catalog_import:proposals"))


@pytest.mark.feature("CI-5")
def test_the_wizard_on_a_telephone(new_page, life, monkeypatch):
    """From columns nobody knows to the simulation, with a mistake on the way, the progress seen, and each state for everybody."""
    page = new_page(viewport=PHONE)
    net, problems = Net(page), []
    sign_in(page, life["manager"])
    page.goto(life["columns"].get_absolute_url())
    assert page.url.endswith("/columnas/")

    page.locator("select[name=sku]").select_option("0")
    page.locator("select[name=price]").select_option("0")
    page.get_by_role("button", name="Simular").click()
    assert "La columna A del archivo ya es «Su código»." in page.locator("#id_price_error").inner_text()
    screenshot(page, "import-columns-refused-360")
    problems += axe_problems(page) + reflow_problems(page)

    page.locator("select[name=price]").select_option(label="C · P.V.P. (3,05)")
    page.get_by_role("button", name="Simular").click()
    assert page.locator("#run[data-working=yes]").count() == 1
    page.get_by_role("link", name="Actualizar").focus()

    def while_it_is_read(*args) -> None:
        page.wait_for_selector("[role=progressbar][aria-valuenow='85']")
        assert page.title().startswith("Simulación 85")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Actualizar"
        screenshot(page, "import-progress-360")
        problems.extend(axe_problems(page) + reflow_problems(page))
        return keep(*args)

    keep = services.rows_keep
    monkeypatch.setattr(services, "rows_keep", while_it_is_read)
    run_all_due()

    page.wait_for_selector("#run[data-working=no]")
    run = ImportRun.objects.get(pk=life["columns"].pk)
    assert (run.status, run.rows, run.changed, run.header["price"]) == ("preview", 1, 1, "P.V.P.")
    screenshot(page, "import-simulated-360")
    problems += axe_problems(page) + reflow_problems(page)
    assert problems + net.problems == []


@pytest.mark.feature("CI-5")
def test_an_officer_ties_a_proposal_to_a_sheet(new_page, life):
    page = new_page(viewport=PHONE)
    sign_in(page, life["officer"])
    page.goto(reverse("catalog_import:proposal", args=[life["open"].id_public]))

    page.get_by_role("link", name="Corregir").click()
    page.locator("input[name=ficha]").fill("resma tipo 2")
    page.get_by_role("button", name="Buscar").last.click()
    page.get_by_label("tipo 2").check()
    page.get_by_role("button", name="Guardar la corrección").click()

    corrected = Proposal.objects.open().get()
    assert corrected.product.title == "Resma de papel bond A4, tipo 2"
    assert page.url.endswith(reverse("catalog_import:proposal", args=[corrected.id_public]))
    screenshot(page, "proposal-corrected-360")
    assert axe_problems(page) + reflow_problems(page) == []
