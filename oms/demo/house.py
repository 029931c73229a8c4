"""What the stories are told about: the people, things and places of the demo, and who does what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.models import Customer
from fulfillment.models import Carrier
from inventory.models import Product, ProductUnit, Supplier, Warehouse
from oms.demo.clock import Clock
from oms.demo.families import Item
from oms.demo.words import PEOPLE
from oms.models import User


@dataclass(frozen=True, slots=True)
class House:
    """Everything of the demo that stands before its first document."""

    clock: Clock
    items: Mapping[str, Item]
    users: Mapping[str, User]
    sites: Mapping[str, Warehouse]
    bins: Mapping[tuple[str, str], int]
    products: Mapping[str, Product]
    units: Mapping[tuple[str, str], ProductUnit]
    suppliers: Mapping[str, Supplier]
    customers: Mapping[str, Customer]
    carriers: Mapping[str, Carrier]
    files: list[str] = field(default_factory=list)  # where those lie that were kept beside documents

    def who(self, role: str, site: str = "", turn: int = 0) -> User:
        """Return somebody with this role, of the site where the role has sites; `turn` chooses among several."""
        able = [p for p in PEOPLE if p.role == role and p.site in {site, ""}]
        return self.users[able[turn % len(able)].username]
