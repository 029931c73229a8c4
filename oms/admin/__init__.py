"""The site's own tables as people see them: people and roles, the company, currencies, taxes, keys for machines."""

from oms.admin.clients import ApiClientAdmin
from oms.admin.company import CompanyAdmin, CurrencyAdmin
from oms.admin.people import GroupAdmin, PeopleAdmin
from oms.admin.taxes import ChargeKindAdmin, TaxRateAdmin

__all__ = [
    "ApiClientAdmin",
    "ChargeKindAdmin",
    "CompanyAdmin",
    "CurrencyAdmin",
    "GroupAdmin",
    "PeopleAdmin",
    "TaxRateAdmin",
]
