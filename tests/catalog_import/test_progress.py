"""How far a run is, seen from elsewhere while it works; and a reading that somebody stops."""

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from catalog_import import progress, services, undoing
from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun, Proposal, StagedRow
from catalog_import.progress import Told, told_of
from catalog_import.services import run_apply, run_confirm, run_create, run_read, run_stop
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import text_of
from tests.catalog_import.test_pages import upload, url, words_of
from tests.catalog_import.test_workbook import book_of, saved
from tests.races import together


@pytest.fixture
def stored(market, manager, noon):
    """A file of so many rows that waits to be read."""

    def stored(content: bytes) -> ImportRun:
        return run_create(
            supplier=market.supplier, agreement=market.agreement, file=ContentFile(content), file_name="a.csv", actor=manager,
            at=noon,
        )  # fmt: skip

    return stored


def rows(count: int) -> list[dict[str, str]]:
    return [{"sku": f"RZ-{number}", "gtin": "", "description": "x" * 200} for number in range(count)]


@pytest.fixture
def told(monkeypatch) -> list[Told]:
    """All that is told, at every 500 rows whatever the clock says."""
    said, write = [], cache.set
    monkeypatch.setattr(progress, "TOLD_EVERY", 0)
    monkeypatch.setattr(progress.cache, "set", lambda key, value, *rest: (said.append(value), write(key, value, *rest)))
    return said


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done, over a connection of its own, just before a function is called in the middle of the work."""

    def meanwhile(module, name: str, act) -> None:
        function = getattr(module, name)

        def first_act(*args, **options):
            together(act)
            return function(*args, **options)

        monkeypatch.setattr(module, name, first_act)

    return meanwhile


def in_english(client: Client, run: ImportRun) -> str:
    with override("en"):
        return words_of(client.get(url("run", run)))


# ---------------------------------------------------------------- told


@pytest.mark.feature("CI-5")
@pytest.mark.parametrize("content", [text_of(*rows(2000)).encode(), saved(book_of(*rows(2000)))], ids=["csv", "xlsx"])
def test_what_is_told_comes_from_the_rows_that_were_read_and_only_rises(stored, told, noon, content):
    run_read(run_id=stored(content).pk, at=noon)

    shares = [each.share for each in told]
    assert shares == sorted(shares)
    assert [each.rows for each in told] == [0, 500, 1000, 1500, 2000, 0, 0]
    assert [each.stage for each in told] == ["reading"] * 5 + ["judging", "keeping"]
    quarters = [each.share for each in told if each.stage == "reading"][1:]
    assert quarters[0] < quarters[-1] <= 40
    assert 6 <= quarters[0] <= 20  # a quarter of the rows is about a quarter of what reading counts for


def test_it_tells_no_more_than_twice_a_second(stored, told, noon, monkeypatch):
    monkeypatch.setattr(progress, "TOLD_EVERY", 0.5)
    monkeypatch.setattr(progress, "monotonic", lambda: 7.0)

    run_read(run_id=stored(text_of(*rows(2000)).encode()).pk, at=noon)

    assert [each.stage for each in told] == ["reading", "judging", "keeping"]


@pytest.mark.feature("CI-5")
def test_the_page_shows_it_while_the_work_is_under_way(own_database, stored, manager, as_, meanwhile, noon):
    run, pages = stored(text_of(*rows(20)).encode()), []
    look = lambda: pages.append(in_english(as_(manager), run))  # noqa: E731
    meanwhile(services, "rows_keep", look)
    meanwhile(services, "listings_apply", look)

    run_read(run_id=run.pk, at=noon)
    run_confirm(run_id=run.pk, actor=manager, at=noon)
    run_apply(run_id=run.pk, at=noon)

    assert ["<title>Simulation 85 %" in pages[0], "<title>Applying 45 %" in pages[1]] == [True, True]
    assert 'aria-valuenow="85" aria-valuetext="Simulation 85 %"' in pages[0]
    assert "detener" in pages[0]
    assert "detener" not in pages[1]
    assert told_of(run.pk) is None


def test_a_work_that_failed_is_told_of_no_more(stored, noon):
    run = stored(text_of({}).encode() + b'"open')

    assert run_read(run_id=run.pk, at=noon).status == "failed"
    assert told_of(run.pk) is None


# ---------------------------------------------------------------- stopped


@pytest.mark.feature("CI-5")
def test_a_file_that_waits_is_given_up_at_once(as_, manager, market):
    client = as_(manager)
    upload(client, market.agreement, text_of({}))
    run = ImportRun.objects.get()

    client.post(url("run-stop", run))
    run_all_due()

    run.refresh_from_db()
    assert (run.status, run.look) == ("discarded", None)
    assert Event.objects.get(kind="import.discarded").membership_id == manager.pk


@pytest.mark.feature("CI-5")
@pytest.mark.parametrize("where", ["judge_file", "rows_stage"])
def test_a_reading_under_way_stops_at_its_next_step_and_leaves_nothing(own_database, stored, manager, meanwhile, noon, where):
    run = stored(text_of(*rows(20)).encode())
    answers = []
    meanwhile(services, where, lambda: answers.append(run_stop(run_id=run.pk, actor=manager, at=noon).status))

    ended = run_read(run_id=run.pk, at=noon)

    assert (answers, ended.status) == (["reading"], "discarded")
    assert (StagedRow.objects.count(), told_of(run.pk)) == (0, None)
    assert Event.objects.get(kind="import.discarded").membership_id == manager.pk


def test_a_reading_whose_worker_died_is_given_up_at_once(stored, manager, noon):
    run = stored(text_of({}).encode())
    ImportRun.objects.update(status="reading")

    assert run_stop(run_id=run.pk, actor=manager, at=noon).status == "discarded"
    assert run_read(run_id=run.pk, at=noon).status == "discarded"


def test_a_wish_that_comes_too_late_stops_no_later_reading(own_database, stored, manager, meanwhile, noon):
    run = stored(text_of({}).encode())
    meanwhile(services, "_count", lambda: run_stop(run_id=run.pk, actor=manager, at=noon))

    assert run_read(run_id=run.pk, at=noon).status == "preview"
    ImportRun.objects.update(status="reading")
    StagedRow.objects.all().delete()
    assert run_read(run_id=run.pk, at=noon).status == "preview"


def test_what_is_read_is_not_stopped(read, manager, noon):
    run = read(text_of({}))

    with pytest.raises(RuleBroken) as refusal:
        run_stop(run_id=run.pk, actor=manager, at=noon)

    assert refusal.value.codes == ["illegal_move"]


def test_a_file_whose_columns_are_asked_for_may_be_given_up(as_, manager, market):
    client = as_(manager)
    upload(client, market.agreement, text_of({}))
    run_all_due()
    run = ImportRun.objects.get()
    assert run.status == "columns"

    client.post(url("run-discard", run))

    run.refresh_from_db()
    assert run.status == "discarded"


# ---------------------------------------------------------------- a large import undone


@pytest.fixture
def applied(apply, noon, monkeypatch) -> ImportRun:
    """Three offers on sale whose prices a run changed, which counts as many."""
    monkeypatch.setattr(undoing, "MOST_AT_ONCE", 2)
    lines = [{"sku": f"RZ-{number}", "gtin": ""} for number in range(3)]
    first = apply(text_of(*lines))
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=None, at=noon)
    return apply("sku,price\n" + "".join(f"RZ-{number},3.00\n" for number in range(3)))


def prices() -> set[str]:
    return {f"{price:.2f}" for price in StockRecord.objects.values_list("price", flat=True)}


@pytest.mark.feature("CI-5")
def test_a_large_import_is_undone_in_the_background(as_, manager, applied):
    client = as_(manager)

    with override("en"):
        answer = client.post(url("run-undo", applied), follow=True)
        assert "is being undone" in words_of(answer)
    assert 'data-working="yes"' in words_of(answer)
    assert prices() == {"3.00"}
    run_all_due()

    applied.refresh_from_db()
    assert (applied.status, applied.undone, applied.undone_by, prices()) == ("undone", 3, manager, {"3.12"})
    assert 'data-working="no"' in words_of(client.get(url("run", applied)))


def test_at_the_limit_it_is_undone_while_the_person_waits(as_, manager, applied, monkeypatch):
    monkeypatch.setattr(undoing, "MOST_AT_ONCE", 3)

    as_(manager).post(url("run-undo", applied))

    applied.refresh_from_db()
    assert (applied.status, prices()) == ("undone", {"3.12"})


def test_a_second_press_hears_the_first_answer(as_, manager, applied):
    client, key = as_(manager), {"form_key": "0198c0de-0000-7000-8000-000000000001"}

    answers = [client.post(url("run-undo", applied), key).url for _press in range(2)]

    assert answers == [reverse("catalog_import:run", args=[applied.id_public])] * 2
    assert Event.objects.filter(kind="import.undo_asked").count() == 1


def test_what_may_no_longer_be_undone_stays_applied_and_says_why(as_, manager, applied, market):
    client = as_(manager)
    client.post(url("run-undo", applied))
    market.supplier.status = "suspended"
    market.supplier.save()

    run_all_due()

    applied.refresh_from_db()
    assert (applied.status, applied.failure["code"], applied.undone_by, prices()) == (
        "applied", "import_supplier_suspended", None, {"3.00"},
    )  # fmt: skip


def test_an_undoing_that_fails_for_a_fault_of_ours_stays_applied_and_says_so(as_, manager, applied, monkeypatch):
    from tests.catalog_import.test_trouble import run_out_of_retries

    client = as_(manager)
    client.post(url("run-undo", applied))
    monkeypatch.setattr(undoing, "listings_restore", lambda *args, **values: 1 / 0)

    run_out_of_retries()

    applied.refresh_from_db()
    assert (applied.status, applied.failure["code"]) == ("applied", "undo_failed_here")
    monkeypatch.undo()
    with override("en"):
        assert "The import could not be undone." in words_of(client.get(url("run", applied)))
    client.post(url("run-undo", applied))
    applied.refresh_from_db()
    assert (applied.status, applied.failure) == ("undone", None)


def test_an_undoing_is_told_of(own_database, as_, manager, applied, meanwhile):
    pages = []
    meanwhile(undoing, "listings_restore", lambda: pages.append(in_english(as_(manager), applied)))
    as_(manager).post(url("run-undo", applied))
    run_all_due()

    assert "<title>Undoing 20 %" in pages[0]
    assert Proposal.objects.open().count() == 0
