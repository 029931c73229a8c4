"""Who may give rights to whom."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User


class CannotGrant(Refused):
    """The rights of a person stay as they are."""

    code = "cannot_grant"


@dataclass(frozen=True, slots=True)
class Rights:
    """What makes a person able to act: being active and staff, every right at once, the roles."""

    is_active: bool = True
    is_staff: bool = False
    is_superuser: bool = False
    roles: frozenset[str] = frozenset()


def rights_of(person: User) -> Rights:
    """Return the rights of a person as the database has them; somebody new has none."""
    kept = User.objects.filter(pk=person.pk).first()
    if kept is None:
        return Rights()
    roles = frozenset(kept.groups.values_list("name", flat=True))
    return Rights(kept.is_active, kept.is_staff, kept.is_superuser, roles)


def require_may_grant(person: User, wanted: Rights, *, by: User) -> None:
    """Raise CannotGrant when `by` may not give `person` these rights.

    Nobody changes their own rights, superusers included; only a superuser makes, changes or unmakes one.
    """
    kept = rights_of(person)
    if person.pk == by.pk and kept != wanted:
        raise CannotGrant(
            _("Nobody changes their own roles or status. Ask another administrator to change yours.")
        )
    if (kept.is_superuser or wanted.is_superuser) and not by.is_superuser:
        raise CannotGrant(
            _("%(person)s has or would have every right. Only somebody with every right changes that.")
            % {"person": person.get_username()}
        )


def require_is_machine(user: User) -> None:
    """Raise CannotGrant when a key would let a machine act as a person of the office."""
    if user.is_staff or user.is_superuser or not user.is_active:
        raise CannotGrant(
            _("%(person)s is a person of the office or inactive. Make the machine a user of its own.")
            % {"person": user.get_username()}
        )
