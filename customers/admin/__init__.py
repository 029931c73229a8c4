"""Customers and their prices as people see them."""

from customers.admin.agreements import AgreementAdmin
from customers.admin.credit import CreditAccountAdmin
from customers.admin.part_numbers import CustomerPartNumberAdmin
from customers.admin.parties import (
    AddressAdmin,
    ContactAdmin,
    CustomerAdmin,
    CustomerGroupAdmin,
    PaymentTermsAdmin,
    SalesTeamAdmin,
)
from customers.admin.prices import PriceListAdmin, PriceRuleAdmin, SalesChannelAdmin
from customers.admin.restricted import RestrictedSaleAdmin

__all__ = [
    "AddressAdmin",
    "AgreementAdmin",
    "ContactAdmin",
    "CreditAccountAdmin",
    "CustomerAdmin",
    "CustomerGroupAdmin",
    "CustomerPartNumberAdmin",
    "PaymentTermsAdmin",
    "PriceListAdmin",
    "PriceRuleAdmin",
    "RestrictedSaleAdmin",
    "SalesChannelAdmin",
    "SalesTeamAdmin",
]
