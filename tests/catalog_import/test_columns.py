"""The supplier says how a file is written and what its columns hold: shown, corrected, remembered; the command line asks nobody."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override
from openpyxl import Workbook

from catalog_import.columns import NAMES
from catalog_import.layouts import run_lay_out, run_look, run_look_again
from catalog_import.models import ImportRun, RowIssue, SavedLayout, StagedRow
from catalog_import.readers import Layout
from catalog_import.services import run_create, run_read
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.history.models import RowVersion
from tests.catalog_import.conftest import ENGLISH, text_of
from tests.catalog_import.test_pages import columns_form, url, words_of
from tests.catalog_import.test_workbook import saved

THEIRS = (
    "Cód. art.", "Artículo", "Detalle", "Fabricante", "EAN", "Familia", "U/M", "P.V.P. s/IVA", "Divisa", "IVA", "Disponible",
    "Mín.", "Entrega", "Garantía", "Foto",
)  # fmt: skip
AT = dict(zip(ENGLISH, range(15), strict=True))


def in_their_words(*rows: dict[str, str], delimiter: str = ",", header=THEIRS) -> str:
    """A file with our columns under names that only this supplier uses."""
    _ours, lines = text_of(*rows, delimiter=delimiter).split("\n", 1)
    return delimiter.join(header) + "\n" + lines


@pytest.fixture
def look(market, manager, noon):
    """Upload a text and look at it."""

    def look(content: str | bytes, supplier=None, name: str = "lista.csv") -> ImportRun:
        content = content.encode() if isinstance(content, str) else content
        run = run_create(
            supplier=supplier or market.supplier, agreement=market.agreement, file=ContentFile(content), file_name=name,
            actor=manager, at=noon,
        )  # fmt: skip
        return run_look(run_id=run.pk, at=noon)

    return look


@pytest.fixture
def lay_out(manager, noon):
    """Confirm the columns, corrected or as they are proposed, and read."""

    def lay_out(run: ImportRun, *, places=None, **corrected) -> ImportRun:
        layout = Layout(**run.layout | {"places": places or run.layout["places"]} | corrected)
        run_lay_out(run_id=run.pk, layout=layout, actor=manager, at=noon)
        return run_read(run_id=run.pk, at=noon)

    return lay_out


# ---------------------------------------------------------------- at first sight


@pytest.mark.feature("CI-5")
@pytest.mark.parametrize(
    ("file", "encoding", "delimiter", "mark", "first"),
    [
        ("hp_400.csv", "utf-8", ",", ".", "sku"),
        ("epson_300_es_semicolon_cp1252.csv", "cp1252", ";", ",", "codigo"),
        ("startech_300_utf8bom_tab.tsv", "utf-8-sig", "\t", ".", "sku"),
        ("lexmark_150.xlsx", "xlsx", "", ".", "sku"),
        ("hp_120_price_update.csv", "utf-8", ",", ".", "sku"),
    ],
)
def test_the_dialects_of_the_folder_are_known_at_first_sight(supplier_catalogues, look, file, encoding, delimiter, mark, first):
    run = look((supplier_catalogues / file).read_bytes())

    assert (run.status, run.look["encoding"], run.look["delimiter"]) == ("columns", encoding, delimiter)
    assert (run.look["decimal_mark"], run.look["cells"][0], len(run.look["rows"])) == (mark, first, 5)
    assert len(run.layout["places"]) == len(run.look["cells"])


@pytest.mark.feature("CI-1")
def test_a_workbook_with_a_title_and_columns_of_its_own_is_looked_at(look, lay_out):
    row = ["RZ-1", "Resma", "75 g", "Andina", "7861000000017", "Paper and labels", "C62", 3.12, "USD", 15, 100, 1, 3, 12, ""]
    book = Workbook()
    for line in (["Lista de precios", 2026], [], list(THEIRS), row):
        book.active.append(line)
    run = look(saved(book), name="lista.xlsx")

    assert (run.look["encoding"], run.look["cells"], run.look["rows"][0][7]) == ("xlsx", list(THEIRS), "3.12")
    assert run.layout["places"] == {}
    read = lay_out(run, places=AT)
    assert (read.status, read.rows, read.proposed) == ("preview", 1, 1)
    assert read.header["price"] == "P.V.P. s/IVA"


def test_a_file_that_nobody_can_read_ends_with_its_reason_and_no_columns_to_say(look):
    run = look(b"%PDF-1.7")

    assert (run.status, run.failure["code"], run.look) == ("failed", "file_of_another_format", None)


def test_more_columns_than_anybody_could_name_are_refused(look):
    run = look(",".join(f"c{number}" for number in range(201)) + "\n" + ",".join("x" * 201) + "\n")

    assert run.failure == {"code": "columns_too_many", "values": {"count": 201, "most": 200}}


def test_what_is_shown_of_a_long_cell_is_cut(look):
    run = look(text_of({"description": "x" * 500}))

    assert run.look["rows"][0][2] == "x" * 59 + "…"


# ---------------------------------------------------------------- corrected


@pytest.mark.feature("CI-5")
def test_a_file_whose_header_nobody_knows_is_read_as_the_supplier_says(look, lay_out):
    run = look(in_their_words({}, {"sku": "RZ-2", "price": "x"}, delimiter=";"))
    assert (run.status, run.look["delimiter"], run.look["cells"]) == ("columns", ";", list(THEIRS))

    read = lay_out(run, places=AT)

    assert (read.status, read.rows, read.proposed, read.refused) == ("preview", 2, 1, 1)
    assert read.header == dict(zip(ENGLISH, THEIRS, strict=True))
    event = Event.objects.get(kind="import.laid_out")
    assert event.subject_id == run.pk


def test_a_column_without_a_name_is_called_by_its_letter(look, lay_out):
    run = look(in_their_words({}, header=(*THEIRS[:1], "", *THEIRS[2:])))

    assert lay_out(run, places=AT).header["name"] == "B"


def test_a_preview_that_is_looked_at_anew_is_one_no_more(look, lay_out, noon):
    run = lay_out(look(text_of({})))

    run_look_again(run_id=run.pk, layout=Layout("utf-8", ",", "."), at=noon)

    run.refresh_from_db()
    assert (run.status, run.rows, run.proposed, StagedRow.objects.count()) == ("columns", 0, 0, 0)


@pytest.mark.parametrize(
    ("encoding", "content"), [("cp850", "Resma tamaño A4"), ("mac_roman", "Resma tamaño A4"), ("cp1252", "Resma tamaño A4")]
)
def test_the_characters_may_be_said(look, lay_out, noon, encoding, content):
    run = look(text_of({"name": content}).encode(encoding))

    run = run_look_again(run_id=run.pk, layout=Layout(encoding, ",", "."), at=noon)
    lay_out(run)

    assert StagedRow.objects.get().name == content


def test_characters_that_the_file_does_not_have_are_refused_with_the_line(look, noon):
    run = look(text_of({}, {"sku": "RZ-2", "name": "Tamaño"}).encode("cp1252"))

    with pytest.raises(RuleBroken) as refusal:
        run_look_again(run_id=run.pk, layout=Layout("utf-8", ",", "."), at=noon)

    assert [(broken.code, broken.values, broken.field) for broken in refusal.value.broken] == [
        ("encoding_not_this", {"line": 3}, "encoding")
    ]
    run.refresh_from_db()
    assert run.look["encoding"] == "cp1252"


def test_the_delimiter_may_be_said(look, lay_out, noon):
    run = look(text_of({}, delimiter="|"))
    assert len(run.look["cells"]) == 1

    run = run_look_again(run_id=run.pk, layout=Layout("utf-8", "|", "."), at=noon)

    assert run.layout["places"] == AT
    assert lay_out(run).proposed == 1


def test_the_decimal_mark_may_be_said(look, lay_out):
    run = look(text_of({"price": "1.500", "stock": "10"}))

    lay_out(run, decimal_mark=",")

    assert StagedRow.objects.get().net_price == 1500


@pytest.mark.feature("CI-5")
def test_a_preview_is_corrected_and_read_anew(look, lay_out):
    run = lay_out(look(text_of({}, {"sku": "RZ-2", "gtin": "x"})))
    assert (run.status, run.refused, RowIssue.objects.count()) == ("preview", 1, 1)

    swapped = AT | {"name": AT["description"], "description": AT["name"]}
    again = lay_out(run, places=swapped)

    assert (again.status, again.rows, StagedRow.objects.count(), RowIssue.objects.count()) == ("preview", 2, 2, 1)
    assert StagedRow.objects.get(line=2).name == "75 g, 500 hojas"


# ---------------------------------------------------------------- refused


def test_a_column_that_serves_twice_is_refused_at_its_field(look, lay_out):
    run = look(text_of({}))

    with pytest.raises(RuleBroken) as refusal:
        lay_out(run, places=AT | {"brand": AT["name"]})

    assert [(broken.code, broken.field, broken.sentence) for broken in refusal.value.broken] == [
        ("column_used_twice", "brand", "La columna B del archivo ya es «Nombre». Elija otra aquí, o allá.")
    ]
    run.refresh_from_db()
    assert (run.status, SavedLayout.objects.count()) == ("columns", 0)


def test_every_column_that_is_missing_is_named_at_its_field(look, lay_out):
    run = look(text_of({}))

    with pytest.raises(RuleBroken) as refusal:
        lay_out(run, places={"sku": 0, "name": 1, "price": 7})

    assert [broken.code for broken in refusal.value.broken] == ["column_not_said"] * 12
    assert {broken.field for broken in refusal.value.broken} == set(ENGLISH) - {"sku", "name", "price"}


def test_the_code_and_what_changes_are_enough_for_a_price_update(look, lay_out):
    run = look("Art.;P.V.P.\nRZ-1;3,05\n")

    read = lay_out(run, places={"sku": 0, "price": 1})

    assert (read.status, read.refused) == ("preview", 1)  # nothing of this supplier stands yet
    assert read.issues.get().code == "sku_unknown"


def test_what_is_applied_has_no_columns_to_correct(apply, noon):
    run = apply(text_of({}))

    with pytest.raises(RuleBroken) as refusal:
        run_look_again(run_id=run.pk, layout=Layout("utf-8", ",", "."), at=noon)

    assert refusal.value.codes == ["illegal_move"]


# ---------------------------------------------------------------- remembered


@pytest.mark.feature("CI-5")
def test_the_next_file_of_the_same_layout_is_read_as_the_last_one(look, lay_out, manager, noon):
    lay_out(look(in_their_words({})), places=AT)

    run = look(in_their_words({"price": "2.99"}, header=[cell.upper() for cell in THEIRS]))

    assert run.layout["places"] == AT
    saved_layout = SavedLayout.objects.get()
    assert (saved_layout.saved_by, saved_layout.saved_at, saved_layout.encoding) == (manager, noon, "")
    assert RowVersion.objects.filter(table_name="catalog_import_savedlayout", operation="I").count() == 1


def test_what_was_written_otherwise_than_it_seemed_is_remembered_too(look, lay_out, noon):
    run = look(text_of({"name": "Tamaño"}, delimiter="|").encode("cp850"))
    assert run.look["encoding"] == "cp1252"
    lay_out(run_look_again(run_id=run.pk, layout=Layout("cp850", "|", "."), at=noon))

    next_one = look(text_of({"name": "Año"}, delimiter="|").encode("cp850"))

    assert (next_one.look["encoding"], next_one.look["delimiter"], next_one.look["rows"][0][1]) == ("cp850", "|", "Año")


def test_a_decimal_mark_that_was_right_at_first_sight_is_looked_for_anew(look, lay_out):
    lay_out(look(text_of({"price": "3.45"})))

    assert look(text_of({"price": "3,45"}, delimiter=";", header=ENGLISH)).look["decimal_mark"] == ","


def test_names_that_a_supplier_uses_are_known_in_another_layout(look, lay_out):
    lay_out(look(in_their_words({})), places=AT)

    run = look("Foto,Nota,P.V.P. s/IVA,sku,Cód. art.\na,b,3.12,x,y\n")

    assert run.layout["places"] == {"sku": 3, "image_url": 0, "price": 2}  # their word for sku is taken by ours


def test_another_supplier_learns_nothing_of_it(look, lay_out, supplier_factory):
    lay_out(look(in_their_words({})), places=AT)

    assert look(in_their_words({}), supplier_factory()).layout["places"] == {}


def test_the_latest_word_holds(look, lay_out):
    lay_out(look(in_their_words({})), places=AT)
    swapped = AT | {"name": 2, "description": 1}
    lay_out(look(in_their_words({})), places=swapped)

    assert (look(in_their_words({})).layout["places"], SavedLayout.objects.count()) == (swapped, 1)


def test_the_command_line_asks_nobody_and_refuses_as_before(look, lay_out, read):
    text = in_their_words({}, header=(*ENGLISH[:7], "P.V.P.", *ENGLISH[8:]))
    lay_out(look(text), places=AT)

    run = read(text)

    assert (run.status, run.failure) == ("failed", {"code": "columns_missing", "values": {"columns": "price"}})


# ---------------------------------------------------------------- on its page


@pytest.mark.feature("CI-5")
def test_the_page_shows_how_the_file_was_read_and_takes_corrections(as_, manager, look):
    run = look(in_their_words({"name": "Tamaño"}).encode("cp1252"))
    client = as_(manager)

    with override("en"):
        page = words_of(client.get(url("run-columns", run)))
        assert all(part in page for part in ("A · Cód. art.", "not used", "Tamaño", 'name="encoding"', "B · Artículo (Tamaño)"))
        refused = words_of(client.post(url("run-columns", run), columns_form(run, sku="0", name="0")))
        assert "Column A of the file already is «Your code»." in refused
        assert "Say which column of the file holds «Brand»." in refused
        done = client.post(url("run-columns", run), columns_form(run, **{name: str(place) for name, place in AT.items()}))
        assert done.url == run.get_absolute_url()

    run.refresh_from_db()
    assert (run.status, run.layout["places"]) == ("reading", AT)


def test_another_delimiter_reads_the_file_anew_before_anything_is_simulated(as_, manager, look):
    run = look(text_of({}, delimiter="|"))

    response = as_(manager).post(url("run-columns", run), columns_form(run, delimiter="|"))

    assert response.url == url("run-columns", run)
    run.refresh_from_db()
    assert (run.status, run.layout["places"]) == ("columns", AT)


def test_characters_that_cannot_be_are_refused_at_their_field(as_, manager, look):
    run = look(text_of({"name": "Tamaño"}).encode("cp1252"))

    response = as_(manager).post(url("run-columns", run), columns_form(run, encoding="utf-8"))

    assert "La línea 2 contiene bytes" in str(response.context["form"].errors["encoding"])


def test_a_file_that_is_gone_from_the_store_is_said_in_words(as_, manager, look):
    run = look(text_of({}))
    run.file.delete(save=False)

    response = as_(manager).post(url("run-columns", run), columns_form(run, again="1"))

    assert "Suba el archivo otra vez" in str(response.context["form"].non_field_errors())


def test_places_that_no_column_has_are_refused_in_words(as_, manager, look):
    run = look(text_of({}))

    for value in ("99", "-1", "x", "\0"):
        response = as_(manager).post(url("run-columns", run), columns_form(run, sku=value))
        assert "sku" in response.context["form"].errors, value

    assert ImportRun.objects.get().status == "columns"


def test_what_is_read_has_no_columns_page_any_more(as_, manager, look, lay_out, noon):
    run = look(text_of({}))
    run_lay_out(run_id=run.pk, layout=Layout(**run.layout), actor=manager, at=noon + timedelta(minutes=1))

    assert as_(manager).get(url("run-columns", run)).url == run.get_absolute_url()


def test_every_column_of_ours_can_be_said(as_, manager, look):
    form = as_(manager).get(url("run-columns", look(text_of({})))).context["form"]

    assert set(form.fields) == {"encoding", "delimiter", "decimal_mark", *NAMES}
    assert {name: form[name].value() for name in NAMES} == AT | {"product_code": None, "pack_factor": None}
