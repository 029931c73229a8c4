"""Credit accounts in the office: opened and changed by people, told by files and machines, seen by few."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.errors import CreditRefused
from customers.models import CreditAccount, Customer
from customers.services.credit_proposals import put_credit_in_force
from customers.services.crediting import Grant, Told, open_credit_account, tell_credit
from customers.services.merging import hold_pair, move_belongings, problems_between
from oms.verify import verify
from orders.services.confirming import confirm_order
from tests.api.machine import Machine
from tests.builders import (
    a_boss,
    a_company,
    a_credit_account,
    a_currency,
    a_customer,
    a_group,
    a_product,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.verify.conftest import switched_off

pytestmark = pytest.mark.django_db
LIST, ADD = (reverse(f"admin:customers_creditaccount_{name}") for name in ("changelist", "add"))


# What the page sends of the tables below the form, which are only read.
NO_ROWS = {
    f"{table}-{what}_FORMS": "0"
    for table in ("changes", "proposals", "told")
    for what in ("TOTAL", "INITIAL")
}


@pytest.fixture
def kern():
    a_company()
    return a_customer("Kern AG", code="KERN")


@pytest.fixture
def office(kern):
    client = Client()
    client.user = a_boss()
    client.force_login(client.user)
    return client


def typed(customer, **values):
    return {
        "customer": customer.pk, "currency": "EUR", "credit_limit": "5000", "tolerance_percent": "5",
        "horizon_days": "30", "overdue_amount": "100", "overdue_days": "14", "note": "",
        "as_of": str(in_days(-1)), "receivables": "700", "unapplied": "0", "deposits": "0", "overdue": "0",
        "overdue_since": "", **NO_ROWS, **values,
    }  # fmt: skip


def saved_whole(customer, stale):
    """Save a row that was read before the account was there, and another one like it."""
    Customer.objects.bulk_create([Customer(**{**fields(customer), "pk": None, "code": "COPY"})])
    stale.note = "call first"
    stale.save()
    connection.check_constraints()  # none may be due when a trigger is switched
    return [Customer.objects.get(code=code).credit_account_id for code in ("KERN", "COPY")]


def fields(customer):
    customer.refresh_from_db()
    return {field.attname: getattr(customer, field.attname) for field in Customer._meta.concrete_fields}


def test_a_row_that_is_saved_whole_leaves_the_account_as_it_is(kern):
    stale = Customer.objects.get(pk=kern.pk)
    account = a_credit_account(kern, 100)

    assert saved_whole(kern, stale) == [account.pk, None]


def test_without_its_trigger_a_stale_row_takes_the_account_away(kern):
    stale = Customer.objects.get(pk=kern.pk)
    account = a_credit_account(kern, 100)
    connection.check_constraints()

    with switched_off("customers_customer.keep_its_credit_account_as_it_is"):
        assert saved_whole(kern, stale) == [None, account.pk]


def change_page(account):
    return reverse("admin:customers_creditaccount_change", args=[account.pk])


def test_an_account_is_opened_and_its_limit_lowered_with_who_from_what_to_what(office, kern):
    agrees = a_user()
    office.post(ADD, typed(kern))
    account = CreditAccount.objects.get(customer=kern)
    put_credit_in_force(account.proposals.get().pk, by=agrees)

    office.post(change_page(account), typed(kern, credit_limit="4000", note="pays late", receivables="650"))

    account.refresh_from_db()
    assert (account.credit_limit, account.receivables, account.told_by) == (4000, 650, office.user)
    told = list(account.changes.values_list("credit_limit", "by", "note"))
    assert told == [(5000, agrees.pk, "opened"), (4000, office.user.pk, "pays late")]
    page = office.get(change_page(account)).content.decode()
    assert "pays late" in page
    assert "5000" in page
    assert verify() == []


def test_the_same_terms_again_are_no_change(office, kern):
    office.post(ADD, typed(kern))
    account = CreditAccount.objects.get()

    office.post(change_page(account), typed(kern, receivables="1"))  # while it waits to be opened
    put_credit_in_force(account.proposals.get().pk, by=a_user())
    office.post(change_page(account), typed(kern, receivables="2"))

    assert (account.changes.count(), account.proposals.count()) == (1, 1)


def test_everything_that_accounting_told_is_kept_with_who_and_when(office, kern):
    account = a_credit_account(kern, 5, told=Told(in_days(-2), Decimal(700)))
    tell_credit([(account.pk, Told(in_days(-1), Decimal(650)))], by=office.user)
    tell_credit([(account.pk, Told(in_days(-1), Decimal(650)))], by=None)

    told = account.told.values_list("as_of", "receivables", "by")
    by = office.user.pk
    assert list(told) == [
        (in_days(-1), 650, None), (in_days(-1), 650, by), (in_days(-2), 700, None),
    ]  # fmt: skip
    page = office.get(change_page(account)).content.decode()
    assert "told by accounting" in page.lower()
    assert verify() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"as_of": str(in_days(1))}, "is not over"),
        ({"overdue": "701", "overdue_since": str(in_days(-3))}, "more is overdue than is open"),
        ({"overdue": "7"}, "has the day since when"),
        ({"overdue": "7", "overdue_since": str(in_days(0))}, "before the figures were taken"),
    ],
)
def test_figures_that_cannot_be_are_said_on_the_form(office, kern, wrong, said):
    answer = office.post(ADD, typed(kern, **wrong))

    assert said in answer.content.decode()
    assert not CreditAccount.objects.exists()


@pytest.mark.parametrize(("currency", "shown"), [("EUR", "8800.00"), ("JPY", "8800")])
def test_amounts_stand_in_the_form_with_the_decimals_of_their_currency(office, kern, currency, shown):
    a_currency("JPY", 0)
    account = a_credit_account(kern, 8800, currency=currency)

    page = office.get(change_page(account)).content.decode()

    assert f'name="credit_limit" value="{shown}"' in page


def test_a_second_account_and_figures_older_than_known_are_refused(kern):
    account = a_credit_account(kern, 5)

    with pytest.raises(CreditRefused, match="has a credit account already"):
        open_credit_account(kern.pk, "EUR", Grant(None), Told(in_days(-1)), by=None)
    with pytest.raises(CreditRefused, match="tell a later day"):
        tell_credit([(account.pk, Told(in_days(-2)))], by=None)
    with pytest.raises(CreditRefused, match=r"Kern AG.*told 2 times"):
        tell_credit([(account.pk, Told(in_days(0)))] * 2, by=None)


def a_file(tmp_path, *rows):
    path = tmp_path / "credit.csv"
    path.write_text("\n".join(["customer,as_of,receivables,overdue,overdue_since", *rows]))
    return str(path)


def test_a_file_tells_what_accounting_knows_and_a_bad_row_refuses_all_of_it(kern, tmp_path):
    other, bare = a_customer(code="OTHER"), a_customer(code="BARE")
    account, second = a_credit_account(kern, 5), a_credit_account(other, 5)
    day = in_days(-1)
    call_command(
        "import_data", "credit", a_file(tmp_path, f"KERN,{day},90,7,{in_days(-9)}", f"OTHER,{day},3,,")
    )
    account.refresh_from_db()
    second.refresh_from_db()
    assert (account.receivables, account.overdue, second.receivables) == (90, 7, 3)

    err = StringIO()
    bad = a_file(
        tmp_path, f"KERN,{day},91,,", f"{bare.code},{day},1,,", f"OTHER,{in_days(-5)},1,,", f"X,{day},1,,"
    )
    with pytest.raises(SystemExit):
        call_command("import_data", "credit", bad, stderr=err)

    for said in ("no credit account of its own", "tell a later day", "is not known"):
        assert said in err.getvalue()
    account.refresh_from_db()
    assert account.receivables == 90


def test_accounting_tells_by_machine_all_or_nothing(kern):
    account = a_credit_account(kern, 5)
    told = {"customer": "KERN", "as_of": str(in_days(0)), "receivables": "12.50"}
    machine = Machine(a_user("customers.view_all_customers", "customers.tell_credit"))

    answer = machine.post("v1/credit/", {"balances": [told]})
    again = machine.post("v1/credit/", {"balances": [told, {**told, "customer": "NOBODY"}]})

    assert (answer.status_code, answer.json()) == (200, {"told": 1})
    assert again.status_code == 422
    account.refresh_from_db()
    assert (account.receivables, account.as_of) == (Decimal("12.50"), in_days(0))
    nobody = Machine(a_user("customers.view_all_customers"))
    assert nobody.post("v1/credit/", {"balances": [told]}).status_code == 403


def test_who_may_not_see_credit_sees_no_figure_of_it_anywhere(kern):
    a_warehouse()
    rights = ["customers.view_all_customers", "customers.view_customer", "orders.view_order", "orders.change_order",
              "orders.view_hold"]  # fmt: skip
    bolts = a_product(on_hand=900, price=1)
    a_credit_account(kern, 123)
    draft = an_order({bolts: 7}, customer=kern)
    order = confirm_order(a_submitted_order({bolts: 456}, customer=kern).pk, by=None)
    pages = [
        reverse("admin:orders_customer_page", args=[kern.pk]),
        reverse("admin:orders_order_pad", args=[draft.number]),
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:orders_hold_changelist"),
    ]

    blind, sees = (a_user(*rights, *more, is_staff=True) for more in ([], ["customers.view_creditaccount"]))

    for page in pages:
        assert "123.00 EUR" not in shown(blind, page)
        assert "123.00 EUR" in shown(sees, page)
    assert "credit is used up" in shown(blind, pages[3])


def shown(user, page):
    client = Client()
    client.force_login(user)
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_pad_says_what_a_line_does_to_the_credit_and_that_it_will_wait(kern, office):
    a_warehouse()
    bolts = a_product("BOLT", on_hand=900, price=1)
    a_credit_account(kern, 100)
    draft = an_order({bolts: 71}, customer=kern)
    page = office.get(reverse("admin:orders_order_pad", args=[draft.number])).content.decode()
    assert "0 % → 71 % with this" in page
    assert "Will wait for credit" not in page

    rows = office.get(reverse("admin:orders_order_rows", args=[draft.number])).json()
    assert "71 % with this" in rows["credit"]
    draft = an_order({bolts: 101}, customer=kern)

    page = office.get(reverse("admin:orders_order_pad", args=[draft.number])).content.decode()
    assert "Will wait for credit:" in page
    assert page.index("Will wait for credit") < page.index('id="rows"')


def test_the_account_of_a_duplicate_goes_to_who_is_kept_unless_both_have_one_with_open_amounts(kern):
    gone = a_customer(code="DOUBLE")
    account = a_credit_account(gone, 5, told=Told(in_days(-1), Decimal(3)))
    move_belongings(hold_pair(kern.pk, gone.pk))
    account.refresh_from_db()
    assert account.customer == kern
    assert Customer.objects.get(pk=kern.pk).credit_account == account

    third = a_customer(code="THIRD")
    other = a_credit_account(third, 5, told=Told(in_days(-1), Decimal(3)))
    (problem,) = problems_between(hold_pair(kern.pk, third.pk))
    assert "let accounting move them there first" in str(problem)
    tell_credit([(other.pk, Told(in_days(0)))], by=None)
    assert not list(problems_between(hold_pair(kern.pk, third.pk)))


def test_who_releases_credit_holds_is_whose_turn_it_is(kern):
    a_warehouse()
    a_credit_account(kern, 1)

    order = confirm_order(a_submitted_order({a_product(): 5}, customer=kern).pk, by=None)

    assert order.holds.get().owner == a_group("Finance")
