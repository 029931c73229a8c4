"""What a row may mean, before anybody knows which codes there are."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row may mean. An empty unit is the one offered first, no price is the list's; `discounts` in turn.

    The price is in the order's currency unless `money` names another, and for the unit that is ordered or for `per`.
    """

    code: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None
    discounts: tuple[Decimal, ...] = ()
    money: tuple[str, ...] = ()  # as it is written: EUR, $
    per: str = ""
    unread: str = ""  # an amount in the row that is not understood


@dataclass(frozen=True, slots=True)
class Part:
    """One of several products that a line may name; no readings where it does not say how many.

    One that is not `surely` a product is only words, unless its code is known.
    """

    text: str
    readings: tuple[Reading, ...]
    surely: bool


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row with its place in the text, and what it may mean, the likeliest first; or what is wrong with it.

    A row that is in doubt is looked at by a person though its code is known.
    """

    number: int
    text: str
    readings: tuple[Reading, ...] = ()
    problem: str = ""
    doubt: str = ""
    parts: tuple[Part, ...] = ()
    part: int = 0  # of a line that names several products

    @property
    def place(self) -> str:
        return f"{self.number}.{self.part}" if self.part else str(self.number)
