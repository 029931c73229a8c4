"""What home shows about customers and prices."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.models import Agreement, Customer, PriceRule
from inventory.models import Product
from oms import home
from oms.company import business_day
from oms.home import Card, Row, Section, Step, Tone
from oms.models import User
from oms.navigation import address


@home.cards("customers.change_pricerule", order=Section.SUPPLY)
def without_price(user: User) -> Iterator[Card]:
    """Products on sale that nobody could order today, because no list prices them."""
    priced = PriceRule.objects.valid_on(business_day()).filter(product=OuterRef("pk"))
    bare = Product.objects.visible_to(user).sellable().filter(~Exists(priced))
    yield Card(
        _("Products without a price"),
        bare.count(),
        _("on sale, on no list today"),
        tone=Tone.DUE,
        rows=home.shown(bare.order_by("sku"), _product),
        empty=_("Every product on sale has a price."),
    )


def _product(product: Product) -> Row:
    url = address("admin:customers_pricerule_add")
    return Row(product.sku, f"{url}?product={product.pk}", product.name)


@home.cards("customers.change_agreement", order=Section.TEAM)
def to_renew(user: User) -> Iterator[Card]:
    """Agreements that end soon and that somebody has to talk about."""
    ending = Agreement.objects.visible_to(user).to_renew(business_day()).select_related("customer")
    yield Card(
        _("Agreements to renew"),
        ending.count(),
        _("end soon"),
        f"{address('admin:customers_agreement_changelist')}?days=renew",
        Tone.DUE,
        home.shown(ending, _ending),
        _("No agreement ends soon."),
    )


def _ending(agreement: Agreement) -> Row:
    until = _("until before %(day)s") % {"day": date_format(agreement.valid_to, "SHORT_DATE_FORMAT")}
    return Row(
        f"{agreement} {agreement.customer}", address("admin:customers_agreement_page", agreement.pk), until
    )


@home.steps("oms.change_company", order=3)
def set_up(user: User) -> Iterator[Step]:
    yield Step(_("Customers"), Customer.objects.exists(), address("admin:customers_customer_changelist"))
    may_look = user.has_perm("customers.view_pricerule")
    prices = address("admin:customers_pricerule_changelist") if may_look else ""
    yield Step(_("Prices, which a catalogue manager enters or imports"), PriceRule.objects.exists(), prices)
