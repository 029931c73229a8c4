"""The site's own tables as people see them: people and roles, the company, currencies, keys for machines."""

from oms.admin.clients import ApiClientAdmin
from oms.admin.company import CompanyAdmin, CurrencyAdmin
from oms.admin.people import GroupAdmin, PeopleAdmin

__all__ = ["ApiClientAdmin", "CompanyAdmin", "CurrencyAdmin", "GroupAdmin", "PeopleAdmin"]
