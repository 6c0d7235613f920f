"""Two loads with one seed give the same catalogue and the same life, ids and times apart."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection

from marketplace.demo.services import demo_load
from tests.databases import cloned, connected_to

from .conftest import AT

ESSENCE = {
    "sheets": """
        SELECT p.code, p.title, p.slug, p.description, p.brand, p.gtin, p.cpc_code, p.base_unit, c.code, k.name
        FROM catalogue_product p JOIN catalogue_productcategory pc ON pc.product_id = p.id
        JOIN catalogue_category c ON c.id = pc.category_id JOIN catalogue_productclass k ON k.id = p.product_class_id
        ORDER BY p.code""",
    "specifications": """
        SELECT p.code, a.code, v.value_text, v.value_integer, v.value_float, v.value_boolean, o.option
        FROM catalogue_productattributevalue v JOIN catalogue_product p ON p.id = v.product_id
        JOIN catalogue_productattribute a ON a.id = v.attribute_id
        LEFT JOIN catalogue_attributeoption o ON o.id = v.value_option_id
        ORDER BY p.code, a.code""",
    "listings": """
        SELECT p.code, u.ruc, s.partner_sku, s.price, s.sales_unit, s.pack_factor, s.vat_category, s.minimum_quantity,
            s.lead_time_days, s.warranty_months, s.delivery_cantons, s.status, k."limit", k.taken, i.ceiling_price
        FROM partner_stockrecord s JOIN catalogue_product p ON p.id = s.product_id
        JOIN partner_partner r ON r.id = s.partner_id JOIN registry_supplier u ON u.id = r.supplier_id
        JOIN limits_limit k ON k.id = s.stock_id
        JOIN framework_agreements_adjudicateditem i ON i.id = s.adjudicated_item_id
        ORDER BY p.code, u.ruc, s.partner_sku""",
    "people": """
        SELECT u.email, u.first_name, u.last_name, m.role, e.ruc, s.ruc FROM registry_membership m
        JOIN registry_user u ON u.id = m.user_id LEFT JOIN registry_entity e ON e.id = m.entity_id
        LEFT JOIN registry_supplier s ON s.id = m.supplier_id ORDER BY 1, 4""",
    "agreements": """
        SELECT a.code, l.number, l.name, l.delivery_cantons, k."limit", k.taken FROM framework_agreements_agreementlot l
        JOIN framework_agreements_frameworkagreement a ON a.id = l.agreement_id JOIN limits_limit k ON k.id = l.ceiling_id
        ORDER BY 1, 2""",
    "life": """
        SELECT r.need, r.status, r.gross, o.status, o.total_incl_tax FROM requisition_requisition r
        LEFT JOIN order_order o ON o.requisition_id = r.id ORDER BY 1, 5""",
}


def digest(template: str, *, seed: int, later: timedelta = timedelta()) -> dict[str, str]:
    with cloned(template) as name, connected_to(name):
        demo_load(listings=400, seed=seed, at=AT + later, say=lambda line: None)
        with connection.cursor() as cursor:
            return {name: _digest(cursor, query) for name, query in ESSENCE.items()}


def _digest(cursor, query: str) -> str:
    cursor.execute(query)
    rows = cursor.fetchall()
    assert rows
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_is_the_same_for_a_seed_and_another_for_another(template, unblocked):
    first = digest(template, seed=5)
    again = digest(template, seed=5, later=timedelta(days=40))
    other = digest(template, seed=6)

    assert first == again
    assert other["listings"] != first["listings"]
    assert other["people"] == first["people"]
