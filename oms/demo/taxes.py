"""The taxes of a seller in Germany, and what it charges besides goods."""

from datetime import date
from decimal import Decimal

from oms.models import ChargeKind, TaxClass, TaxRate, TaxZone, TaxZoneCountry

STANDARD, REDUCED = "Standard", "Reduced"
GERMANY, UNION, WORLD = "Germany", "European Union", "Rest of the world"
MEMBERS = "AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
NOTES = {
    UNION: "Tax-free intra-Community supply, § 4 No. 1 b UStG.",
    WORLD: "Tax-free export delivery, § 4 No. 1 a UStG.",
}
SINCE, LOWERED, RAISED = date(2007, 1, 1), date(2020, 7, 1), date(2021, 1, 1)
RATES = (  # class, percent, from, until before: lowered for half a year in 2020
    (STANDARD, 19, SINCE, LOWERED), (STANDARD, 16, LOWERED, RAISED), (STANDARD, 19, RAISED, None),
    (REDUCED, 7, SINCE, LOWERED), (REDUCED, 5, LOWERED, RAISED), (REDUCED, 7, RAISED, None),
)  # fmt: skip
FREIGHT = "FREIGHT"
CHARGES = (
    (FREIGHT, "Freight", "12.90"),
    ("EXPRESS", "Express delivery", "29.00"),
    ("SMALL", "Small order surcharge", "15.00"),
)


def create_taxes() -> None:
    """Create zones, classes and rates, and kinds of charges, unless the company has its own."""
    if TaxZone.objects.exists():
        return
    zones = {name: TaxZone.objects.create(name=name, **zone) for name, zone in _zones().items()}
    TaxZoneCountry.objects.create(zone=zones[GERMANY], country="DE")
    TaxZoneCountry.objects.bulk_create(
        TaxZoneCountry(zone=zones[UNION], country=code) for code in MEMBERS.split()
    )
    classes = {
        name: TaxClass.objects.create(name=name, is_usual=name == STANDARD) for name in (STANDARD, REDUCED)
    }
    TaxRate.objects.bulk_create(
        TaxRate(
            zone=zones[GERMANY], tax_class=classes[name], percent=percent, valid_from=since, valid_to=until
        )
        for name, percent, since, until in RATES
    )
    for code, name, amount in CHARGES:
        ChargeKind.objects.get_or_create(code=code, defaults={"name": name, "amount": Decimal(amount)})


def _zones() -> dict[str, dict[str, object]]:
    return {
        GERMANY: {},
        UNION: {"is_exempt": True, "note": NOTES[UNION]},
        WORLD: {"is_exempt": True, "is_rest": True, "note": NOTES[WORLD]},
    }


def remove_taxes() -> None:
    """Remove what `create_taxes` made. Products and customers, which name classes and zones, are gone."""
    zones = TaxZone.objects.filter(name__in=[GERMANY, UNION, WORLD])
    ChargeKind.objects.filter(code__in=[code for code, *_rest in CHARGES]).delete()
    TaxRate.objects.filter(zone__in=zones).delete()
    zones.delete()
    in_use = [
        TaxRate.objects.values("tax_class"),
        ChargeKind.objects.exclude(tax_class=None).values("tax_class"),
    ]
    classes = TaxClass.objects.filter(name__in=[STANDARD, REDUCED])
    classes.exclude(pk__in=in_use[0]).exclude(pk__in=in_use[1]).delete()
