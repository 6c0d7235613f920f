"""The tables by themselves: every word of them means something."""

from collections.abc import Callable
from csv import DictReader
from string import Formatter

from marketplace.demo.tables import Family, entities, groups, kinds, lots, rows_of, shelves, suppliers, winners_of
from marketplace.registry.places import cantons
from marketplace.registry.ruc import is_valid_ruc
from marketplace.shop.catalogue.models import DRAWINGS
from marketplace.shop.catalogue.units import units
from marketplace.shop.partner.vat import CATEGORY_NAMES

FAMILIES = [family for group in groups() for family in group.families]
ONLY_IN_THE_OLDER_CPC = {"22910", "23150", "32600", "34620", "38140", "45260", "45270", "45280"}


def faulty(is_right: Callable[[Family], bool]) -> list[str]:
    """The names of the families that are not right."""
    return [family.name for family in FAMILIES if not is_right(family)]


def test_names_say_every_word_that_varies():
    def is_right(family: Family) -> bool:
        named = {field for _, field, _, _ in Formatter().parse(family.name) if field}
        varying = {code for code, words in family.words.items() if len(words) > 1}
        return varying <= named <= family.words.keys()

    assert faulty(is_right) == []


def test_families_say_two_specifications_or_more_each_of_its_type():
    def is_right(family: Family) -> bool:
        attributes = kinds()[family.kind].attributes
        said = [code for code in family.words if code in attributes]
        return len(said) >= 2 and all(
            attributes[code].typed(word.text) not in ("", None) for code in said for word in family.words[code]
        )

    assert faulty(is_right) == []


def test_families_are_sold_in_three_packs_of_known_units():
    def is_right(family: Family) -> bool:
        known = {family.unit, *(pack.unit for pack in family.packs)} <= units().keys()
        alone = all(pack.unit == family.unit for pack in family.packs if pack.factor == 1)
        return known and alone and len(set(family.packs)) == 3

    assert faulty(is_right) == []


def test_families_have_a_code_of_nine_digits_and_a_price_range():
    def is_right(family: Family) -> bool:
        low, high = family.price
        return len(family.cpc) == 9 and family.cpc.isdecimal() and 0 < low < high <= 4 * low

    assert faulty(is_right) == []


def test_stands_on_a_shelf_of_its_group():
    for group in groups():
        assert {shelves()[family.shelf].group for family in group.families} == {group.code}


def test_shelves_have_known_drawings_rates_and_lots():
    agreements = {group.code: group.agreement for group in groups()}
    for shelf in shelves().values():
        assert shelf.drawing in DRAWINGS
        assert shelf.vat in CATEGORY_NAMES
        assert (agreements[shelf.group], shelf.lot) in lots()


def test_shares_make_a_hundred():
    assert sum(group.share for group in groups()) == 100


def test_every_lot_has_more_winners_than_a_sheet_has_offers():
    assert min(len(winners_of(lot)) for lot in lots().values()) >= 6


def test_organisations_have_valid_tax_numbers_and_real_cantons():
    rows = [*suppliers(), *entities()]

    assert all(is_valid_ruc(row.ruc) for row in rows)
    assert len({row.ruc for row in rows}) == len(rows) == 65
    assert {row.canton for row in rows} <= cantons().keys()


def test_files_map_to_lots_and_shelves_of_the_agreement():
    for row in rows_of("category_map"):
        assert ("CM-DEMO", int(row["lot"])) in lots()
        assert row["shelf"] in shelves()


def test_codes_lie_under_subclasses_of_the_cpc(shared):
    with (shared / "data" / "classifications" / "cpc_v2_1_en.csv").open(encoding="utf-8") as file:
        subclasses = {row["code"] for row in DictReader(file)} | ONLY_IN_THE_OLDER_CPC
    codes = [family.cpc for family in FAMILIES] + [row["cpc"] for row in rows_of("category_map")]

    assert {code[:5] for code in codes} <= subclasses
