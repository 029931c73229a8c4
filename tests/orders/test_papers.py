"""Documents for customers: made once, kept byte for byte, shown to whom they concern, sent with the letters."""

import re
from hashlib import sha256

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oms.errors import Refused
from oms.models import Company, Notice
from oms.verify import breaches_of, invariants
from orders.models import IssuedDocument, Order, OrderDelivery
from orders.services import issuing
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header
from orders.services.issuing import (
    CannotPrint,
    NothingToIssue,
    issue_confirmation,
    issue_proforma,
    issue_quote,
)
from orders.services.quoting import draft_quote, revise_quote, send_quote
from orders.status import PaperKind
from orders.tasks import announce_order_events, announce_quote_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_long_order,
    a_product,
    a_user,
    a_warehouse,
    an_order,
)
from tests.verify.conftest import behind_its_back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company(vat_number="DE123456789", iban="DE02120300000000202051")
    return a_warehouse("MAIN")


@pytest.fixture
def bolt(house):
    return a_product("BOLT", on_hand=50, at=house)


def a_sent_quote(bolt, customer=None, by=None):
    customer = customer or a_customer("Kern AG", email="einkauf@example.com")
    return send_quote(draft_quote(Header(customer.pk), [a_line(bolt, 3)], by=by).pk, by=by)


def test_each_version_of_a_quote_has_one_paper_that_stays(bolt):
    quote = a_sent_quote(bolt)
    first = issue_quote(quote.pk, by=None)
    bolt.name = "renamed"
    bolt.save()
    revise_quote(quote.pk, by=None)

    again = issue_quote(quote.pk, by=None)
    send_quote(quote.pk, by=None)
    second = issue_quote(quote.pk, by=None)

    assert again.pk == first.pk
    assert [p.number for p in (first, second)] == [f"{quote.number} v1", f"{quote.number} v2"]
    assert bytes(first.content).startswith(b"%PDF-")
    assert first.sha256 == sha256(first.content).hexdigest()


def test_a_draft_has_no_paper(bolt):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolt, 3)], by=None)

    with pytest.raises(NothingToIssue, match="Send it first"):
        issue_quote(quote.pk, by=None)
    with pytest.raises(NothingToIssue, match="Confirm it first"):
        issue_confirmation(an_order({bolt: 1}).pk, by=None)


def test_a_proforma_is_made_again_only_when_the_order_has_changed(bolt):
    order = an_order({bolt: 2})
    first = issue_proforma(order.pk, by=None)
    same = issue_proforma(order.pk, by=None)
    Order.objects.filter(pk=order.pk).update(customer_po="4500-77")
    other = issue_proforma(order.pk, by=None)

    assert same.pk == first.pk
    assert [first.number, other.number] == [f"{order.number}-P1", f"{order.number}-P2"]


def test_a_line_without_a_price_and_a_cancelled_order_have_no_proforma(bolt):
    bare = an_order({a_product("BARE", price=None): 1})
    gone = an_order({bolt: 1})
    cancel_order(gone.pk, by=None)

    with pytest.raises(NothingToIssue, match="no price in line 1"):
        issue_proforma(bare.pk, by=None)
    with pytest.raises(NothingToIssue, match="nothing to pay"):
        issue_proforma(gone.pk, by=None)


def test_the_confirmation_goes_out_with_its_paper_and_twice_the_same(bolt):
    order = a_confirmed_order({bolt: 2}, customer=a_customer(email="c@example.com"))

    announce_order_events()
    announce_order_events()

    (letter,) = mail.outbox
    ((name, content, media_type),) = letter.attachments
    paper = IssuedDocument.objects.get(kind=PaperKind.CONFIRMATION)
    assert (name, media_type) == (f"{order.number}-C3.pdf", "application/pdf")
    assert content == bytes(paper.content) == bytes(issue_confirmation(order.pk, by=None).content)


def test_a_paper_that_cannot_be_printed_is_refused_with_the_place_and_not_kept(client, bolt):
    bolt.name = "ไทย"
    bolt.save()
    order = a_confirmed_order({bolt: 2}, customer=a_customer(), by=a_boss())
    Order.objects.filter(pk=order.pk).update(customer_po="नमस्ते")
    client.force_login(a_boss())

    for kind in (PaperKind.CONFIRMATION, PaperKind.PROFORMA):
        url = reverse("admin:orders_order_issue", args=[order.number])
        page = client.post(url, {"kind": kind.value}, follow=True).content.decode()
        assert "“ไทย” in line 1" in page
        assert "in Your order" in page
    assert not IssuedDocument.objects.exists()

    bolt.name = "螺栓"
    bolt.save()
    Order.objects.filter(pk=order.pk).update(customer_po="漢字")
    assert b"DroidSansFallback" in bytes(issue_confirmation(order.pk, by=None).content)


def test_a_letter_whose_paper_cannot_be_printed_goes_without_and_the_office_is_told_once(bolt):
    bolt.name = "ไทย"
    bolt.save()
    rep = a_boss()
    order = a_confirmed_order({bolt: 2}, by=rep, customer=a_customer(email="c@example.com"))
    a_sent_quote(bolt, by=rep)
    for _again in range(2):
        OrderDelivery.objects.update(sent_at=None, next_try_at=timezone.now())
        announce_order_events()
        announce_quote_events()

    assert {len(letter.attachments) for letter in mail.outbox} == {0}
    told = Notice.objects.filter(user=rep, what="unprintable")
    assert told.count() == 2
    assert "“ไทย” in line 1" in told.get(object_id=order.pk, about="orders.order").note
    assert not IssuedDocument.objects.exists()


def test_a_paper_that_is_kept_is_never_asked_about_again(bolt):
    order = a_confirmed_order({bolt: 2})
    kept = issue_confirmation(order.pk, by=None)
    bolt.name = "ไทย"
    bolt.save()

    assert issue_confirmation(order.pk, by=None).pk == kept.pk


def test_many_places_make_no_endless_sentence(bolt):
    with pytest.raises(Refused) as refusal:
        raise CannotPrint("SO-1", [(f"line {n}", "ไ" * 500) for n in range(200)])

    assert len(str(refusal.value)) < 600


def test_a_letter_that_failed_takes_the_same_paper_the_next_time(bolt, monkeypatch):
    a_confirmed_order({bolt: 2}, customer=a_customer(email="c@example.com"))
    with monkeypatch.context() as broken:
        broken.setattr("oms.mail.EmailMessage.send", lambda *_a, **_k: (_ for _ in ()).throw(OSError("away")))
        announce_order_events()
    kept = IssuedDocument.objects.get().pk

    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_orderdelivery SET next_try_at = now() WHERE sent_at IS NULL")
    announce_order_events()

    assert len(mail.outbox) == 1
    assert IssuedDocument.objects.get().pk == kept


def test_the_letter_about_a_quote_carries_the_version_that_was_sent(bolt):
    quote = a_sent_quote(bolt)

    announce_quote_events()
    revise_quote(quote.pk, by=None)
    announce_quote_events()

    (letter,) = mail.outbox
    assert letter.attachments[0][0] == f"{quote.number}-v1.pdf"
    assert f"{quote.number} v1" in letter.subject


def test_what_went_out_is_never_changed_or_deleted(bolt):
    paper = issue_proforma(an_order({bolt: 2}).pk, by=None)

    for change in (
        lambda: IssuedDocument.objects.filter(pk=paper.pk).update(content=b"%PDF-other"),
        lambda: IssuedDocument.objects.filter(pk=paper.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_bytes_that_changed_behind_our_back_are_noticed(bolt):
    """The control: without trigger and CHECK the write goes through, and the proof finds it."""
    paper = issue_proforma(an_order({bolt: 2}).pk, by=None)
    name = "I2 every row passes its checks"
    assert not breaches_of(name, invariants()[name])

    with behind_its_back(
        "ALTER TABLE orders_issueddocument DROP CONSTRAINT a_paper_has_the_hash_of_its_bytes",
        f"UPDATE orders_issueddocument SET content = 'other' WHERE id = {paper.pk}",
    ):
        (breach,) = breaches_of(name, invariants()[name])

    assert "a_paper_has_the_hash_of_its_bytes" in breach.found


def test_a_document_is_downloaded_as_it_was_made(bolt, client):
    client.force_login(a_boss())
    order = a_confirmed_order({bolt: 2})
    client.post(reverse("admin:orders_order_issue", args=[order.number]), {"kind": "confirmation"})
    paper = IssuedDocument.objects.get()
    url = reverse("admin:orders_order_paper", args=[order.number, paper.pk])

    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    response = client.get(url)

    assert url in page
    assert response.content == bytes(paper.content)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{order.number}-C3.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["", "quote", "invoice", "\x00", "confirmation\n"])
def test_no_other_kind_of_document_is_made(bolt, client, kind):
    client.force_login(a_boss())
    order = an_order({bolt: 2})

    response = client.post(reverse("admin:orders_order_issue", args=[order.number]), {"kind": kind})

    assert response.status_code == 404
    assert not IssuedDocument.objects.exists()


def test_a_document_is_seen_only_with_its_order_and_only_by_who_sees_prices(house, bolt, client):
    rep, stranger, clerk = (
        a_user(groups=[a_group(role)], is_staff=True)
        for role in ("Sales rep", "Sales rep", "Warehouse operator")
    )
    house.members.add(clerk)
    order = a_confirmed_order({bolt: 2}, customer=a_customer(rep=rep))
    other = a_confirmed_order({bolt: 2}, customer=a_customer(rep=rep))
    paper = issue_confirmation(order.pk, by=None)
    url = reverse("admin:orders_order_paper", args=[order.number, paper.pk])

    def answer(user, address=url):
        client.force_login(user)
        return client.get(address).status_code

    assert [answer(rep), answer(stranger), answer(clerk)] == [200, 404, 403]
    assert answer(rep, reverse("admin:orders_order_paper", args=[other.number, paper.pk])) == 404
    client.force_login(clerk)
    page = client.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert page.status_code == 200
    assert not re.search("Order confirmation", page.content.decode())


@pytest.mark.parametrize("make", [issue_proforma])
def test_statements_do_not_grow_with_the_lines(make):
    counts = []
    for lines in (2, 60):
        order = a_long_order(lines)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            make(order.pk, by=None)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 9


@pytest.mark.parametrize(("home", "last"), [("DE", "20457 Hamburg"), ("AT", "GERMANY")])
def test_a_paper_names_the_country_to_whoever_is_abroad(bolt, monkeypatch, home, last):
    drawn = []
    monkeypatch.setattr(issuing, "as_pdf", lambda paper: drawn.append(paper) or b"%PDF-")
    Company.objects.update(country=home)
    customer = a_customer()
    customer.addresses.update(postal_code="20457", city="Hamburg", country="DE")
    order = an_order({bolt: 2}, customer)
    dock = customer.addresses.create(code="DOCK", name="Dock 2", street="Kai 1", city="Emden", country="DE")
    Order.objects.filter(pk=order.pk).update(ship_to=dock)

    issue_proforma(order.pk, by=None)

    (paper,) = drawn
    abroad = ", GERMANY" if home == "AT" else ""
    assert paper.addressee[-1] == last
    assert ("Goods go to", f"Dock 2, Kai 1, Emden{abroad}") in paper.facts
