"""Reads of runs, their rows, proposals and category maps, scoped to who asks."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from framework_agreements.models import FrameworkAgreement
from framework_agreements.selectors import adjudications_open_to, agreements_in_force
from marketplace.kernel.text import fold
from marketplace.registry.models import Membership
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.rules import STEEP_FALL

from .models import CategoryMapping, ImportRun, Outcome, Proposal, RowIssue, StagedRow

FILES = ImportRun.objects.exclude(file="")  # a product offered by form is none


def runs_of(membership: Membership) -> QuerySet[ImportRun]:
    """The imports of the membership's supplier; nothing for anyone else."""
    runs = ImportRun.objects.select_related("agreement", "created_by__user", "confirmed_by__user", "undone_by__user")
    return runs.filter(supplier=membership.supplier_id, supplier__isnull=False)


def runs_listed(membership: Membership) -> QuerySet[ImportRun]:
    """The same, with `waiting`: how many of the proposals nobody has decided."""
    return runs_of(membership).defer("look").annotate(waiting=Count("proposals", filter=Q(proposals__decision=None)))


def agreements_to_import_under(membership: Membership, on: date) -> QuerySet[FrameworkAgreement]:
    """Those in force under which the supplier has a lot, or which are open to proposals because they map categories."""
    lots = adjudications_open_to(membership.supplier_id, on).values("lot")
    return agreements_in_force(on).filter(Q(lots__in=lots) | Q(category_mappings__isnull=False)).distinct()


def agreements_with_template(membership: Membership, on: date) -> QuerySet[FrameworkAgreement]:
    """Those of them that take new products: under one without a category map only offers that stand can be changed."""
    return agreements_to_import_under(membership, on).filter(category_mappings__isnull=False)


# ---------------------------------------------------------------- rows of a run


def rows_that(run: ImportRun, outcome: str) -> QuerySet[StagedRow]:
    return run.staged_rows.filter(outcome=outcome).select_related("product").order_by("line")


def steep_falls(run: ImportRun) -> QuerySet[StagedRow]:
    """Rows whose price falls so far that it may be a slip."""
    decimal = DecimalField(max_digits=18, decimal_places=6)
    old, new = (Cast(KT(f"changes__price__{place}"), decimal) for place in (0, 1))
    rows = rows_that(run, Outcome.CHANGED).annotate(old_price=old, new_price=new)
    return rows.filter(new_price__lt=F("old_price") * (100 - STEEP_FALL) / 100)


def rows_kept(run: ImportRun) -> QuerySet[StagedRow]:
    """Those that an undoing left as they are."""
    return run.staged_rows.exclude(kept_because="").order_by("line")


def refused_rows(run: ImportRun) -> QuerySet[StagedRow]:
    return rows_that(run, Outcome.REFUSED)


def messages_by_line(run: ImportRun) -> dict[int, str]:
    """What is wrong with each refused row, as one text."""
    messages: dict[int, list[str]] = {}
    for issue in run.issues.all():
        messages.setdefault(issue.line, []).append(issue.message)
    return {line: " ".join(texts) for line, texts in messages.items()}


# ---------------------------------------------------------------- proposals


def proposals_open() -> QuerySet[Proposal]:
    """What waits for an officer's decision."""
    return Proposal.objects.open().select_related("run", "supplier", "agreement", "lot", "product", "category")


def proposals_shown() -> QuerySet[Proposal]:
    """All, with what became of them."""
    related = (
        "run", "supplier", "agreement", "lot", "product", "category", "decision__decided_by__user", "decision__product",
        "corrects__decision__decided_by__user", "corrects__lot", "corrects__category", "corrects__product", "correction",
    )  # fmt: skip
    return Proposal.objects.select_related(*related)


def sheets_found(asked: str, proposal: Proposal) -> list[Product]:
    """Sheets to tie a proposal to, by code, GTIN or words of the name; asked nothing: that of its GTIN, and those named alike.

    The one that it has stands first.
    """
    words = fold(asked).split() or fold(proposal.name).split()[:ALIKE]
    named = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
    gtin = asked.strip().zfill(GTIN_LENGTH) if asked.strip() else proposal.gtin
    sheets = Product.objects.filter(is_public=True).annotate(name_words=SearchVector("folded_title", config="simple"))
    matches = Q(code=asked.strip().upper()) | Q(gtin=gtin, gtin__isnull=False) | (Q(name_words=named) if words else Q())
    found = list(sheets.filter(matches).exclude(pk=proposal.product_id).order_by("sort_key", "pk")[:MOST_SHEETS])
    return [proposal.product, *found] if proposal.product else found


ALIKE = 2  # words of a name
MOST_SHEETS = 12
GTIN_LENGTH = 14


def runs_with_open_proposals() -> QuerySet[ImportRun]:
    """`waiting`: how many of each run are open."""
    waiting = Count("proposals", filter=Q(proposals__decision=None))
    return ImportRun.objects.select_related("supplier", "agreement").annotate(waiting=waiting).filter(waiting__gt=0)


# ---------------------------------------------------------------- category maps


def agreements_with_maps() -> QuerySet[FrameworkAgreement]:
    """Every agreement that is not closed. `mapped`: how many categories its map has."""
    agreements = FrameworkAgreement.objects.exclude(status=FrameworkAgreement.Status.CLOSED)
    return agreements.annotate(mapped=Count("category_mappings"))


def mappings_of(agreement: FrameworkAgreement) -> QuerySet[CategoryMapping]:
    return CategoryMapping.objects.filter(agreement=agreement).select_related("lot", "category")


@dataclass(frozen=True)
class Unmapped:
    """A category that files use and the map lacks. `rows`: refused because of it."""

    category: str
    rows: int


def unmapped_categories(agreement: FrameworkAgreement) -> list[Unmapped]:
    """From the latest import of each supplier, the most frequent first; what has been mapped since is left out."""
    theirs = FILES.filter(agreement=agreement, supplier=OuterRef("supplier"), rows__gt=0)
    latest = theirs.order_by("-created_at", "-pk")
    runs = ImportRun.objects.filter(agreement=agreement, pk=Subquery(latest.values("pk")[:1]))
    missing = RowIssue.objects.filter(run__in=runs, code="category_unmapped").values_list("value")
    known = set(mappings_of(agreement).values_list("file_category", flat=True))
    counted = missing.annotate(rows=Count("pk")).order_by("-rows", "value")
    return [Unmapped(value, rows) for value, rows in counted if fold(value) not in known]


# ---------------------------------------------------------------- what waits for somebody


def runs_to_confirm(membership: Membership, at: datetime) -> QuerySet[ImportRun]:
    """Files whose columns nobody has confirmed, and simulations that nobody has applied or discarded, the newest first."""
    waiting = (ImportRun.Status.COLUMNS, ImportRun.Status.PREVIEW)
    return runs_of(membership).filter(status__in=waiting).order_by("-created_at", "-pk")


def runs_gone_wrong(membership: Membership, at: datetime) -> QuerySet[ImportRun]:
    """Not imported at all, or applied with refused rows, and no file for the same agreement has been uploaded since."""
    later = FILES.filter(supplier=OuterRef("supplier"), agreement=OuterRef("agreement"), created_at__gt=OuterRef("created_at"))
    wrong = Q(status=ImportRun.Status.FAILED) | Q(status=ImportRun.Status.APPLIED, refused__gt=0)
    return runs_of(membership).filter(wrong, ~Exists(later)).order_by("-created_at", "-pk")


def proposals_to_decide(membership: Membership, at: datetime) -> QuerySet[Proposal]:
    """The oldest first."""
    return proposals_open().order_by("created_at", "pk")
