"""Named views: how a person likes to see a list, kept under a name. Only the person sees and changes them."""

from urllib.parse import parse_qsl, urlencode

from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.db import transaction
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import NamedView, User
from oms.text import clean

COLUMNS_VAR = "_columns"  # which columns a list shows, by name, with commas between
WHOLE_VAR = "_all"  # asks for the whole list, also where a view is opened at first
NOT_OF_A_VIEW = {PAGE_VAR, ERROR_FLAG, IS_POPUP_VAR, TO_FIELD_VAR, WHOLE_VAR}
MOST_VIEWS = 30
LONGEST_QUERY = 2000
LONGEST_NAME = 60


class NoSuchView(Refused):
    """The view cannot be kept."""

    code = "no_such_view"


def query_of(raw: str, columns: list[str] | None = None) -> str:
    """Return what of an address belongs to a view: filters, search, order, and these columns when told."""
    told = parse_qsl(raw.lstrip("?")[: 2 * LONGEST_QUERY], errors="ignore")
    kept = [(key, clean(value)) for key, value in told if key not in NOT_OF_A_VIEW]
    if columns is not None:
        kept = [(key, value) for key, value in kept if key != COLUMNS_VAR]
        kept += [(COLUMNS_VAR, ",".join(columns))] if columns else []
    return urlencode(sorted(kept))


@transaction.atomic
def keep_view(user_id: int, about: str, name: str, query: str, *, first: bool) -> NamedView:
    """Keep a view of a list under a name, in place of the one that has it; `first` is what the list opens with.

    Raise NoSuchView without a name, or when it is too long or one too many.
    """
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    views = NamedView.objects.filter(user_id=user_id, about=about)
    name = clean(name)[:LONGEST_NAME]
    if not name:
        raise NoSuchView(_("A view needs a name. Type one, such as “Late orders”."))
    if len(query) > LONGEST_QUERY:
        raise NoSuchView(_("“%(name)s” has too many filters to be kept. Take some off.") % {"name": name})
    if views.exclude(name=name).count() >= MOST_VIEWS:
        raise NoSuchView(_("This list has %(n)s views already. Delete one first.") % {"n": MOST_VIEWS})
    if first:
        views.update(is_first=False)
    view, _made = views.update_or_create(
        user_id=user_id, about=about, name=name, defaults={"query": query, "is_first": first}
    )
    return view


@transaction.atomic
def open_at_first(user_id: int, view: NamedView) -> None:
    """Make a list open with this view, or no longer when it does already."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    views = NamedView.objects.filter(user_id=user_id, about=view.about)
    was_first = views.filter(pk=view.pk, is_first=True).exists()
    views.update(is_first=False)
    views.filter(pk=view.pk).update(is_first=not was_first)
