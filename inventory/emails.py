"""What inventory tells to whom."""

from collections.abc import Sequence

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils.translation import ngettext

from inventory.models import RestockAlert
from oms.mail import send_letter
from oms.models import User


def tell_about_restocking(alerts: Sequence[RestockAlert]) -> None:
    """Tell everybody who may act on alerts what runs low, with all the numbers."""
    right = Permission.objects.get(content_type__app_label="inventory", codename="change_restockalert")
    people = User.objects.filter(Q(groups__permissions=right) | Q(user_permissions=right), is_active=True)
    subject = ngettext("%(n)s product runs low", "%(n)s products run low", len(alerts)) % {"n": len(alerts)}
    send_letter(
        "inventory/mail/restock.txt", subject, people.values_list("email", flat=True), {"alerts": alerts}
    )
