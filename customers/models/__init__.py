from customers.models.agreements import Agreement, AgreementEvent, AgreementLine
from customers.models.credit import CreditAccount, CreditTerms
from customers.models.credit_ledgers import CreditChange, CreditProposal, CreditTold
from customers.models.events import CustomerEvent
from customers.models.merged import documents_of_the_kept
from customers.models.part_numbers import CustomerPartNumber
from customers.models.parties import (
    Address,
    Contact,
    Customer,
    CustomerGroup,
    CustomerQuerySet,
    PaymentTerms,
    SalesChannel,
    SalesTeam,
)
from customers.models.price_lists import PriceList, PriceListAssignment, PriceListVersion
from customers.models.prices import PriceRule
from customers.models.restricted import RestrictedSale
from customers.models.shipping import ShippingWishes, shipping_constraints

__all__ = [
    "Address",
    "Agreement",
    "AgreementEvent",
    "AgreementLine",
    "Contact",
    "CreditAccount",
    "CreditChange",
    "CreditProposal",
    "CreditTerms",
    "CreditTold",
    "Customer",
    "CustomerEvent",
    "CustomerGroup",
    "CustomerPartNumber",
    "CustomerQuerySet",
    "PaymentTerms",
    "PriceList",
    "PriceListAssignment",
    "PriceListVersion",
    "PriceRule",
    "RestrictedSale",
    "SalesChannel",
    "SalesTeam",
    "ShippingWishes",
    "documents_of_the_kept",
    "shipping_constraints",
]
