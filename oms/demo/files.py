"""What lies beside documents of the demo: a purchase order as the customer sent it, a photo. All drawn here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from inventory.templatetags.quantities import in_unit
from oms.demo.house import House
from oms.demo.words import COMPANY
from oms.models import User
from oms.paper import Column, Letterhead, Paper, as_pdf
from oms.uploads import JPEG, PDF, Upload
from orders.models import Order
from orders.services.attaching import attach

COLUMNS = (Column("#", is_number=True), Column("Article"), Column("Quantity", is_number=True))
SKY, ROAD, WALL, GATE, SIGN = "#b9d3e6", "#8a8d91", "#b5654a", "#3c4a52", "#f4d35e"
SIZE = (640, 480)


@contextmanager
def only_if_all_goes_well(house: House) -> Iterator[None]:
    """Let no file stay when the rows that name it do not."""
    try:
        yield
    except BaseException:
        delete_files(house.files)
        raise


def delete_files(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def keep(house: House, order: Order, upload: Upload, *, by: User | None) -> None:
    house.files.append(attach(order, upload, by=by).path)


def purchase_order(order: Order) -> Upload:
    """Return the customer's purchase order as they would have sent it: their letterhead, our articles."""
    customer, place = order.customer, order.ship_to
    lines = order.lines.select_related("product", "unit").order_by("position")
    rows = [
        [str(n), f"{line.product.sku} {line.product.name}", f"{in_unit(line.ordered, line.unit)} {line.unit}"]
        for n, line in enumerate(lines, start=1)
    ]
    home = [place.street, f"{place.postal_code} {place.city}", str(place.country)]
    paper = Paper(
        title="Purchase order",
        number=order.customer_po,
        letterhead=Letterhead(customer.name, home, [customer.name]),
        addressee=[COMPANY["name"], COMPANY["street"], f"{COMPANY['postal_code']} {COMPANY['city']}"],
        facts=[("Date", order.ordered_on.isoformat()), ("Needed by", order.requested_on.isoformat())],
        columns=COLUMNS,
        rows=rows,
        notes=["Please confirm the day of delivery."],
    )
    return Upload(f"PO {order.customer_po}.pdf", PDF, as_pdf(paper))


def photo_of_the_gate() -> Upload:
    """Return what a rep took at the customer's: a wall, a gate and the sign beside it."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 330, 640, 480), fill=ROAD)
    draw.rectangle((0, 150, 640, 330), fill=WALL)
    for y in range(150, 330, 20):
        draw.line((0, y, 640, y), fill="#9c5540")
    draw.rectangle((200, 170, 440, 330), fill=GATE)
    for x in range(200, 440, 24):
        draw.line((x, 170, x, 330), fill="#55656f", width=3)
    draw.rectangle((470, 200, 580, 260), fill=SIGN)
    draw.text((484, 214), "GATE 3\nDeliveries", fill="black", font_size=18)
    target = BytesIO()
    image.save(target, "JPEG", quality=80)
    return Upload("gate 3.jpg", JPEG, target.getvalue())
