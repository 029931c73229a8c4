from pathlib import Path

import pytest
import unfold
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from oms.navigation import GROUPS, sidebar
from tests.builders import a_boss, a_company, a_customer, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = a_boss()
    client.force_login(user)
    return user


def test_strangers_reach_only_signing_in_and_the_health_of_the_site(client):
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/healthz").status_code == 200
    for path in (
        "/",
        "/admin/",
        "/admin/search/?s=a",
        "/admin/oms/user/",
        "/admin/password_change/",
        "/admin/no/such/",
    ):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/admin/"), path


def test_the_site_is_healthy_while_its_database_answers(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code == 405


def test_the_site_says_503_while_its_database_is_down(client, monkeypatch):
    def broken():
        raise DatabaseError("no server")

    monkeypatch.setattr(connection, "cursor", broken)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (503, b"database down\n")


def test_the_first_page_is_the_office(client, boss):
    assert client.get("/")["Location"] == reverse("admin:index")


def test_signing_in_and_out(client):
    user = a_user(username="ana", is_staff=True)

    wrong = client.post("/admin/login/", {"username": "ana", "password": "wrong"})
    right = client.post(
        "/admin/login/?next=/admin/", {"username": "ana", "password": "a long enough password"}
    )

    assert wrong.status_code == 200
    assert right["Location"] == "/admin/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_password_manager_can_fill_the_sign_in_page(client):
    page = client.get("/admin/login/").content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_the_page_for_signing_in_and_every_other_asks_nobody_outside(client, boss):
    for path in ("/admin/", "/admin/login/", "/admin/password_change/", "/admin/oms/user/"):
        page = client.get(path, follow=True).content.decode()
        assert 'src="http' not in page, path
        assert 'href="http' not in page, path


def test_a_password_is_changed_by_its_owner(client):
    client.force_login(a_user(username="ana", is_staff=True))
    new = "another quite long password"

    short = client.post(
        "/admin/password_change/",
        {"old_password": "a long enough password", "new_password1": "short", "new_password2": "short"},
    )
    changed = client.post(
        "/admin/password_change/",
        {"old_password": "a long enough password", "new_password1": new, "new_password2": new},
    )

    assert short.status_code == 200
    assert changed.status_code == 302
    assert client.get(changed["Location"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/?x=%00", "/admin/oms/user/?q=%00", "/admin/%00/", "/admin/oms/currency/%00/change/"]
)
def test_an_address_with_a_nul_in_it_is_refused(client, boss, path):
    answer = client.get(path)

    assert answer.status_code == 400
    assert b"cannot be read" in answer.content


def test_what_is_not_there_says_so_in_our_words(client, boss):
    answer = client.get("/no/such/page")

    assert answer.status_code == 404
    assert b"There is no such page" in answer.content


def test_an_address_for_forms_alone_says_so_in_our_words(client, boss):
    answer = client.get(reverse("notices_read"))

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert b"only takes what a form sends" in answer.content


def test_an_error_of_ours_is_told_without_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(rf.get("/"))

    assert answer.status_code == 500
    assert b"not your fault" in answer.content


def test_a_form_from_somewhere_else_is_refused_in_our_words():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})

    assert answer.status_code == 403
    assert b"open for too long" in answer.content


def test_every_failure_has_a_page():
    for code in ("400", "403", "403_csrf", "404", "405", "500", "503"):
        assert Path(settings.BASE_DIR, "templates", f"{code}.html").exists()


def test_the_company_gives_its_name_to_every_page(client, boss):
    a_company(name="Nordwerk & Söhne")

    page = client.get("/admin/").content.decode()

    assert "Nordwerk &amp; Söhne" in page


def test_before_there_is_a_company_the_product_gives_its_name(client, boss):
    assert "OMS" in client.get("/admin/").content.decode()


def test_there_is_no_logo_before_one_is_set(client):
    assert client.get("/company/logo").status_code == 404


def highlighted(user, path):
    request = RequestFactory().get(path)
    request.user = user
    return [str(i["title"]) for g in sidebar(request) for i in g["items"] if i.get("active")]


@pytest.mark.parametrize(
    "place", [place for _title, places in GROUPS for place in places], ids=lambda p: p.url
)
def test_each_place_of_the_sidebar_is_highlighted_alone(boss, place):
    assert highlighted(boss, reverse(place.url)) == [str(place.title)]


def test_a_page_below_a_place_highlights_the_nearest(boss):
    assert highlighted(boss, reverse("admin:fulfillment_shipment_change", args=[7])) == ["Shipments"]
    assert highlighted(boss, reverse("admin:fulfillment_shipment_pack", args=[7])) == ["Shipments"]
    assert highlighted(boss, reverse("admin:orders_order_pad")) == ["Orders"]
    assert highlighted(boss, reverse("admin:index")) == []


@pytest.mark.parametrize(
    "name", ["index", "orders_order_pad", "orders_order_changelist", "inventory_product_add"]
)
def test_every_page_has_one_main_part_and_a_way_to_it(client, boss, name):
    a_company()
    page = client.get(reverse(f"admin:{name}")).content.decode()

    assert page.count("<main") == page.count("</main>") == 1
    assert page.index('href="#content"') < page.index('id="nav-sidebar"') < page.index('<main id="content"')


def test_our_frame_is_the_themes_but_for_the_main_part():
    theirs = (Path(unfold.__file__).parent / "templates/admin/base.html").read_text()
    ours = (Path(settings.BASE_DIR) / "templates/admin/base.html").read_text()
    skip = '    {% block skip %}<a class="skip" href="#content">{% translate "Skip to the page" %}</a>{% endblock %}\n'

    told = ours.replace(skip, "", 1).replace('<main id="content" tabindex="-1"', '<div id="content"')
    assert told.replace("</main>", "</div>") == theirs


def test_an_empty_list_says_what_to_do_next(client, boss):
    page = reverse("admin:customers_customergroup_changelist")

    empty = client.get(page).content.decode()
    searched = client.get(page, {"q": "nobody"}).content.decode()

    assert "There is nothing here yet." in empty
    assert f'href="{reverse("admin:customers_customergroup_add")}">Add customer group' in empty
    assert "Nothing fits what you look for." in searched
    assert 'href="?">Show all' in searched


def test_what_a_form_refers_to_is_linked_only_for_those_whom_it_opens_to(client):
    customer = a_customer("Kern AG", rep=a_user())
    page = reverse("admin:customers_customer_change", args=[customer.pk])
    terms = reverse("admin:customers_paymentterms_change", args=[customer.payment_terms_id])
    rights = ["customers.view_customer", "customers.view_all_customers"]

    client.force_login(a_user(*rights, is_staff=True))
    plain = client.get(page).content.decode()
    client.force_login(a_user(*rights, "customers.view_paymentterms", is_staff=True))
    linked = client.get(page).content.decode()

    assert terms not in plain
    assert terms in linked
    assert str(customer.payment_terms) in plain
