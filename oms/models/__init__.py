"""The tables that belong to no part of the business alone."""

from oms.models.answers import IdempotencyKey
from oms.models.company import Company, languages, require_known_zone
from oms.models.imports import ImportedFile, ImportJob, ImportProfile, ImportStatus
from oms.models.money import Currency, ExchangeRate
from oms.models.notices import Notice
from oms.models.people import ApiClient, Attempts, NamedView, User
from oms.models.taxes import ChargeKind, TaxClass, TaxRate, TaxRounding, TaxZone, TaxZoneCountry

__all__ = [
    "ApiClient",
    "Attempts",
    "ChargeKind",
    "Company",
    "Currency",
    "ExchangeRate",
    "IdempotencyKey",
    "ImportJob",
    "ImportProfile",
    "ImportStatus",
    "ImportedFile",
    "NamedView",
    "Notice",
    "TaxClass",
    "TaxRate",
    "TaxRounding",
    "TaxZone",
    "TaxZoneCountry",
    "User",
    "languages",
    "require_known_zone",
]
