"""JSON as the pad sends it, read strictly: what is not exactly an operation is a bad request."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest

from orders.discounts import read_discounts
from orders.moving import Move
from orders.services.understanding import DISCOUNT, NOTE, PRICE, QUANTITY, TypedChange, read_note

MOST_OPERATIONS = 1000
LARGEST_ID = 2**63 - 1
LONGEST_TEXT = 1000
MOST_TEXTS = 100
OPERATION_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
PRICE_TEXT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)
CHARGE_COLUMN = re.compile(r"charge_[1-9][0-9]{0,17}", re.ASCII)
HEADER_COLUMNS = frozenset(
    {"ship_to", "bill_to", "warehouse", "customer_po", "requested_on", "valid_until", "note", "discount"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a line that was removed, or is copied, had besides what can be typed: its discounts, its note, its place.

    A copy comes right `below` a line, by its id. One that is put back `was` a line, by the id that it had.
    """

    discounts: tuple[Decimal, ...]
    note: str
    position: int = 0
    below: int = 0
    was: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations by their places, made by somebody who saw `revision`; `ops` as they were sent."""

    id: str
    revision: int
    ops: list[dict[str, Any]]
    adds: dict[int, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    changes: dict[int, TypedChange] = field(default_factory=dict)
    removes: set[int] = field(default_factory=set)
    moves: list[Move] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)


def read_batch(body: bytes) -> Batch:
    """Return the batch in a request's body; raise BadRequest for anything else."""
    data = mapping(read_json(body), {"id", "revision", "ops"})
    if not OPERATION_ID.fullmatch(text_of(data["id"])):
        raise BadRequest("id is no operation id")
    ops = data["ops"]
    if not isinstance(ops, list) or not 0 < len(ops) <= MOST_OPERATIONS:
        raise BadRequest(f"ops is a list of 1 to {MOST_OPERATIONS} operations")
    batch = Batch(data["id"], number(data["revision"]), ops)
    for index, op in enumerate(ops):
        _take(batch, index, op)
    return batch


def read_json(body: bytes) -> Any:
    """Return JSON without its traps: no NaN, no number with a point, no key twice, no depth."""
    try:
        return json.loads(
            body.decode(), parse_constant=_refuse, parse_float=_refuse, object_pairs_hook=_no_key_twice
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest("this is not the JSON of the pad") from error


def _refuse(text: str) -> None:
    raise ValueError(text)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _take(batch: Batch, index: int, op: Any) -> None:
    kind = op.get("op") if isinstance(op, dict) else None
    if kind == "add":
        batch.adds[index] = text_of(mapping(op, {"op", "text"})["text"])
    elif kind == "put":
        # a browser may have kept one from before lines had notes, or were put back as what they were
        found = mapping({"note": "", "was": 0, **op}, {"op", "text", "position", "discount", "note", "was"})
        batch.adds[index] = text_of(found["text"])
        at, was = number(found["position"]), number(found["was"])
        batch.places[index] = Place(*_beside(found), position=at, was=was)
    elif kind == "copy":
        found = mapping(op, {"op", "text", "below", "discount", "note"})
        batch.adds[index] = text_of(found["text"])
        batch.places[index] = Place(*_beside(found), below=number(found["below"]))
    elif kind == "move":
        found = mapping(op, {"op", "line", "position"})
        batch.moves.append(Move(number(found["line"]), number(found["position"])))
    elif kind == "change":
        batch.changes[index] = _change(mapping({"was": "", **op}, {"op", "line", "column", "text", "was"}))
    elif kind == "remove":
        batch.removes.add(number(mapping(op, {"op", "line"})["line"]))
    elif kind == "header":
        mapping(op, {"op", "column", "text"})
        batch.header[_header_column(op["column"])] = text_of(op["text"])
    else:
        raise BadRequest(f"operation {index} is none that we know")


def _beside(op: dict[str, Any]) -> tuple[tuple[Decimal, ...], str]:
    try:
        return _discounts(op["discount"]), read_note(text_of(op["note"]))
    except ValueError as error:
        raise BadRequest("expected the note of a line") from error


def _discounts(value: Any) -> tuple[Decimal, ...]:
    try:
        return read_discounts(text_of(value))
    except ValueError as error:
        raise BadRequest("expected percentages") from error


def _change(op: dict[str, Any]) -> TypedChange:
    column = _one_of(op["column"], frozenset({QUANTITY, PRICE, DISCOUNT, NOTE}))
    return TypedChange(number(op["line"]), column, text_of(op["text"]), _price(op["was"]))


def _price(value: Any) -> Decimal | None:
    """Return a price as the pad writes it in its cells; None for nothing."""
    text = text_of(value)
    if text and not PRICE_TEXT.fullmatch(text):
        raise BadRequest("expected a price")
    return Decimal(text) if text else None


def mapping(value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise BadRequest(f"expected exactly: {', '.join(sorted(keys))}")
    return value


def _one_of(value: Any, known: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise BadRequest(f"expected one of: {', '.join(sorted(known))}")
    return value


def _header_column(value: Any) -> str:
    if isinstance(value, str) and CHARGE_COLUMN.fullmatch(value):
        return value
    return _one_of(value, HEADER_COLUMNS)


def text_of(value: Any, *, most: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise BadRequest(f"expected a text of at most {most} characters")
    return value


def texts(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_TEXTS:
        raise BadRequest(f"expected at most {MOST_TEXTS} texts")
    return [text_of(one) for one in value]


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRequest("expected true or false")
    return value


def number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_ID:
        raise BadRequest("expected a whole number")
    return value
