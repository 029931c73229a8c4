"""Import and export on the lists of the office: looked through first, done as it was shown, seen by right."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inventory.models import Product
from oms.importing.keeping import FOLDER
from orders.models import Order
from tests.builders import a_boss, a_customer, a_user, an_order
from tests.data_in_out.files import a_small_house, everything, table, workbook

pytestmark = pytest.mark.django_db

IMPORTERS = [
    "inventory.view_product",
    "inventory.add_product",
    "inventory.change_product",
    "inventory.view_cost",
]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def waiting(tmp_path):
    folder = tmp_path / "media" / FOLDER
    return list(folder.iterdir()) if folder.exists() else []


def send(client, page, content, name="anvils.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse(f"admin:{page}_import"), {"file": file, "encoding": "", **fields})


def token_in(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def confirm(client, page, token):
    return client.post(reverse(f"admin:{page}_import_confirm"), {"token": token}, follow=True)


def test_a_file_is_looked_through_and_then_imported_as_it_was_shown(client, tmp_path):
    client.force_login(a_boss())

    shown = send(client, "inventory_product", table("sku|name", "A|Anvil <b>"))

    assert "1 new, 0 changed, 0 same" in shown.content.decode()
    assert "Anvil &lt;b&gt;" in shown.content.decode()
    assert not Product.objects.exists()
    assert len(waiting(tmp_path)) == 1
    done = confirm(client, "inventory_product", token_in(shown))
    assert "Imported: 1 new" in done.content.decode()
    assert Product.objects.get().sku == "A"
    assert not waiting(tmp_path)


def test_problems_are_shown_in_a_table_and_nothing_is_kept(client, tmp_path):
    client.force_login(a_boss())

    shown = send(
        client, "inventory_product", workbook(["sku", "name", "cost"], ["A", "Anvil", "1,50"]), "a.xlsx"
    )

    text = shown.content.decode()
    assert "1 problem; nothing was imported" in text
    assert "1,50" in text
    assert 'name="token"' not in text
    assert not waiting(tmp_path)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "CON.txt", "x" * 190 + ".csv", "\u202egpj.csv", "<script>.csv"]
)
def test_the_name_of_a_file_is_only_shown(client, tmp_path, name):
    client.force_login(a_boss())

    shown = send(client, "inventory_product", table("sku|name", "A|Anvil"), name)

    assert shown.status_code == 200
    assert b"<script>.csv" not in shown.content
    assert confirm(client, "inventory_product", token_in(shown)).status_code == 200
    assert Product.objects.exists()


def test_data_that_changed_since_the_preview_are_shown_again(client):
    client.force_login(a_boss())
    shown = send(client, "inventory_product", table("sku|name", "A|Anvil"))
    Product.objects.create(sku="A", name="Somebody was first")

    done = confirm(client, "inventory_product", token_in(shown))

    assert "have changed since the preview" in done.content.decode()
    assert Product.objects.get().name == "Somebody was first"


def test_a_file_that_changed_since_the_preview_is_refused(client, tmp_path):
    client.force_login(a_boss())
    shown = send(client, "inventory_product", table("sku|name", "A|Anvil"))
    (file,) = waiting(tmp_path)
    file.write_bytes(table("sku|name", "B|Bomb"))

    done = confirm(client, "inventory_product", token_in(shown))

    assert "not the one that was looked through" in done.content.decode()
    assert not Product.objects.exists()


def test_a_preview_is_confirmed_once_by_its_reader_for_its_kind(client):
    boss, other = a_boss(), a_boss()
    client.force_login(boss)
    token = token_in(send(client, "inventory_product", table("sku|name", "A|Anvil")))

    client.force_login(other)
    stolen = confirm(client, "inventory_product", token)
    client.force_login(boss)
    elsewhere = confirm(client, "customers_customer", token)
    forged = confirm(client, "inventory_product", token[:-2] + "xx")
    nonsense = confirm(client, "inventory_product", "\0\ud800".encode("utf-8", "replace").decode())
    first = confirm(client, "inventory_product", token)
    second = confirm(client, "inventory_product", token)

    assert all("somebody else" in page.content.decode() for page in (stolen, elsewhere))
    assert all("too old" in page.content.decode() for page in (forged, nonsense))
    assert "Imported: 1 new" in first.content.decode()
    assert "imported or cleared away" in second.content.decode()


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_import_needs_every_right_of_its_kind(client, missing):
    rights = [right for n, right in enumerate(IMPORTERS) if n != missing]
    client.force_login(a_user(*rights, is_staff=True))
    before = everything()

    answers = [
        client.get(reverse("admin:inventory_product_import")),
        send(client, "inventory_product", table("sku|name", "A|Anvil")),
        client.post(reverse("admin:inventory_product_import_confirm"), {"token": "x"}),
        client.get(reverse("admin:inventory_product_import_template")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert b"/product/import/" not in client.get(reverse("admin:inventory_product_changelist")).content
    assert everything() == before


def test_what_is_sent_never_breaks_the_page(client):
    client.force_login(a_boss())
    page = reverse("admin:inventory_product_import")

    answers = [
        client.post(page),
        client.post(page, {"file": "text", "encoding": "utf-7"}),
        send(client, "inventory_product", b""),
        send(client, "inventory_product", b"\0" * 100),
        send(client, "inventory_product", table("sku|name", "A|Anvil"), encoding="cp1252"),
        client.get(reverse("admin:inventory_product_export") + "?status__exact=x&nonsense=1&p=-1"),
        client.post(reverse("admin:inventory_product_export") + "?nonsense__in=1", {"format": "csv"}),
        client.post(reverse("admin:inventory_product_export"), {"format": "exe"}),
        client.get(reverse("admin:inventory_product_import_confirm")),
    ]

    assert all(answer.status_code < 500 for answer in answers), [answer.status_code for answer in answers]


def test_an_export_holds_the_filtered_rows_that_its_reader_sees(client):
    _warehouse, bolt, _nut, customer = a_small_house()
    rep = a_user("customers.view_customer", "orders.view_order", is_staff=True)
    mine = a_customer("Mine Ltd", rep=rep)
    an_order({bolt: 1}, customer=customer)
    own = an_order({bolt: 2}, customer=mine)
    client.force_login(rep)

    answer = client.post(reverse("admin:orders_order_export"), {"format": "csv"})
    filtered = client.post(reverse("admin:orders_order_export") + "?status__exact=closed", {"format": "csv"})

    lines = text_of(answer).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(own.number)
    assert len(text_of(filtered).splitlines()) == 1
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Order.objects.count() == 2


def test_who_reads_orders_for_the_warehouse_exports_no_prices(client):
    warehouse, bolt, _nut, customer = a_small_house()
    picker = a_user("orders.view_order", "orders.view_warehouse_orders", is_staff=True)
    warehouse.members.add(picker)
    from orders.services.confirming import confirm_order
    from orders.services.submitting import submit_order

    order = an_order({bolt: 3}, customer=customer)
    submit_order(order.pk, by=None)
    confirm_order(order.pk, by=None)
    client.force_login(picker)

    answer = client.post(reverse("admin:orders_order_export"), {"format": "csv"})

    line = text_of(answer).splitlines()[1]
    assert line.endswith("BOLT,C62,3,,")


def test_bulk_exports_of_customers_and_prices_need_a_right_of_their_own(client):
    client.force_login(a_user("customers.view_customer", "customers.view_pricerule", is_staff=True))

    for page in ("customers_customer", "customers_pricerule"):
        assert client.post(reverse(f"admin:{page}_export"), {"format": "csv"}).status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "inventory_product",
        "inventory_stocklevel",
        "customers_customer",
        "customers_pricerule",
        "orders_order",
    ],
)
def test_the_pages_of_every_kind_open_and_the_lists_lead_to_them(client, page):
    a_small_house()
    client.force_login(a_boss())

    listed = client.get(reverse(f"admin:{page}_changelist")).content.decode()
    template = client.get(reverse(f"admin:{page}_import_template"))

    for what in ("import", "export"):
        assert reverse(f"admin:{page}_{what}") in listed
        assert client.get(reverse(f"admin:{page}_{what}")).status_code == 200
    assert template.content.endswith(b"\r\n")
    for form in ("csv", "xlsx"):
        assert client.post(reverse(f"admin:{page}_export"), {"format": form}).status_code == 200
