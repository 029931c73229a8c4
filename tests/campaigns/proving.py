"""What verify proves, asked as one question: a small part of the price, and nothing left out."""

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from oms.verify import Breach, Proof, breaches_of, invariants

Heard = list[tuple[str, bool]]  # a question, and whether there was no answer to it


class Probe:
    """Proofs whose questions have no row for an answer in a sound house, as one question; the others one by one.

    It is made in a sound house. Only when something is found is every proof asked what it is.
    """

    def __init__(self, proofs: dict[str, Proof]) -> None:
        heard = {name: _heard_of(proof) for name, proof in proofs.items()}
        silent = {name for name, found in heard.items() if found and all(empty for _sql, empty in found)}
        questions = (f"EXISTS ({sql})" for name in silent for sql, _empty in heard[name])
        self.proofs = proofs
        self.by_themselves = {name: proof for name, proof in proofs.items() if name not in silent}
        self.question = f"SELECT {' OR '.join(questions)}"

    def breaches(self) -> list[Breach]:
        asked = self.proofs if self._finds_something() else self.by_themselves
        return [breach for name, proof in asked.items() for breach in breaches_of(name, proof)]

    def _finds_something(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(self.question)
            return bool(cursor.fetchone()[0])


def _heard_of(proof: Proof) -> Heard:
    """Return what a proof asks the database; what it reads as a stream it has to look at itself."""
    heard: Heard = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        cursor = context["cursor"].cursor
        asked = cursor.mogrify(sql, params) if params else sql
        answer = execute(sql, params, many, context)
        heard.append((asked, cursor.rowcount == 0 and not isinstance(cursor, psycopg.ServerCursor)))
        return answer

    with connection.execute_wrapper(hear):
        list(proof())
    return heard


def probes() -> tuple[Probe, Probe]:
    """Return what the apps prove of stock, orders and shipments, and what the kernel proves of every table."""
    proofs = invariants()
    kernel = {name: proof for name, proof in proofs.items() if proof.__module__.startswith("oms.")}
    return Probe({name: proof for name, proof in proofs.items() if name not in kernel}), Probe(kernel)
