"""A list remembers a person's filters, order and columns under a name."""

import pytest
from django.db import IntegrityError, transaction

from oms.admin.paging import CountsUpTo
from oms.models import Currency, NamedView
from oms.named_views import MOST_VIEWS, NoSuchView, keep_view, open_at_first, query_of
from tests.builders import a_boss, a_company, a_user

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


@pytest.fixture
def ana(client):
    a_company()
    user = a_user("orders.view_order", is_staff=True)
    client.force_login(user)
    return user


def keep(client, **values):
    posted = {"list": "orders.order", "query": "status__exact=draft&o=1", "name": "Drafts", **values}
    return client.post("/admin/views/", posted)


def test_a_view_is_kept_and_opened_by_its_link(client, ana):
    answer = keep(client, columns=["number", "customer"])

    view = NamedView.objects.get()
    assert (view.user, view.about, view.name, view.is_first) == (ana, "orders.order", "Drafts", False)
    assert answer["Location"] == f"{LIST}?{view.query}"
    page = client.get(answer["Location"])
    assert page.context["cl"].list_display == ["number", "customer"]
    assert page.context["cl"].params["status__exact"] == "draft"
    assert 'aria-current="page">Drafts' in page.content.decode()


def test_columns_are_shown_without_keeping_them(client, ana):
    answer = keep(client, show=1, columns=["customer", "number", "nonsense"])

    assert not NamedView.objects.exists()
    assert client.get(answer["Location"]).context["cl"].list_display == ["number", "customer"]


def test_a_list_opens_with_the_view_that_is_first_and_whole_when_asked(client, ana):
    keep(client, first="on")
    keep(client, name="Others", query="status__exact=confirmed", first="on")

    opened = client.get(LIST)

    assert [view.name for view in NamedView.objects.filter(is_first=True)] == ["Others"]
    assert opened["Location"] == f"{LIST}?status__exact=confirmed"
    whole = client.get(f"{LIST}?_all=1")
    assert whole.status_code == 200
    assert whole.context["cl"].get_query_string(remove=["_all"]) == "?_all=1"


def test_the_same_name_again_replaces_the_view(client, ana):
    keep(client)
    keep(client, query="o=-1")

    assert NamedView.objects.get().query == "o=-1"


def test_a_view_is_deleted_or_made_the_first_by_its_owner_alone(client, ana):
    keep(client)
    view = NamedView.objects.get()

    client.post(f"/admin/views/{view.pk}/", {"first": 1})
    view.refresh_from_db()
    assert view.is_first
    client.post(f"/admin/views/{view.pk}/", {"first": 1})
    view.refresh_from_db()
    assert not view.is_first

    other = a_boss()
    client.force_login(other)
    assert client.post(f"/admin/views/{view.pk}/", {"delete": 1}).status_code == 404
    assert view.name not in client.get(f"{LIST}?_all=1").content.decode()
    client.force_login(ana)
    assert client.post(f"/admin/views/{view.pk}/", {"delete": 1}).status_code == 302
    assert not NamedView.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "status__exact=nonsense", "no_such_field=1", "customer__rep__password__startswith=a", "o=99.-x", "_columns=,,x",
        "p=-1", "e=1", "q=%00", "q=" + "x" * 5000, "&&&==", "%ff=%fe", "_popup=1", "\x00", "a=1&" * 500,
    ],
)  # fmt: skip
def test_what_a_view_holds_never_breaks_a_page(client, ana, query):
    """Kept through the page or put into the table: the list answers, if only that it may not be asked."""
    kept = keep(client, query=query, first="on")
    NamedView.objects.update_or_create(
        user=ana, about="orders.order", name="Old", defaults={"query": query.replace("\x00", "")[:2000]}
    )
    open_at_first(ana.pk, NamedView.objects.get(name="Old"))

    assert kept.status_code in (302, 400)
    for address in (LIST, LIST + "?" + NamedView.objects.get(name="Old").query):
        assert client.get(address, follow=True).status_code in (200, 400), address


def test_a_view_needs_a_name_and_a_list_that_one_may_see(client, ana):
    keep(client, name=" \u200b ")
    assert keep(client, list="orders.quote").status_code == 404
    assert keep(client, list="no.such").status_code == 404

    assert not NamedView.objects.exists()


def test_one_view_too_many_is_refused(ana):
    for n in range(MOST_VIEWS):
        keep_view(ana.pk, "orders.order", f"view {n}", "", first=False)

    with pytest.raises(NoSuchView):
        keep_view(ana.pk, "orders.order", "one more", "", first=False)
    keep_view(ana.pk, "orders.order", "view 1", "o=1", first=True)


def test_two_views_cannot_both_be_first(ana):
    """What the database refuses, whoever writes."""
    for name in ("a", "b"):
        view = NamedView(user=ana, about="orders.order", name=name, is_first=True)
        if name == "a":
            view.save()
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            view.save()


def test_a_very_long_list_is_counted_up_to_a_point(client, ana, monkeypatch):
    monkeypatch.setattr(CountsUpTo, "most", 2)
    client.force_login(a_boss())
    for n in range(4):
        Currency.objects.create(code=f"X{n}", name="x")

    page = client.get("/admin/oms/currency/?q=x").content.decode()
    few = client.get("/admin/oms/currency/?q=X1").content.decode()

    assert "more than 2" in page
    assert "more than" not in few


def test_the_page_and_where_one_came_from_belong_to_no_view():
    assert query_of("?p=3&status__exact=draft&_popup=1&_all=1&e=1") == "status__exact=draft"
