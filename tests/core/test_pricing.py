"""Which price wins among unusual rules, and that the trace tells how it came about."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from customers.price_rules import Candidate, Question, Terms, Unit, counted_together
from customers.price_trace import losers, recomputed
from customers.pricing import price_of
from customers.status import BreakBasis, PriceKind, PriceTier
from oms.money import round_fraction

EACH, CASE = Unit(1, "C62", 1, 1), Unit(2, "CT", 12, 1)
BASE_UNIT = Unit(0, "", 1, 1)


def rule(
    rule_id: int,
    price: object = 0,
    unit: Unit = EACH,
    since: int = 1,
    *,
    tier: int = PriceTier.EVERYONE,
    **rest: Any,
) -> Candidate:
    price_list = rest.pop("price_list", f"L{tier}")
    terms = Terms(**rest) if rest else None
    return Candidate(rule_id, price_list, tier, 1, *unit, since, Decimal(str(price)), date(2000, 1, 1), terms)


def percent(rule_id: int, off: object, **rest: Any) -> Candidate:
    kind = rest.pop("kind", PriceKind.PERCENT_OFF)
    return rule(rule_id, 0, BASE_UNIT, kind=kind, percent=Decimal(str(off)), **rest)


def asked(ordered: int, unit: Unit = EACH, **together: Any) -> Question:
    return Question(1, unit, ordered, **together)


def won(question: Question, *rules: Candidate) -> tuple[Decimal, int]:
    found = price_of(question, rules)
    assert found is not None
    assert recomputed(found.trace) == found.unit_price
    return found.unit_price, found.trace["rule"]


def why_lost(question: Question, *rules: Candidate) -> dict[int, str]:
    found = price_of(question, rules)
    assert found is not None
    return {loser["rule"]: loser["why"] for loser in losers(found.trace)}


def test_a_percentage_is_taken_off_the_price_for_everyone_at_the_break_reached():
    rules = rule(1, 10), rule(2, "9.50", since=100), percent(3, 5, tier=PriceTier.GROUP)

    assert won(asked(1), *rules) == (Decimal("9.5"), 3)
    assert won(asked(100), *rules) == (Decimal("9.025"), 3)
    assert won(asked(12, CASE), *rules) == (Decimal("114"), 3)


def test_a_percentage_is_taken_off_the_list_that_is_named_and_not_off_another():
    reference = rule(2, 20, tier=PriceTier.REFERENCE, price_list="CATALOGUE")
    rules = rule(1, 10), reference, percent(3, 50, tier=PriceTier.CUSTOMER, based_on="CATALOGUE")

    assert won(asked(1), *rules) == (Decimal(10), 3)
    assert why_lost(asked(1), *rules) == {1: "later tier", 2: "only for reference"}


def test_a_list_that_is_there_for_reference_only_prices_nothing():
    assert price_of(asked(1), [rule(1, 20, tier=PriceTier.REFERENCE)]) is None
    assert price_of(asked(1), [rule(1, 20, tier=PriceTier.REFERENCE, reach=1)]) is None
    assert why_lost(asked(1), rule(1, 20, tier=PriceTier.REFERENCE), rule(2, 30)) == {1: "only for reference"}


def test_usual_rules_are_ranked_and_explained_as_all_others_are():
    rules = [
        rule(1, 10), rule(2, 9, since=10), rule(3, 8, since=100), rule(4, 100, CASE), rule(5, 11, tier=20),
        rule(6, 12, tier=20, since=10), rule(7, 12, CASE, tier=20, since=10),
    ]  # fmt: skip
    with_terms = [each._replace(terms=Terms()) for each in rules]

    for ordered in (1, 10, 100):
        for unit in (EACH, CASE):
            question = asked(ordered, unit)
            assert won(question, *rules) == won(question, *with_terms)
            assert why_lost(question, *rules) == why_lost(question, *with_terms)


def test_a_percentage_off_nothing_is_no_price_and_leaves_the_next_tier_to_win():
    rules = rule(1, 10), percent(2, 50, tier=PriceTier.CUSTOMER, based_on="CATALOGUE")

    assert won(asked(1), *rules) == (Decimal(10), 1)
    assert why_lost(asked(1), *rules) == {2: "nothing to count from"}
    assert price_of(asked(1), [percent(2, 50)]) is None


def test_cost_plus_is_per_base_unit_and_needs_a_cost_and_its_rate():
    known = {"kind": PriceKind.COST_PLUS, "cost": Decimal("2.00"), "tier": PriceTier.COST_PLUS}

    assert won(asked(12, CASE), percent(1, 25, **known, cost_rate=Decimal(1))) == (Decimal(30), 1)
    assert won(asked(1), percent(1, 25, **known, cost_rate=Decimal("0.95"))) == (Decimal("2.375"), 1)
    assert price_of(asked(1), [percent(1, 25, **known)]) is None
    assert price_of(asked(1), [percent(1, 25, **{**known, "cost": Decimal(0)}, cost_rate=Decimal(1))]) is None


def test_the_product_comes_before_its_category_and_the_deepest_category_before_all():
    everything, branch, twig, itself = (
        rule(1, 1, reach=99),
        rule(2, 2, reach=2),
        rule(3, 3, reach=1),
        rule(4, 4),
    )

    assert won(asked(1), everything, branch, twig, itself)[1] == 4
    assert won(asked(1), everything, branch, twig)[1] == 3
    assert won(asked(1), everything, branch)[1] == 2
    assert why_lost(asked(1), everything, twig) == {1: "wider"}


def test_priority_decides_before_the_break():
    usual, first = rule(1, 8, since=10), rule(2, 9, priority=1)

    assert won(asked(10), usual, first)[1] == 2
    assert why_lost(asked(10), usual, first) == {1: "lower priority"}


def test_a_list_in_the_documents_currency_comes_before_an_exchanged_one_in_its_tier():
    exchanged = rule(1, 10, currency="EUR", rate=Decimal("0.95"), rate_on="2026-01-01")

    assert won(asked(1), exchanged, rule(2, 12)) == (Decimal(12), 2)
    assert won(asked(1), exchanged) == (Decimal("9.5"), 1)
    assert won(asked(1), rule(3, 12, tier=PriceTier.CHANNEL + 9), exchanged)[1] == 3
    assert why_lost(asked(1), exchanged, rule(2, 12)) == {1: "other currency"}


def test_only_a_best_of_list_competes_by_price():
    contract, promotion = rule(1, 10, tier=PriceTier.CUSTOMER), rule(2, 9, best_of=True)

    assert won(asked(1), contract, promotion)[1] == 2
    assert why_lost(asked(1), contract, promotion) == {1: "best price elsewhere"}
    assert won(asked(1), contract, rule(2, 11, best_of=True))[1] == 1
    assert won(asked(1), contract, rule(2, 9))[1] == 1


def test_incremental_breaks_price_each_part_of_the_quantity():
    rules = rule(1, 10, incremental=True), rule(2, 9, since=101, incremental=True)

    assert won(asked(100), *rules)[0] == Decimal(10)
    assert won(asked(150), *rules)[0] == round_fraction(Fraction(100 * 10 + 50 * 9, 150), 6)


def test_breaks_may_count_the_whole_order_or_a_mix_of_products():
    together = {"basis": BreakBasis.PRODUCT}
    mixed = {"basis": BreakBasis.MIX, "mix_group": "PAINT"}
    rules = {
        1: [rule(1, 10), rule(2, 9, since=100, **together)],
        2: [rule(3, 5), rule(4, 4, since=50, **mixed)],
        3: [rule(5, 7, since=50, **mixed)._replace(product_id=3)],
    }
    sums = counted_together([(1, 60), (1, 40), (2, 30), (3, 20), (9, 5)], rules)

    assert sums == {1: 100, ("L70", "PAINT"): 50}
    assert won(asked(40, together=sums), *rules[1])[0] == 9
    assert won(asked(30, together=sums), *rules[2])[0] == 4
    assert won(asked(40), *rules[1])[0] == 10


def test_the_floor_is_the_higher_one_of_the_rule_and_the_cost():
    costs = {"cost": Decimal(8), "cost_rate": Decimal(1), "floor_margin": Decimal(10)}

    assert price_of(asked(1), [rule(1, 10, floor=Decimal(9))]).trace["floor"] == "9.000000"
    assert price_of(asked(12, CASE), [rule(1, 10, floor=Decimal(8), **costs)]).trace["floor"] == "105.600000"


tiers = st.sampled_from([10, 20, 30, 31, 50, 70, 90])
units = st.sampled_from([EACH, CASE, Unit(3, "X", 1, 3)])
money = st.decimals(0, 1000, places=2)
some_terms = st.fixed_dictionaries(
    {
        "reach": st.sampled_from([0, 1, 99]),
        "priority": st.sampled_from([1, 5]),
        "incremental": st.booleans(),
        "currency": st.sampled_from([None, "USD"]),
        "rate": st.sampled_from([Decimal("0.9"), Decimal("1.234567")]),
        "best_of": st.booleans(),
        "basis": st.sampled_from([BreakBasis.LINE, BreakBasis.PRODUCT]),
    }
).map(lambda chosen: Terms(**chosen) if chosen["currency"] else Terms(**chosen)._replace(rate=Decimal(1)))
percents = st.builds(
    lambda terms, kind, off, cost: terms._replace(kind=kind, percent=off, cost=cost, cost_rate=Decimal(1)),
    some_terms.map(lambda terms: terms._replace(incremental=False, currency=None, rate=Decimal(1))),
    st.sampled_from([PriceKind.PERCENT_OFF, PriceKind.COST_PLUS]),
    st.decimals("0.5", "99", places=2),
    st.sampled_from([Decimal(0), Decimal("3.3333")]),
)


def a_candidate(unit: Unit, tier: int, price: Decimal, since: int, terms: Terms | None) -> Candidate:
    if terms and terms.kind != PriceKind.FIXED:
        unit, price = BASE_UNIT, Decimal(0)
    return Candidate(0, f"L{tier}", tier, 1, *unit, since, price, date(2020, 1, 1), terms)


candidates = st.lists(
    st.builds(a_candidate, units, tiers, money, st.integers(1, 20), st.none() | some_terms | percents),
    max_size=9,
).map(lambda found: [candidate._replace(rule_id=n) for n, candidate in enumerate(found, start=1)])
questions = st.builds(
    lambda unit, ordered, more: Question(1, unit, ordered, {1: ordered + more}),
    units,
    st.integers(1, 30),
    st.integers(0, 9),
)


def used(trace: dict[str, Any]) -> set[int]:
    """The rules that a price stands on."""
    return {trace["rule"], *({trace["off"]["rule"]} if "off" in trace else set())}


@given(questions, candidates, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(question, rules, rng):
    assert price_of(question, rules) == price_of(question, rng.sample(rules, len(rules)))


@given(questions, candidates)
def test_every_trace_comes_to_its_price_and_names_every_candidate(question, rules):
    found = price_of(question, rules)
    if found is None:
        return
    assert recomputed(found.trace) == found.unit_price
    told = [found.trace["rule"], *(loser["rule"] for loser in losers(found.trace))]
    assert sorted(told) == [candidate.rule_id for candidate in rules]


def first_of_lists(question: Question, rules: list[Candidate]) -> set[int]:
    """Where a list competes by price, the rules that their lists compete with; behind each stands another price.

    That is the first rule of a list which is worth something, or the first of those that compete, with what it is
    counted from.
    """
    competing = {c.rule_id for c in rules if c.terms and c.terms.best_of}
    if not competing:
        return set()
    lists = [[c for c in rules if c.price_list == name] for name in {c.price_list for c in rules}]
    return set[int]().union(
        *(stands_for(question, own, rules) for own in lists),
        *(stands_for(question, [c for c in own if c.rule_id in competing], rules) for own in lists),
    )


def stands_for(question: Question, own: list[Candidate], rules: list[Candidate]) -> set[int]:
    """What these rules come to by rank alone stands on, while all others are there to be counted from only."""
    others = [for_reference(c, own) for c in rules if c not in own]
    found = price_of(question, [*map(by_rank, own), *others])
    ids = {c.rule_id for c in own}
    return used(found.trace) if found and found.trace["rule"] in ids else ids


def by_rank(candidate: Candidate) -> Candidate:
    terms = candidate.terms and candidate.terms._replace(best_of=False)
    return candidate._replace(terms=terms)


def for_reference(candidate: Candidate, own: list[Candidate]) -> Candidate:
    """Let a rule win nothing; only prices for everyone stay where they are, for percentages are taken off those."""
    calm = by_rank(candidate)
    if candidate.tier == PriceTier.EVERYONE and all(c.tier < PriceTier.EVERYONE for c in own):
        return calm
    return calm._replace(tier=PriceTier.REFERENCE)


@given(questions, candidates, st.data())
def test_what_lost_and_was_not_counted_from_may_as_well_not_be_there(question, rules, data):
    found = price_of(question, rules)
    ladder = {c.rule_id for c in rules if c.terms and c.terms.incremental}
    first = first_of_lists(question, rules)
    free = [c for c in rules if found is None or c.rule_id not in used(found.trace) | ladder | first]
    gone = data.draw(st.sampled_from(free)) if free else None

    without = price_of(question, [candidate for candidate in rules if candidate is not gone])

    assert (found and (found.unit_price, found.trace["rule"])) == (
        without and (without.unit_price, without.trace["rule"])
    )


@given(questions, candidates)
def test_without_the_winner_the_next_nearest_tier_wins(question, rules):
    fixed = [c for c in rules if not c.terms or (c.terms.kind == PriceKind.FIXED and not c.terms.best_of)]
    found = price_of(question, fixed)
    rest = [candidate for candidate in fixed if found and candidate.rule_id != found.trace["rule"]]
    second = price_of(question, rest)
    alone = [c.tier for c in rest if price_of(question, [c])]

    assert (second is None) == (not alone)
    assert second is None or second.trace["tier"] == min(alone) >= found.trace["tier"]
