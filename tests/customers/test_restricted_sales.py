"""Products that are sold to some customers only: who counts as one, and where it is said."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from customers.models import CustomerGroup, PriceListAssignment, RestrictedSale
from customers.services.customer_prices import listed_for, products_listed
from customers.services.restricting import closed_to, priced_but_closed
from customers.services.restricting_by_file import WantedSale, check_sales, save_sales
from inventory.models import Category
from oms.company import business_day
from oms.errors import Incomplete
from oms.importing.problems import Problems
from oms.verify import breaches
from orders.services.capturing import Header
from orders.services.checking import line_problems
from orders.services.confirming import confirm_order
from orders.services.merging import merge_customers
from orders.services.pasting import Choices, judge_paste
from orders.services.quoting import draft_quote, send_quote
from orders.services.sheets import sheet_of
from orders.services.submitting import submit_order
from orders.views.rows import rows_of
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_team,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def gold():
    return CustomerGroup.objects.create(code="GOLD", name="Gold")


@pytest.fixture
def valves():
    """A category with one below it; the product lies in the lower one."""
    valves = Category.objects.create(code="VAL", name="Valves")
    return valves, Category.objects.create(code="BALL", name="Ball valves", parent=valves)


def only(**named):
    return RestrictedSale.objects.create(**named)


def may_buy(customer, product):
    return product.pk not in closed_to(customer.pk, [product.pk])


def told(act, document):
    with pytest.raises(Incomplete) as refusal:
        act(document.pk, by=None)
    return [str(problem) for problem in refusal.value.problems]


def test_what_nobody_is_named_for_is_for_everybody():
    only(product=a_product("OTHER"), customer=a_customer())

    assert may_buy(a_customer(), a_product("BOLT"))


def test_a_product_is_for_the_customer_named_and_the_companies_below_it():
    bolts, kern = a_product("BOLT"), a_customer("Kern AG")
    below = a_customer(parent=a_customer(parent=kern))
    only(product=bolts, customer=kern)

    assert [may_buy(one, bolts) for one in (kern, below, a_customer())] == [True, True, False]


def test_what_is_for_a_company_below_is_not_for_the_one_above():
    bolts, kern = a_product("BOLT"), a_customer("Kern AG")
    only(product=bolts, customer=a_customer(parent=kern))

    assert not may_buy(kern, bolts)


def test_a_group_is_who_belongs_to_it_and_who_buys_through_it(gold):
    bolts = a_product("BOLT")
    only(product=bolts, group=gold)

    customers = a_customer(group=gold), a_customer(buying_group=gold), a_customer()
    assert [may_buy(one, bolts) for one in customers] == [True, True, False]


def test_a_category_is_all_that_lies_below_it(valves, gold):
    above, below = valves
    product = a_product("V-220", category=below)
    only(category=above, group=gold)

    assert [may_buy(one, product) for one in (a_customer(group=gold), a_customer())] == [True, False]


def test_the_nearest_counts_the_product_before_its_category_before_those_above(valves, gold):
    above, below = valves
    kern, silver = a_customer("Kern AG"), CustomerGroup.objects.create(code="SILVER", name="Silver")
    named, usual = a_product("V-OWN", category=below), a_product("V-220", category=below)
    far = a_product("V-FAR", category=above)
    only(category=above, group=gold)
    only(category=below, group=silver)
    only(product=named, customer=kern)

    products = named, usual, far
    assert [may_buy(kern, one) for one in products] == [True, False, False]
    assert [may_buy(a_customer(group=silver), one) for one in products] == [False, True, False]
    assert [may_buy(a_customer(group=gold), one) for one in products] == [False, False, True]


def test_submit_names_each_such_line_with_who_may_buy_it_and_what_to_do(gold):
    bolts, nuts, pipes = (a_product(sku) for sku in ("BOLT", "NUT", "PIPE"))
    kern = a_customer("Kern AG")
    only(product=bolts, group=gold)
    only(product=bolts, customer=a_customer("A secret customer"))
    only(product=nuts, customer=a_customer())
    order = an_order({bolts: 1, nuts: 1, pipes: 1}, customer=kern)
    order.lines.filter(product=pipes).update(unit_price=None, amount=0)

    remedy = "only; remove the line, or have a sales manager add Kern AG."
    assert told(submit_order, order) == [
        f"Line 1, BOLT: is sold to Gold and 1 customer {remedy}",
        f"Line 2, NUT: is sold to 1 customer {remedy}",
        "Line 3, PIPE: has no price; type one or ask for a price rule.",
    ]


def test_it_is_looked_at_again_at_confirmation_and_before_a_quote_is_sent(gold):
    bolts, kern = a_product("BOLT", on_hand=9), a_customer("Kern AG")
    order = submit_order(an_order({bolts: 1}, customer=kern).pk, by=None)
    quote = draft_quote(Header(kern.pk), [a_line(bolts, 1)], by=None)
    only(product=bolts, group=gold)

    assert "sold to Gold only" in told(confirm_order, order)[0]
    assert "sold to Gold only" in told(send_quote, quote)[0]

    only(product=bolts, customer=kern)
    assert confirm_order(order.pk, by=None).status == "confirmed"
    assert send_quote(quote.pk, by=None).status == "sent"


@pytest.mark.parametrize("lines", [1, 40])
def test_it_costs_no_statement_of_its_own(lines, gold, django_assert_num_queries):
    bolts = a_product("BOLT")
    only(product=bolts, group=gold)
    order = an_order({bolts: 1, **{a_product(): 1 for _n in range(lines)}}, customer=a_customer())

    with django_assert_num_queries(1):
        problems = list(line_problems(order.lines, order.customer))
    assert len(problems) == 1


def test_the_pad_says_it_on_the_line_and_the_paste_before_it_is_one(gold):
    bolts, boss = a_product("BOLT"), a_boss()
    only(product=bolts, group=gold)
    order = an_order({bolts: 1}, customer=a_customer())

    [row] = rows_of(sheet_of(order), boss, None)
    [pasted] = judge_paste(sheet_of(order), "BOLT\t5", Choices(), by=boss).rows
    assert row.problems == ["sold to Gold only: remove the line or ask a sales manager"]
    assert (pasted.problem, pasted.entry) == ("sold to Gold only", "BOLT 5 C62")


def test_the_pads_choices_say_it_instead_of_what_is_free(client, gold):
    bolts, boss = a_product("BOLT", on_hand=5), a_boss()
    only(product=bolts, group=gold)
    order = an_order({bolts: 1}, customer=a_customer())
    client.force_login(boss)

    answer = client.get(reverse("admin:orders_order_products", args=[order.number]), {"q": "BOL"})
    assert [found["detail"] for found in json.loads(answer.content)["results"]] == ["sold to Gold only"]


def test_a_customers_price_list_leaves_it_out(gold):
    bolts, nuts, boss = a_product("BOLT"), a_product("NUT"), a_boss()
    only(product=bolts, group=gold)
    products = products_listed(boss, "")

    listed = listed_for(a_customer(), products, on=business_day())
    assert [row.sku for row in listed] == [nuts.sku]
    assert len(listed_for(a_customer(group=gold), products, on=business_day())) == 2


def test_whoever_is_merged_away_takes_it_along_once():
    bolts, nuts, boss = a_product("BOLT"), a_product("NUT"), a_boss()
    kept, gone = a_customer("Kern AG"), a_customer("Kern")
    only(product=bolts, customer=kept)
    only(product=bolts, customer=gone)
    only(product=nuts, customer=gone)

    merge_customers(kept.pk, gone.pk, by=boss)
    found = RestrictedSale.objects.order_by("product__sku").values_list("product__sku", "customer")
    assert list(found) == [("BOLT", kept.pk), ("NUT", kept.pk)]
    assert not list(breaches())


def test_the_same_is_named_once(gold):
    bolts = a_product("BOLT")
    only(product=bolts, group=gold)

    with pytest.raises(IntegrityError, match="named_once"), transaction.atomic():
        only(product=bolts, group=gold)


def test_the_form_asks_for_one_thing_and_one_party(client, gold):
    client.force_login(a_boss())
    bolts, kern = a_product("BOLT"), a_customer()
    page = reverse("admin:customers_restrictedsale_add")

    refused = client.post(page, {"product": bolts.pk, "customer": kern.pk, "group": gold.pk})
    assert "Choose a customer or a group, one of the two." in refused.content.decode()
    assert client.post(page, {"product": bolts.pk, "group": gold.pk}).status_code == 302
    assert "BOLT" in client.get(reverse("admin:customers_restrictedsale_changelist")).content.decode()


def test_a_manager_sees_only_rows_about_their_customers(gold):
    manager = a_user(groups=[Group.objects.get(name="Sales manager")])
    bolts = a_product("BOLT")
    seen = [
        only(product=bolts, group=gold),
        only(product=bolts, customer=a_customer(team=a_team(manager))),
    ]
    only(product=bolts, customer=a_customer())

    assert set(RestrictedSale.objects.visible_to(manager)) == set(seen)


# --- said where prices are --------------------------------------------------------------------------------------------


def page_of(client, name, *args, **asked):
    client.force_login(a_boss())
    answer = client.get(reverse(f"admin:{name}", args=args), asked, follow=True)
    return " ".join(answer.content.decode().split())


def test_what_they_pay_says_that_it_is_not_sold_to_them(client, gold):
    bolts, kern = a_product("BOLT", price=1), a_customer("Kern AG")
    asked = {"sku": "BOLT", "quantity": "1", "on": str(in_days(0))}
    assert "Not sold to Kern AG" not in page_of(client, "customers_customer_price", kern.pk, **asked)

    RestrictedSale.objects.create(product=bolts, group=gold)

    page = page_of(client, "customers_customer_price", kern.pk, **asked)
    assert "Not sold to Kern AG" in page
    assert "BOLT is sold only to Gold." in page


def test_the_price_list_tells_what_it_leaves_out_and_which_of_it_is_priced_for_them(client, gold):
    bolts, nuts, kern = a_product("BOLT", price=1), a_product("NUT", price=1), a_customer("Kern AG")
    for product in (bolts, nuts):
        RestrictedSale.objects.create(product=product, group=gold)
    an_agreement(kern, agreed(nuts, 1))

    page = page_of(client, "customers_customer_prices", kern.pk, begins="", on=str(in_days(0)))

    assert "2 products are not sold to Kern AG and left out." in page
    assert "prices NUT all the same" in page


def test_an_agreement_about_what_is_sold_to_others_says_so(client, gold):
    bolts, kern = a_product("BOLT", price=1), a_customer("Kern AG")
    one = an_agreement(kern, agreed(bolts, 1))
    assert "Agreed, and not sold to" not in page_of(client, "customers_agreement_page", one.pk)

    RestrictedSale.objects.create(product=bolts, group=gold)

    page = page_of(client, "customers_agreement_page", one.pk)
    assert "Agreed, and not sold to Kern AG" in page
    assert "BOLT is sold only to Gold." in page


def test_a_list_that_is_assigned_says_what_it_prices_in_vain(gold):
    bolts, kern = a_product("BOLT"), a_customer("Kern AG")
    a_price(bolts, 1, price_list=a_price_list("KERN", customer=kern))
    (assignment,) = PriceListAssignment.objects.filter(customer=kern)
    assert priced_but_closed(assignment) == []

    RestrictedSale.objects.create(product=bolts, group=gold)

    (told,) = priced_but_closed(assignment)
    assert told.endswith("prices for Kern AG what they may not buy: BOLT is sold only to Gold.")


# --- files ------------------------------------------------------------------------------------------------------------


def a_file(tmp_path, *rows):
    path = tmp_path / "restricted.csv"
    path.write_text("\n".join(["sku,category,customer,group", *rows]))
    return str(path)


def test_a_file_names_who_may_buy_what_and_the_same_again_adds_nothing(tmp_path, valves, gold):
    bolts, kern = a_product("BOLT"), a_customer(code="KERN")
    path = a_file(tmp_path, "BOLT,,KERN,", f"BOLT,,,{gold.code}", f",{valves[0].code},,{gold.code}")

    call_command("import_data", "restricted-sales", path)

    named = set(RestrictedSale.objects.values_list("product", "category", "customer", "group"))
    assert named == {
        (bolts.pk, None, kern.pk, None), (bolts.pk, None, None, gold.pk), (None, valves[0].pk, None, gold.pk),
    }  # fmt: skip
    call_command("import_data", "restricted-sales", a_file(tmp_path, "BOLT,,KERN,", f"BOLT,,,{gold.code}"))
    assert RestrictedSale.objects.count() == 3


def test_a_bad_row_refuses_the_file_and_says_row_value_and_remedy(tmp_path, valves, gold):
    a_product("BOLT")
    a_customer(code="KERN")
    bad = a_file(
        tmp_path,
        "BOLT,,KERN,",
        "NUT,,KERN,",
        f"BOLT,{valves[0].code},KERN,",
        f"BOLT,,KERN,{gold.code}",
        ",,KERN,",
        "BOLT,,,",
        "BOLT,,KERN,",
        "BOLT,,NOBODY,",
    )
    err = StringIO()

    with pytest.raises(SystemExit):
        call_command("import_data", "restricted-sales", bad, stderr=err)

    told = err.getvalue()
    twice, nothing = "stands in row 2 already", "is empty, and so is the other one"
    for said in ("NUT", "is not known", "stands beside another one", nothing, twice, "NOBODY"):
        assert said in told
    assert not RestrictedSale.objects.exists()


def test_a_manager_imports_only_for_customers_they_see(tmp_path, gold):
    a_product("BOLT")
    manager = a_user("customers.view_team_customers", "customers.view_customer", username="boss-of-team")
    a_customer(code="MINE", team=a_team(manager))
    a_customer(code="OTHER")
    wanted = [WantedSale(2, "BOLT", None, "MINE", None), WantedSale(3, "BOLT", None, "OTHER", None)]
    problems = Problems()

    check_sales(wanted, problems, by=manager)

    assert problems.bad_rows == {3}


@pytest.mark.parametrize("size", [2, 30])
def test_a_file_costs_as_many_statements_with(size, django_assert_num_queries):
    a_customer(code="KERN")
    for number in range(size):
        a_product(f"SKU-{number}")
    wanted = [WantedSale(2 + n, f"SKU-{n}", None, "KERN", None) for n in range(size)]

    with django_assert_num_queries(6):
        save_sales(check_sales(wanted, Problems(), by=None))

    assert RestrictedSale.objects.count() == size
