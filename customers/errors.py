"""Why we say no about customers and their prices."""

from django.utils.translation import gettext as _

from oms.errors import Refused


class VersionRefused(Refused):
    """A version of a price list cannot take this step now."""

    code = "version_refused"


class NoVersionToEdit(Refused):
    """The prices of a list change only by a version that a second person approves."""

    code = "no_version_to_edit"

    def __init__(self, price_list: str) -> None:
        super().__init__(
            _("Prices of %(list)s change only with a second person. Draft a new version on the list's page, or take "
              "the proposed one back to draft.")
            % {"list": price_list}
        )  # fmt: skip
