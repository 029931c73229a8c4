"""A file of agreements for the coming months, handed in and not imported yet: a worker checks it, people decide."""

from datetime import timedelta

from django.core.files.base import ContentFile

from oms.demo.clock import Story
from oms.demo.house import House
from oms.importing.jobs import begin_import
from oms.models import ImportJob

HEADER = "customer,name,valid_from,valid_to,sku,percent,committed_value"
LINES = (
    ("C1013", "Dairy hall", "WB-M10X90", 8, 1_500),
    ("C1013", "Dairy hall", "NP-12X60", 8, 800),
    ("C1019", "Mill, spare parts", "SP3113-24", 6, 600),
    ("C1019", "Mill, spare parts", "VB-SPA-1500", 10, 1_200),
)
BEGINS, LASTS = timedelta(days=30), timedelta(days=365)


def handed_in(house: House) -> Story[ImportJob]:
    """The sales manager has handed in what a customer service wrote down in a spreadsheet."""
    yield house.clock.at(1, 16, 40)
    begins = house.clock.today + BEGINS
    rows = [
        f'{customer},"{name}",{begins},{begins + LASTS},{sku},{percent},{value}'
        for customer, name, sku, percent, value in LINES
    ]
    file = ContentFile("\n".join([HEADER, *rows]).encode(), name=f"Agreements {begins:%Y-%m}.csv")
    job = begin_import("agreements", file, "", by=house.who("Sales manager", "HAM"))
    house.files.append(job.stored)
    return job
