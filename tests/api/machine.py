"""A machine that talks to us through the REST interface."""

import json
from itertools import count
from typing import Any

from django.test import Client

from oms.api.keys import issue_key
from oms.models import User

keys = count(1)


class Machine:
    """Sends requests as `user` with a key of its own, and a new Idempotency-Key with each POST unless told."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.headers = {"Authorization": f"Bearer {issue_key(user, 'test')}"}
        self.client = Client(headers=self.headers)

    def twin(self) -> "Machine":
        """The same machine in another thread."""
        other = Machine.__new__(Machine)
        other.user, other.headers, other.client = self.user, self.headers, Client(headers=self.headers)
        return other

    def get(self, path: str, parameters: Any = None, **extra: Any):
        return self.client.get(f"/api/{path}", parameters, **extra)

    def post(self, path: str, body: object = None, key: str | None = None, **extra: Any):
        headers = {"Idempotency-Key": key or f"key-{next(keys)}", **extra.pop("headers", {})}
        raw = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
        kind = extra.pop("content_type", "application/json")
        return self.client.post(f"/api/{path}", raw, content_type=kind, headers=headers, **extra)

    def order(self, customer, *lines: Any, **header: Any):
        """Enter an order; a line is a dictionary, or a product of which one is ordered."""
        rows = [line if isinstance(line, dict) else {"sku": line.sku, "quantity": "1"} for line in lines]
        return self.post("v1/orders/", {"customer": customer.code, "lines": rows, **header})


def pointers(response) -> list[str]:
    """Where a problem document says that something is wrong."""
    return [error["pointer"] for error in response.json()["errors"]]
