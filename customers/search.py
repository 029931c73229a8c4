"""Customers and their people, as the one box finds them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Contact, Customer
from oms.navigation import address
from oms.search import Find, Kind, can_be_found, coded, worded


def _customer(customer: Customer) -> Find:
    url = address("admin:customers_customer_change", customer.pk)
    return Find(customer.name, f"{customer.code}, {customer.get_status_display()}", url)


def _contact(contact: Contact) -> Find:
    told = {"role": contact.get_role_display(), "customer": contact.customer}
    url = address("admin:customers_customer_change", contact.customer_id)
    return Find(contact.name, _("%(role)s at %(customer)s") % told, url)


can_be_found(
    Kind(
        gettext_lazy("Customers"),
        "customers.view_customer",
        Customer.objects.visible_to,
        (
            *coded(gettext_lazy("code"), "code"),
            *coded(gettext_lazy("name"), "name"),
            worded(gettext_lazy("name"), "name"),
        ),
        _customer,
        first="name",
    ),
    order=3,
)
can_be_found(
    Kind(
        gettext_lazy("Contacts"),
        "customers.view_contact",
        Contact.objects.visible_to,
        (*coded(gettext_lazy("e-mail"), "email"), worded(gettext_lazy("name"), "name")),
        _contact,
        joined=("customer",),
        first="name",
    ),
    order=4,
)
