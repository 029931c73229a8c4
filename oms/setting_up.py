"""What home shows an administrator about the site itself."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms import home
from oms.home import Card, Row, Section, Step, Tone
from oms.models import ApiClient, Company, User
from oms.navigation import address

SOON = timedelta(days=30)


@home.steps("oms.change_company", order=1)
def company_and_people(user: User) -> Iterator[Step]:
    company = Company.objects.first()
    page = address("admin:oms_company_changelist")
    yield Step(_("The company's name and address"), bool(company and company.street), page)
    yield Step(
        _("People with roles"),
        User.objects.filter(groups__isnull=False, is_staff=True).exclude(pk=user.pk).exists(),
        address("admin:oms_user_changelist"),
    )


@home.cards("oms.view_apiclient", order=Section.SITE)
def ending_keys(user: User) -> Iterator[Card]:
    now = timezone.now()
    ending = ApiClient.objects.filter(revoked_at=None, expires_at__gt=now, expires_at__lte=now + SOON)
    yield Card(
        _("API keys that end in 30 days"),
        ending.count(),
        _("to renew"),
        address("admin:oms_apiclient_changelist"),
        Tone.DUE,
        home.shown(ending.order_by("expires_at", "pk"), _ending),
        empty=_("No key ends soon."),
    )


def _ending(client: ApiClient) -> Row:
    day = date_format(timezone.localtime(client.expires_at), "DATE_FORMAT")
    return Row(
        client.name, address("admin:oms_apiclient_change", client.pk), _("until %(day)s") % {"day": day}
    )
