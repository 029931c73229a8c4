"""Prices of a file written: a new version of each list that they change, and what undoing the file takes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from customers.models import PriceList, PriceListAssignment, PriceListVersion
from customers.services.comparing import fingerprints_of
from customers.services.price_setting import PricePlan
from customers.services.renewing import begin_filled_lists, begin_versions, let_follow, take_over
from customers.services.versions import versions_to_edit
from customers.status import VersionStatus
from oms.errors import Stale
from oms.models import User
from oms.sets import insert_rows


def basis_of(plan: PricePlan) -> dict[str, str]:
    """Return what the plan builds on, by list: which version takes its prices, and what stands in it."""
    if not plan.versions:
        return {}
    found = fingerprints_of(plan.versions.values())
    return {code: f"{pk} {found[pk]}" for code, pk in plan.versions.items()}


@dataclass(slots=True)
class SavedPrices:
    """What a file's prices made: versions in force, by id, and drafts, both in words; and who has a list since."""

    versions: list[int]
    assignments: list[int]
    drafts: list[str]

    def as_made(self) -> dict[str, Any]:
        """Return it as what `taken_back` takes back."""
        told = fingerprints_of(self.versions) if self.versions else {}
        notes = [
            _("It went into %(version)s, which does not hold yet.") % {"version": one} for one in self.drafts
        ]
        versions = [[pk, told[pk]] for pk in self.versions]
        return {"versions": versions, "assignments": self.assignments, "drafts": self.drafts, "notes": notes}


def save_prices(plan: PricePlan, *, note: str, by: User | None) -> SavedPrices:
    """Write the plan: a new version, holding from today, of each list whose prices change; a draft takes them in.

    The caller is in a transaction and holds the turn of this kind of file. In a draft ends move before new rules
    come: each end stays before the next beginning, so no two overlap meanwhile.
    """
    codes = list(plan.lists)
    insert_rows(PriceList, {"code": codes, "name": codes, "currency": list(plan.lists.values())})
    lists = dict(PriceList.objects.order_by().values_list("code", "pk"))
    held = _versions_held(plan)
    filled = begin_filled_lists((lists[code] for code in codes), by=by) if codes else []
    renewed = _renewed(plan, held, note, by)
    taking = {code: renewed.get(version.pk, version.pk) for code, version in held.items()}
    plan.rules.write(version=taking | dict(zip(codes, filled, strict=True)))
    if renewed:
        let_follow(renewed, by=by)
    touched = _touched(plan)
    drafts = [str(held[code]) for code in sorted(touched & held.keys()) if held[code].pk not in renewed]
    return SavedPrices([*filled, *renewed.values()], _assign(plan, lists), drafts)


def _assign(plan: PricePlan, lists: Mapping[str, int]) -> list[int]:
    columns: dict[str, list[Any]] = {
        "price_list": [lists[code] for code, _party in plan.assignments],
        "customer": [party[0] for _code, party in plan.assignments],
        "group": [party[1] for _code, party in plan.assignments],
    }
    return insert_rows(PriceListAssignment, columns)


def _touched(plan: PricePlan) -> set[str]:
    """Return the lists of which a rule is new or changed."""
    return {str(values[0]) for values in [*plan.rules.new, *plan.rules.changed]}


def _renewed(
    plan: PricePlan, held: Mapping[str, PriceListVersion], note: str, by: User | None
) -> dict[int, int]:
    """Begin a version after each one in force that the plan changes, and let it take over its rules as they shall be.

    Return the new versions by the ones they follow; of the plan's changes only those of drafts are left.
    """
    touched = _touched(plan)
    olds = [v for code, v in held.items() if code in touched and v.status == VersionStatus.IN_FORCE]
    if not olds:
        return {}
    codes = {version.price_list.code for version in olds}
    renewed = begin_versions(olds, note=note, by=by)
    take_over(renewed, {pk: (values[4], values[6]) for pk, values in plan.rules.taken_out(codes)})
    return renewed


def _versions_held(plan: PricePlan) -> dict[str, PriceListVersion]:
    """Hold the lists of the plan; raise Stale when other versions take changed prices now than when it was made."""
    held = PriceList.objects.locked().filter(code__in=plan.versions)
    now = {v.price_list.code: v for v in versions_to_edit(list(held)).values()}
    if {code: version.pk for code, version in now.items()} != plan.versions:
        raise Stale(
            _("Somebody began or finished a version of these price lists meanwhile; check the file again.")
        )
    return now
