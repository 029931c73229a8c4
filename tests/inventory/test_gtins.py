"""One number under a barcode is one number, with however many zeros in front it is written."""

from importlib import import_module
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from inventory.finding import called, codes_of, matching
from inventory.forms import products_by_code
from inventory.models import Product, ProductUnit
from oms.barcodes import LENGTHS, one_gtin, ways_of, why_no_gtin
from oms.importing.cells import gtin
from orders.services.understanding import _units_named
from tests.builders import a_boss, a_customer, a_product, a_unit, a_warehouse

pytestmark = pytest.mark.django_db

MIGRATION: Any = import_module("inventory.migrations.0021_gtins_one_way")
UPC = "012345678905"  # twelve digits, one of them a zero in front
WAYS = [UPC, f"0{UPC}", f"00{UPC}"]


@pytest.fixture
def bolt():
    bolt = a_product("BOLT", on_hand=50, at=a_warehouse("MAIN"))
    a_unit(bolt, "CT", numerator=20, gtin=UPC)
    return bolt


@pytest.mark.parametrize(
    ("kept", "ways"),
    [
        (UPC, WAYS),
        ("96385074", ["96385074", "000096385074", "0000096385074", "00000096385074"]),
        ("4006381333931", ["4006381333931", "04006381333931"]),
        ("14006381333938", ["14006381333938"]),
    ],
)
def test_all_ways_of_a_number_are_kept_as_the_shortest(kept, ways):
    assert {one_gtin(way) for way in ways} == {kept}
    assert ways_of(kept) == ways
    assert not any(why_no_gtin(way) for way in ways)
    assert [gtin(way) for way in ways] == [kept] * len(ways)


@pytest.mark.parametrize("text", ["", "0", "BOLT", "0" * 14, "123", "٤" * 13, "0" * 40, "-1234567"])
def test_what_is_none_stays_as_it_is(text):
    assert one_gtin(text) == text or len(text) in LENGTHS


@pytest.mark.parametrize("way", WAYS)
def test_every_door_finds_it_however_it_is_scanned(client, bolt, way):
    boss = a_boss()
    client.force_login(boss)

    assert ProductUnit.objects.get(gtin=way).code == "CT"
    assert ProductUnit.objects.get(gtin__in=[way]).gtin == UPC
    assert called(way, Product.objects.all()) == bolt
    assert matching(way)[0].product == bolt
    assert products_by_code([way]) == {way: bolt}
    assert codes_of({bolt.pk: "BOLT"})[bolt.pk][way] == 20
    assert [unit.code for unit in _units_named({way}, a_customer().pk, boss)[way]] == ["CT"]
    assert bolt.sku in client.get(reverse("admin:inventory_product_changelist"), {"q": way}).content.decode()
    found = client.get(f"/api/v1/products/?gtin={way}").json()
    assert [one["sku"] for one in found["results"]] == ["BOLT"]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_gives_it_to_a_second_unit(client, bolt, way):
    nut = a_product("NUT")
    client.force_login(a_boss())
    with pytest.raises(IntegrityError), transaction.atomic():
        a_unit(nut, "CT", numerator=10, gtin=way)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_productunit SET gtin = %s WHERE product_id = %s", [way, nut.pk])

    assert not ProductUnit.objects.filter(product=nut, gtin__isnull=False).exists()
    assert codes_of({nut.pk: "NUT"}) == {nut.pk: {"NUT": 1}}


def test_an_unsaved_unit_takes_the_one_way_when_it_is_checked(bolt):
    unit = ProductUnit(product=bolt, code="BX", name="box", numerator=5, gtin="04006381333931")

    unit.full_clean()
    unit.save()

    assert ProductUnit.objects.get(code="BX").gtin == unit.gtin == "4006381333931"


def test_a_file_may_name_it_once_only(tmp_path, capsys, bolt):
    rows = ["sku,name,unit,unit_name,gtin", "LF-8,X,C62,piece,036000291452", "LF-9,Y,C62,piece,0036000291452"]
    file = tmp_path / "p.csv"
    file.write_text("\n".join([*rows, f"LF-7,Z,C62,piece,0{UPC}"]))

    with pytest.raises((CommandError, SystemExit)):
        call_command("import_data", "products", str(file))
    told = capsys.readouterr()
    assert "belongs to LF-8 in row 2" in told.out + told.err
    assert "belongs to BOLT" in told.out + told.err

    assert not Product.objects.filter(sku__startswith="LF-").exists()


def kept_before(**gtins):
    """Products as they were kept before the constraint, written behind its back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_productunit DROP CONSTRAINT gtin_is_kept_one_way")
        for sku, way in gtins.items():
            unit = a_product(sku).units.get()
            cursor.execute("UPDATE inventory_productunit SET gtin = %s WHERE id = %s", [way, unit.pk])


def test_the_update_rewrites_what_was_kept_with_zeros_to_spare():
    kept_before(A=WAYS[2], B="0000096385074", C="14006381333938", D="4006381333931")

    MIGRATION.require_one_unit_each(None, connection.schema_editor())
    MIGRATION.keep_one_way(None, connection.schema_editor())

    found = dict(ProductUnit.objects.values_list("product__sku", "gtin"))
    assert found == {"A": UPC, "B": "96385074", "C": "14006381333938", "D": "4006381333931"}


def test_the_update_names_two_units_with_one_number():
    kept_before(A=UPC, B=WAYS[1], C=None)

    with pytest.raises(ValueError, match=f"A C62: {UPC}, B C62: {WAYS[1]}. Take it from one"):
        MIGRATION.require_one_unit_each(None, connection.schema_editor())
