"""By which indexes the list of orders is sorted: of all orders, and of the orders of each customer.

Who sees the orders of some customers is shown the first of each of them, whichever column they are sorted by and
however many orders of others lie between (decision 65).
"""

from django.db import models

SORTED_BY = {
    "status": "status",
    "total": "total",
    "customer_po": "customer_po",
    "status_since": "status_since",
    "requested_on": "requested_day",
    "ship_on": "promised_day",
}


def indexes_of_the_list() -> list[models.Index]:
    return [
        models.Index(fields=["customer", "id"], name="orders_of_customers"),
        *(
            models.Index(fields=[column, "id"], name=f"orders_by_{said}")
            for column, said in SORTED_BY.items()
        ),
        *(
            models.Index(fields=["customer", column, "id"], name=f"orders_theirs_by_{said}")
            for column, said in SORTED_BY.items()
        ),
    ]
