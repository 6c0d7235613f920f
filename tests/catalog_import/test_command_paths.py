"""What the command is told to read and to write is judged before anything is done."""

import pytest
from django.core.management import call_command

from catalog_import.models import ImportRun
from tests.catalog_import.conftest import text_of


@pytest.fixture
def price_list(tmp_path):
    file = tmp_path / "lista.csv"
    file.write_text(text_of({}))
    return file


@pytest.mark.parametrize(("report", "words"), [(".", "No se puede escribir"), ("no-hay/informe.json", "No existe la carpeta")])
def test_a_report_that_cannot_be_written_stops_it_first(market, price_list, tmp_path, capsys, report, words):
    options = {"supplier": market.supplier.ruc, "agreement": market.agreement.code, "report": tmp_path / report}

    with pytest.raises(SystemExit) as end:
        call_command("import_catalogue", price_list, **options)

    said = capsys.readouterr().err
    assert (end.value.code, said.count("\n"), words in said) == (2, 1, True)
    assert not ImportRun.objects.exists()
