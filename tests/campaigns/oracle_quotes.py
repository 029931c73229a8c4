"""The oracle of quotes that hold stock: what is theirs, until when, and whose it becomes."""

from collections import Counter
from dataclasses import dataclass

from tests.campaigns.oracle import Row, require
from tests.campaigns.oracle_documents import Line, Order, Quote
from tests.campaigns.oracle_orders import House

DAYS = 3  # the policy of holds


@dataclass(eq=False)
class QuotingHouse(House):
    """The house, and what it holds for those who think about it."""

    def held(self, row: Row) -> int:
        return sum(
            held
            for quote in self.quotes
            for (product, _quantity), held in zip(quote.lines, quote.holds, strict=True)
            if (product, quote.warehouse) == row
        )

    def quote(self, warehouse: str, lines: list[tuple[str, int]], valid_days: int) -> None:
        """What is free of a line is held when nobody waits for it, to the end of the offer at most."""
        require(all(quantity > 0 for _product, quantity in lines), "bad_quantity")
        quote = Quote(warehouse, lines, min(valid_days, DAYS), [0] * len(lines))
        self.hold(quote, range(len(lines)))
        self.quotes.append(quote)

    def hold(self, quote: Quote, places: range | list[int]) -> None:
        rows = {(product, quote.warehouse) for product, _quantity in quote.lines}
        free = {row: self.to_give(row, ()) - self.waited_for(row) for row in rows}
        for place in places:
            product, quantity = quote.lines[place]
            quote.holds[place] = max(0, min(quantity, free[product, quote.warehouse]))
            free[product, quote.warehouse] -= quote.holds[place]

    def decline(self, quote: Quote) -> None:
        require(quote.status == "sent", "illegal_move")
        quote.status = "declined"
        quote.let_go()

    def let_go(self, quote: Quote) -> None:
        require(any(quote.holds), "nothing_open")
        quote.let_go()

    def days_pass(self, day: int) -> None:
        """The last day of a hold belongs to it."""
        for quote in self.quotes:
            if quote.until < day:
                quote.let_go()

    def order_quote(self, quote: Quote, warehouse: str) -> None:
        """The customer accepts. Where the goods leave from elsewhere, what is held goes along as far as it can."""
        require(quote.status == "sent", "illegal_move")
        quote.status = "ordered"
        lines = [Line(product, warehouse, quantity) for product, quantity in quote.lines]
        self.orders.append(Order(lines, quote=quote))
        if warehouse != quote.warehouse:
            places = [place for place, held in enumerate(quote.holds) if held]
            quote.let_go()
            quote.warehouse = warehouse
            self.hold(quote, places)

    def own_of(self, order: Order) -> Counter[Row]:
        """End what the order's quote holds; the order has it before anybody else, as far as it is there."""
        own = Counter[Row]()
        if order.quote is not None:
            for (product, _quantity), held in zip(order.quote.lines, order.quote.holds, strict=True):
                own[product, order.quote.warehouse] += held
            order.quote.let_go()
        return Counter(
            {row: min(held, max(0, self.available(row) - self.buffers[row])) for row, held in own.items()}
        )

    def cancel(self, order: Order) -> None:
        super().cancel(order)
        if order.quote is not None:
            order.quote.let_go()
