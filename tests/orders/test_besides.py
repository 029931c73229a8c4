"""Files and notes beside quotes and orders: judged by content, kept under random names, seen by who may, never run."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from oms.uploads import MOST_BYTES, UploadRefused, read_upload, shown_name
from orders.models import Attachment, InternalNote, Quote
from orders.services.answering import make_link
from orders.services.attaching import write_note
from orders.services.capturing import Header
from orders.services.issuing import issue_quote
from orders.services.quoting import draft_quote, follow_up_quote, send_quote
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n% a purchase order"


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def order(house):
    return an_order({a_product("BOLT"): 2})


def a_picture(kind="PNG", size=(20, 10)):
    target = BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


def a_workbook():
    target = BytesIO()
    Workbook().save(target)
    return target.getvalue()


def a_zip(entries):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def send(client, document, name, content, kind="order"):
    url = reverse(f"admin:orders_{kind}_add_file", args=[document.number])
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("PO 4500-77.pdf", PDF, "application/pdf"),
        ("photo.PNG", a_picture(), "image/png"),
        ("photo.jpeg", a_picture("JPEG"), "image/jpeg"),
        ("lines.xlsx", a_workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_comes_back_as_it_was_and_is_never_shown_in_place(client, order, name, content, media_type):
    client.force_login(a_boss())
    page = send(client, order, name, content).content.decode()
    kept = Attachment.objects.get()
    url = reverse("admin:orders_order_file", args=[order.number, kept.pk])

    response = client.get(url)

    assert url in page
    assert response.content == content
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert name not in kept.path
    assert len(kept.path.rpartition("/")[2]) == 32


BAD = {
    "empty": ("po.pdf", b""),
    "a program": ("po.pdf", b"MZ\x90\x00" + b"\0" * 100),
    "a program after a good name": ("po.pdf.exe", PDF),
    "a page": ("po.html", b"<html><script>alert(1)</script>"),
    "a page called a PDF": ("po.pdf", b"<html><script>alert(1)</script>"),
    "a drawing with a script": ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a drawing called a picture": (
        "logo.png",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ),
    "no ending": ("po", PDF),
    "another ending": ("po.png", PDF),
    "a broken picture": ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
    "half a photo": ("photo.jpg", b"\xff\xd8\xff\xe0"),
    "a zip bomb": ("lines.xlsx", a_zip({"xl/workbook.xml": b"0" * 40_000_000})),
    "another archive": ("lines.xlsx", a_zip({"readme.txt": b"hello"})),
    "a torn archive": ("lines.xlsx", a_workbook()[:300]),
    "a workbook with programs": ("lines.xlsx", a_zip({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"})),
    "an old workbook": ("lines.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(client, order, tmp_path, what):
    client.force_login(a_boss())

    page = send(client, order, *BAD[what]).content.decode()

    assert "“" in page
    assert not Attachment.objects.exists()
    assert not list(tmp_path.rglob("*"))


def test_a_huge_file_and_a_picture_of_too_many_points_are_refused(order):
    wide = a_picture(size=(30_000, 2_100))
    assert len(wide) < MOST_BYTES

    with pytest.raises(UploadRefused, match="10 MB"):
        read_upload(SimpleUploadedFile("po.pdf", PDF + b"0" * MOST_BYTES))
    with pytest.raises(UploadRefused, match="too much"):
        read_upload(SimpleUploadedFile("photo.png", wide))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\po.pdf", "po.pdf"),
        ("con.pdf", "_con.pdf"),
        ("fdp.\u202efdp", "fdp.fdp"),
        ('a"b\r\nX: y.pdf', "a_b X_ y.pdf"),
        (".pdf", "pdf"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Größe.pdf", "Größe.pdf"),
    ],
)
def test_a_name_is_only_shown(sent, shown):
    assert shown_name(sent) == shown
    assert len(shown_name(sent)) <= 150


def test_nothing_chosen_and_the_same_twice(client, order):
    client.force_login(a_boss())
    url = reverse("admin:orders_order_add_file", args=[order.number])

    assert "Choose a file" in client.post(url, follow=True).content.decode()
    for _time in range(2):
        send(client, order, "po.pdf", PDF)
    assert Attachment.objects.count() == 1


def test_a_file_that_was_changed_or_lost_on_the_disk_is_not_sent(client, order, tmp_path):
    client.force_login(a_boss())
    send(client, order, "po.pdf", PDF)
    kept = Attachment.objects.get()
    url = reverse("admin:orders_order_file", args=[order.number, kept.pk])

    (tmp_path / kept.path).write_bytes(b"%PDF-other")
    assert client.get(url).status_code == 404
    default_storage.delete(kept.path)
    assert client.get(url).status_code == 404


def test_files_and_notes_are_seen_with_their_document_and_not_by_the_warehouse(client, house):
    roles = ("Sales rep", "Sales rep", "Warehouse operator", "Administrator")
    rep, other, clerk, admin = (a_user(groups=[a_group(role)], is_staff=True) for role in roles)
    mine = an_order({a_product("NUT"): 1}, customer=a_customer(rep=rep))
    foreign = an_order({a_product("PIN"): 1}, customer=a_customer(rep=other))
    client.force_login(rep)
    send(client, mine, "po.pdf", PDF)
    kept = Attachment.objects.get()
    url = reverse("admin:orders_order_file", args=[mine.number, kept.pk])

    def answer(user, address=url):
        client.force_login(user)
        return client.get(address).status_code

    assert [answer(user) for user in (rep, other, clerk, admin)] == [200, 404, 403, 200]
    assert answer(other, reverse("admin:orders_order_file", args=[foreign.number, kept.pk])) == 404
    client.force_login(admin)
    assert send(client, mine, "x.pdf", PDF).status_code == 403


def test_notes_say_who_and_when_and_no_customer_sees_them(client, house):
    boss = a_boss()
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product("NUT"), 3)], by=None)
    send_quote(quote.pk, by=None)
    client.force_login(boss)
    url = reverse("admin:orders_quote_add_note", args=[quote.number])

    client.post(url, {"text": "margin is <thin>\r\nask R. first"})
    for bad in ("", " \n ", "x" * 2001, "\u202e", "a\x00b"):
        client.post(url, {"text": bad})

    note = InternalNote.objects.get()
    assert (note.text, note.by) == ("margin is <thin>\nask R. first", boss)
    page = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert "margin is &lt;thin&gt;" in page
    public = client.get(reverse("public:quote", args=[make_link(quote.pk, by=None)])).content.decode()
    assert "margin" not in public
    assert b"margin" not in bytes(issue_quote(quote.pk, by=None).content)


def test_a_note_is_never_changed(order):
    write_note(order, "as agreed", by=None)

    for change in (
        lambda: InternalNote.objects.update(text="other"),
        lambda: InternalNote.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_quote_to_follow_up_is_on_the_home_of_who_drafted_it(client, house):
    rep = a_boss()
    client.force_login(rep)
    due, later = (
        draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=rep) for _time in range(2)
    )
    follow_up_quote(later.pk, in_days(5), by=rep)
    url = reverse("admin:orders_quote_follow_up", args=[due.number])

    client.post(url, {"day": in_days(0).isoformat()})

    assert list(Quote.objects.to_follow_up(in_days(0))) == [due]
    home = client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse("admin:orders_quote_changelist"), {"follow_up": "due", "by": "me"})
    assert "Quotes to follow up" in home
    assert [q.number for q in listed.context["cl"].queryset] == [due.number]
    client.post(url, {"day": ""})
    assert not Quote.objects.to_follow_up(in_days(0)).exists()
