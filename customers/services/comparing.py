"""A version of a price list beside the one in force."""

from customers.comparing import Comparison, Said, compared
from customers.models import PriceListVersion, PriceRule
from customers.status import PriceKind, VersionStatus
from oms.company import business_day

KEY = ("product_id", "category_id", "unit_id", "min_quantity", "priority", "valid_from")
REST = (
    "product__sku", "category__code", "unit__code", "kind", "price", "percent", "basis", "mix_group", "incremental",
    "floor", "free_of_charge", "valid_to",
)  # fmt: skip


def comparison(version: PriceListVersion) -> Comparison:
    """Return what putting this version in force changes, leaving out what has ended by today."""
    in_force = version.price_list.versions.filter(status=VersionStatus.IN_FORCE).exclude(pk=version.pk)
    before = in_force.filter(number__lt=version.number).order_by("number").last()
    return compared(_said(before) if before else {}, _said(version))


def _said(version: PriceListVersion) -> dict[object, Said]:
    rows = PriceRule.objects.filter(version=version).exclude(valid_to__lte=business_day()).order_by()
    return {row[: len(KEY)]: _rule(*row[3:]) for row in rows.values_list(*KEY, *REST)}


def _rule(
    min_quantity: int, _priority: int, _since: object, sku: str | None, category: str | None, unit: str | None,
    kind: str, price: object, percent: object, *rest: object,
) -> Said:  # fmt: skip
    words = {PriceKind.PERCENT_OFF: f"-{percent} %", PriceKind.COST_PLUS: f"cost + {percent} %"}
    told = [
        words.get(PriceKind(kind), str(price)),
        *(str(value) for value in rest if value not in (None, "", False)),
    ]
    return Said(sku or category or "", unit or "", min_quantity, price, " ".join(told))  # type: ignore[arg-type]
