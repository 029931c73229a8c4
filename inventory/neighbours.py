"""Codes that nobody knows exactly, many at once: the same but for case and blanks, or the nearest that there are."""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Upper

from inventory.finding import ALIKE
from inventory.models import Product
from oms.sets import array

MOST_CODES = 200  # more unknown codes than that are another column
WORDS_ALIKE = 0.75
BEGINS_ALIKE = 0.9  # half a SKU is likelier than a slip in a whole one
SHORTEST = 3  # characters: below that everything is alike

# Beside it in the alphabet, with the same end, and with its words in the name; from indexes but for the ends.
CANDIDATES = """
    WITH wanted AS (SELECT code, upper(code) AS up FROM unnest(%s::text[]) AS w(code))
    SELECT w.code, n.sku FROM wanted w CROSS JOIN LATERAL (
        (SELECT sku FROM inventory_product WHERE upper(sku) ~>=~ w.up ORDER BY upper(sku) USING ~<~ LIMIT 20)
        UNION ALL
        (SELECT sku FROM inventory_product WHERE upper(sku) ~<~ w.up ORDER BY upper(sku) USING ~>~ LIMIT 20)
        UNION ALL
        (SELECT sku FROM inventory_product
         WHERE to_tsvector('simple', COALESCE(name, '')) @@ plainto_tsquery('simple', w.code) LIMIT 5)
    ) n
    UNION
    SELECT code, sku FROM (
        SELECT w.code, p.sku, row_number() OVER (PARTITION BY w.code ORDER BY p.sku) AS n
        FROM wanted w JOIN inventory_product p ON upper(right(p.sku, 4)) = right(w.up, 4)
    ) e WHERE n <= 20
"""


class Near(NamedTuple):
    """A product that a code may mean, and how much it looks like it, from 0 to 1."""

    product: Product
    alike: float


def squeezed(code: str) -> str:
    """Return what is left of a code without case, blanks and signs."""
    return "".join(c for c in code.upper() if c.isalnum())


def written_alike(codes: Iterable[str], products: QuerySet[Product]) -> dict[str, list[Product]]:
    """Return the products whose SKUs differ from a code only in case, blanks and signs, by what is left of both."""
    wanted = {left for code in codes if len(left := squeezed(code)) >= SHORTEST}
    if not wanted:
        return {}
    stripped: Any = Func(
        Upper("sku"), Value("[^[:alnum:]]"), Value(""), Value("g"),
        function="regexp_replace", output_field=CharField(),
    )  # fmt: skip
    found: dict[str, list[Product]] = {}
    rows: Iterable[Any] = products.annotate(left=stripped).filter(left__any_of=wanted).order_by("sku")
    for product in rows:
        found.setdefault(product.left, []).append(product)
    return found


def neighbours(codes: Collection[str], products: QuerySet[Product], *, limit: int) -> dict[str, list[Near]]:
    """Return for each of the first codes the products it may mean, the likest first, in two statements."""
    candidates = _candidates(sorted(codes)[:MOST_CODES])
    skus = {sku for found in candidates.values() for sku in found}
    there = {product.sku: product for product in products.filter(sku__any_of=skus)} if skus else {}
    return {
        code: _best(code, [there[sku] for sku in found if sku in there], limit)
        for code, found in candidates.items()
    }


def _candidates(codes: list[str]) -> dict[str, list[str]]:
    if not codes:
        return {}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, [array(codes)])
        for code, sku in cursor.fetchall():
            found.setdefault(code, []).append(sku)
    return found


def _best(code: str, products: Iterable[Product], limit: int) -> list[Near]:
    words, left = set(code.upper().split()), squeezed(code)
    matcher = SequenceMatcher(None, "", left, autojunk=False)  # it keeps what it learns of the code
    judged = [Near(product, _alike(matcher, words, left, product)) for product in products]
    likest = sorted(judged, key=lambda near: (-near.alike, near.product.sku))
    return [near for near in likest[:limit] if near.alike >= ALIKE]


def _alike(matcher: "SequenceMatcher[str]", words: set[str], left: str, product: Product) -> float:
    """Return how much the SKU looks like the code. To begin with it counts, and so does a name with all its words."""
    if len(words) > 1 and words <= set(product.name.upper().split()):
        return WORDS_ALIKE
    sku = squeezed(product.sku)
    if SHORTEST <= len(left) < len(sku) and sku.startswith(left):
        return BEGINS_ALIKE
    matcher.set_seq1(sku)
    bound = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if bound >= ALIKE else bound
