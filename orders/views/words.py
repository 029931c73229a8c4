"""The words the pad's script shows, in the reader's language."""

from django.utils.translation import gettext as _


def words_of_a_row() -> dict[str, str]:
    """The words of each line, looked up once for all lines."""
    return {
        "quantity": _("Quantity"),
        "price": _("Price"),
        "source": _("List and why"),
        "why": _("Why this price?"),
        "discount": _("Discount"),
        "free": _("Free"),
        "when": _("When and what else?"),
        "margin": _("Margin"),
        "amount": _("Amount"),
        "more": _("More for line"),
        "remove": _("Remove line"),
        "part": _("Its part of the discount on all"),
    }


def words_of_the_pad() -> dict[str, str]:
    return {
        "saved": _("saved"),
        "saving": _("saving …"),
        "unsaved": _("not saved, changes kept here:"),
        "sign_in": _("You are signed out. Sign in in another tab, then try again."),
        "sign_in_here": _("Sign in beside"),
        "no_network": _("No connection. Typing goes on; changes are sent when it is back."),
        "now": _("now"),
        "yours": _("yours:"),
        "mine": _("Take mine"),
        "theirs": _("Leave it"),
        "put_back": _("Edit"),
        "remove": _("Remove"),
        "marked": _("Edit or remove the marked lines first."),
        "clashing": _("Choose first where somebody else has changed what you changed."),
        "outdated": _("Somebody else changed this meanwhile."),
        "waits": _("Wait until everything is saved."),
        "loading": _("Looking …"),
        "unknown": _("The line is no longer there."),
        "learn": _("Shall “%(code)s” be remembered as this customer's number for %(sku)s?"),
        "remember": _("Remember it"),
        "not_now": _("Not now"),
        "undone": _("taken back:"),
        "redone": _("made again:"),
        "nothing_undone": _("There is nothing to take back."),
        "nothing_redone": _("There is nothing to make again."),
        "failed": _("The server could not do this. Nothing was changed."),
    }
