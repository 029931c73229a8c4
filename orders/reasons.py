"""Why a rule asks for approval, in a sentence with the number, the bound and the line. No database here."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms.money import round_half_up
from orders.facts import AMOUNT_OF, JUDGED_ON, LINE_OF, OF_A_DAY, Facts, Rule
from orders.status import RuleFact


def sentence(rule: Rule, facts: Facts) -> str:
    """Say why a rule asks, with the number and the bound, and with the line where one is the worst."""
    fact = RuleFact(rule.fact)
    line, day = facts.get(LINE_OF.get(fact, "")), facts.get(JUDGED_ON)
    if day and fact in OF_A_DAY:
        template = _about_another_day(fact)
    else:
        template = _about_a_line(fact) if line else _about_all(fact)
    value = readable(Decimal(facts.get(fact) or 0))
    told = {"value": value, "bound": readable(rule.threshold), "line": line, "day": _written(day)}
    return _with_amount(template % told, fact, facts)


def _with_amount(why: str, fact: RuleFact, facts: Facts) -> str:
    """Say too how much is given away, in the document's currency: 15 percent may be a cent or a fortune."""
    amount = round_half_up(Decimal(facts.get(AMOUNT_OF.get(fact, "")) or 0), 2)
    if not amount:
        return why
    template = (
        _("%(why)s; %(amount)s missing")
        if fact == RuleFact.MARGIN_BELOW
        else _("%(why)s; %(amount)s less in all")
    )
    return template % {"why": why, "amount": readable(amount)}


def _written(day: str | None) -> str:
    return date_format(date.fromisoformat(day)) if day else ""


def _about_all(fact: RuleFact) -> str:
    return {
        RuleFact.TOTAL_ABOVE: _("total %(value)s is above %(bound)s"),
        RuleFact.DISCOUNT_ABOVE: _("discount of %(value)s percent is above %(bound)s"),
        RuleFact.MARGIN_BELOW: _("margin of %(value)s percent is below %(bound)s"),
        RuleFact.PRICE_BELOW_LIST: _("a price is %(value)s percent below the list, %(bound)s is allowed"),
        RuleFact.BELOW_FLOOR: _("a net price is %(value)s percent below its floor, %(bound)s is allowed"),
    }[fact]


def _about_a_line(fact: RuleFact) -> str:
    return {
        RuleFact.DISCOUNT_ABOVE: _("line %(line)s: discount of %(value)s percent is above %(bound)s"),
        RuleFact.PRICE_BELOW_LIST: _(
            "line %(line)s: the price is %(value)s percent below the list, %(bound)s is allowed"
        ),
        RuleFact.BELOW_FLOOR: _(
            "line %(line)s: the net price is %(value)s percent below its floor, %(bound)s is allowed"
        ),
    }[fact]


def _about_another_day(fact: RuleFact) -> str:
    """Of a document that was priced earlier, so that its own list and cost are not what it is judged by."""
    return {
        RuleFact.MARGIN_BELOW: _("margin of %(value)s percent at today's cost (%(day)s) is below %(bound)s"),
        RuleFact.PRICE_BELOW_LIST: _(
            "line %(line)s: the price is %(value)s percent below today's list (%(day)s), %(bound)s is allowed"
        ),
        RuleFact.BELOW_FLOOR: _(
            "line %(line)s: the net price is %(value)s percent below today's floor (%(day)s), %(bound)s is allowed"
        ),
    }[fact]


def readable(value: Decimal) -> str:
    """Write a number in thousands with two decimals, or more where it has more, or none where it is whole."""
    short = value.normalize()
    if short == short.to_integral_value():
        return f"{short:,.0f}"
    return f"{short:,.2f}" if short == round(short, 2) else f"{short:,f}"
