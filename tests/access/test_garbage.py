"""Garbage in addresses, parameters, forms and bodies: whoever may open a page is told no, and never sees it break."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from inventory.models import Product
from oms.admin.base import ScopedAdmin
from orders.models import ApprovalRule, Quote, QuoteLine
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.following import make_order_link
from orders.services.quoting import draft_quote, send_quote
from tests.access.entrances import CATCH_ALL, addresses, model_pages
from tests.access.world import MODELS, World, build
from tests.builders import a_confirmed_order, a_line, an_order
from tests.campaigns import trials
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db
world = shared_by_the_module(build)

SEED, SOME = 7, 12  # addresses for each role, some six seconds
OPERATIONS = 40  # of each address of the pad
NASTY = [
    "", " ", "\0", "a\0b", "'", "%", "%s", "{}", "\\", "NaN", "Infinity", "sNaN", "1e309", "1e999999999", "9" * 400,
    str(2**63), str(2**63 - 1), str(2**31), "-1", "-0", "0", "1.5", "1,5", "1.000,5", "1_000", "null", "true", "[]",
    "\N{ARABIC-INDIC DIGIT ONE}", "\N{SUPERSCRIPT TWO}", "\u202e", "x" * 10_000, "\U0001f600" * 300, "\ud800", "a,b",
    "0000-00-00", "9999-12-31", "2030-02-30", "0001-01-01", "9999-12-31T23:59:59", "31.12.9999", "2026-W10", "24:61",
    "10 %", "-5%", "1/0", "../../etc/passwd", "<script>", "\r\n", "a\nb", "BOLT", "C62", "2030-01-01",
]  # fmt: skip
ASKED = [
    "q", "p", "o", "all", "e", "page", "tab", "task", "event", "line", "stop", "stock", "format", "carton", "customer",
    "_facets", "_popup", "_to_field", "_changelist_filters", "next", "app_label", "model_name", "field_name", "term",
    "status__exact", "id__in", "created_at__gte", "number__gt", "view", "action", "select_across",
]  # fmt: skip
BODIES = [
    b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"a":NaN}', b"\xff\xfe", b"\xc3\x28=1", b"a=%00", b"a=1&a=2", b"%",
    b"reason=%ff&note=%ed%a0%80", b"--x\r\n\r\n--x--", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
    b'{"id":"12345678","revision":0,"ops":[]}',
]  # fmt: skip
KINDS = [
    "", "application/json", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "y" * 300,
    "application/x-www-form-urlencoded; charset=nonsense",
]  # fmt: skip


@dataclass
class Form:
    """A form of a page: where it goes, how, and its fields as a browser would send them."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get").lower()))
            self.inside = True
        elif tag in ("input", "button", "textarea") and self.inside and told.get("name"):
            self.forms[-1].fields.append((told["name"], told.get("value", "")))
        elif tag == "select":
            self.choice = told.get("name", "") if self.inside else ""
        elif tag == "option" and self.choice and ("selected" in told or told.get("value")):
            self.forms[-1].fields.append((self.choice, told.get("value", "")))
            self.choice = "" if "selected" in told else self.choice

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.choice = "" if tag == "select" else self.choice


class Walk:
    """One person who sends garbage to an address; `broken` is what broke, `answered` how often what was answered."""

    def __init__(self, client: Client, rng: random.Random) -> None:
        self.client, self.rng = client, rng
        self.broken: list[str] = []
        self.answered: dict[int, int] = {}

    def ask(self, method: str, url: str, body: bytes = b"", kind: str = "") -> Any:
        """Send one request; whatever it changes is undone."""
        with transaction.atomic():
            answer = self.client.generic(method, url, body, content_type=kind)
            transaction.set_rollback(True)
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        if answer.status_code >= 500:
            self.broken.append(f"{method} {url[:300]} {kind} {body[:300]!r}: {answer.status_code}")
        return answer

    def try_out(self, url: str, rounds: int) -> None:
        page = self.ask("GET", url)
        path, forms = urlsplit(url).path, forms_of(page)
        names = [*ASKED, *(name for form in forms if form.method == "get" for name, _value in form.fields)]
        for _round in range(rounds):
            asked = [(self.rng.choice(names), self.rng.choice(NASTY)) for _n in range(self.rng.randint(1, 3))]
            self.ask("GET", f"{path}?{encoded(parse_qsl(urlsplit(url).query) + asked)}")
            self.ask("POST", path, self.rng.choice(BODIES), self.rng.choice(KINDS))
            for form in forms:
                if form.method == "post" and "logout" not in form.action:
                    self.send(form, url)

    def send(self, form: Form, url: str) -> None:
        fields = list(form.fields)
        for _n in range(self.rng.randint(0, 3) if fields else 0):
            place = self.rng.randrange(len(fields))
            fields[place] = (fields[place][0], self.rng.choice(NASTY))
        kind = "application/x-www-form-urlencoded"
        self.ask("POST", form.action if form.action.startswith("/") else url, encoded(fields).encode(), kind)


def forms_of(page: Any) -> list[Form]:
    is_page = page.headers.get("Content-Type", "").startswith("text/html") and not page.streaming
    return Forms(page.content.decode()).forms if is_page else []


def encoded(pairs: list[tuple[str, str]]) -> str:
    """Pairs as a browser would write them; a lone surrogate as some others do."""
    return urlencode([tuple(one.encode("utf-8", "surrogatepass") for one in pair) for pair in pairs])


def places(world: World, rng: random.Random) -> Iterator[str]:
    """Yield each address as it should be, and those that take something with garbage as well."""
    for one in sorted(set(addresses()), key=lambda one: (one.name, one.takes)):
        if one.name == CATCH_ALL or "logout" in one.name:
            continue
        right = world.arguments(one.name, one.takes) if one.name not in model_pages() else own_row(one.name)
        garbage = {name: rng.choice([*NASTY, "0", "1"]) for name in one.takes}
        for arguments in [right, garbage] if one.takes else [{}]:
            try:
                yield reverse(one.name, kwargs=arguments)
            except (NoReverseMatch, UnicodeEncodeError):
                continue  # no such address can be asked for


def own_row(name: str) -> dict[str, Any]:
    """Return the first row of the model whose page this is."""
    label = name.removeprefix("admin:").rpartition("_")[0].replace("_", ".", 1)
    row = MODELS[label.replace("auth.user", "oms.user")].objects.first() if label in MODELS else None
    return {"object_id": row.pk if row else 1}


def tried_out(world: World, seed: int, many: int, rounds: int) -> tuple[list[str], dict[int, int]]:
    """Let each role try out so many addresses; return what broke, and what was answered how often."""
    rng, broken, answered = random.Random(seed), [], {}
    everything = list(places(world, rng))
    for role, user in world.people.items():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        walk = Walk(client, rng)
        for url in rng.sample(everything, min(many, len(everything))):
            walk.try_out(url, rounds)
        broken += [f"{role}: {one}" for one in walk.broken]
        for status, often in walk.answered.items():
            answered[status] = answered.get(status, 0) + often
    return broken, answered


@pytest.fixture(autouse=True)
def quick(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


def test_garbage_breaks_no_page(world):
    broken, answered = tried_out(world, SEED, SOME, 1)

    assert not broken, "\n".join(broken)
    assert answered.keys() >= {200, 302, 400, 403, 404, 405}  # it comes through to the pages, too


@pytest.mark.soak
def test_garbage_breaks_no_page_at_all(world, request):
    seed = trials.seed(request)
    broken, answered = tried_out(world, seed, 10_000, trials.trials(3))
    trials.told(request, "garbage", requests=sum(answered.values()))

    assert not broken, "\n".join(broken)


def operations(document: Any) -> dict[str, Any]:
    """What the pad sends of a draft, as it is right, by the end of its address."""
    line = document.lines_shown[0].pk
    ops = [
        {"op": "add", "text": "BOLT 3"},
        {"op": "put", "text": "BOLT 2", "position": 1, "discount": "10+5", "note": "n"},
        {"op": "copy", "text": "BOLT 1", "below": line, "discount": "", "note": ""},
        {"op": "move", "line": line, "position": 1},
        {"op": "change", "line": line, "column": "quantity", "text": "3"},
        {"op": "remove", "line": line},
        {"op": "header", "column": "requested_on", "text": "2030-01-01"},
    ]
    pasted = {"text": "BOLT\t3\t10 %", "delimiter": None, "header": None, "roles": None, "decimal": None,
              "merge": False, "listed": False, "fixes": [{"row": "1", "code": "BOLT", "quantity": "2"}]}  # fmt: skip
    return {
        "edit": {"id": "a-first-operation", "revision": document.revision, "ops": ops},
        "paste": pasted,
        "paste_columns": {"shape": "2|", "roles": ["code", "quantity"], "header": False, "decimal": "."},
    }


OTHERWISE = [None, True, 0, -1, 2**63, 10**400, 0.5, float("nan"), [], {}, [[]], {"a": {"a": []}}, *NASTY]


def spoiled(value: Any, rng: random.Random) -> Any:
    """Return a body with something in it spoiled, at any depth."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.1:
        return rng.choice(OTHERWISE)
    places = list(value) if isinstance(value, dict) else range(len(value))
    chosen, copy = rng.choice(places), value.copy()
    copy[chosen] = spoiled(value[chosen], rng)
    if isinstance(copy, list) and rng.random() < 0.5:
        return copy[chosen : chosen + 1]
    return copy


def test_garbage_breaks_no_operation_of_the_pad(world):
    rep, product = world.people["Sales rep"], Product.objects.get(sku="BOLT")
    draft = an_order({product: 3}, world.order.customer, by=rep)
    draft.lines_shown = list(draft.lines.all())
    world.quote.lines_shown = list(QuoteLine.objects.filter(version__quote=world.quote))
    world.quote.revision = Quote.objects.get(pk=world.quote.pk).revision
    walk, rng = Walk(Client(raise_request_exception=False), random.Random(SEED)), random.Random(SEED)
    walk.client.force_login(rep)
    for kind, document in (("order", draft), ("quote", world.quote)):
        for name, right in operations(document).items():
            url = reverse(f"admin:orders_{kind}_{name}", args=[document.number])
            for _n in range(OPERATIONS):
                walk.ask("POST", url, json.dumps(spoiled(right, rng)).encode(), "application/json")

    assert not walk.broken, "\n".join(walk.broken)
    assert walk.answered.keys() >= {200, 400, 422}


def test_garbage_breaks_no_page_that_a_link_opens(world):
    ApprovalRule.objects.update(threshold=10**9)
    bolts, customer = Product.objects.get(sku="BOLT"), world.order.customer
    quote = send_quote(draft_quote(Header(customer.pk), [a_line(bolts, 3)], by=None).pk, by=None)
    order = a_confirmed_order({bolts: 1}, customer=customer)
    token, link = make_link(quote.pk, by=None), make_order_link(order.pk, by=None)
    walk = Walk(Client(raise_request_exception=False), random.Random(SEED))
    for name in ("quote", "quote_counter", "quote_pdf"):
        walk.try_out(reverse(f"public:{name}", args=[token]), 10)
    walk.try_out(reverse("tracking:order", args=[link]), 10)

    assert not walk.broken, "\n".join(walk.broken)
    assert walk.answered[200] > 10


EMPTY_FIELD = "?_to_field="


def test_an_empty_name_of_a_field_is_none_on_every_page_of_a_model(world):
    walk = Walk(Client(raise_request_exception=False), random.Random(SEED))
    walk.client.force_login(world.people["Administrator"])
    for model in admin.site._registry:
        walk.ask(
            "GET",
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[1]) + EMPTY_FIELD,
        )

    assert not walk.broken


def test_the_walk_notices_a_page_that_breaks(world, monkeypatch):
    """The control: with the guard taken away the page breaks, and is told."""
    monkeypatch.delattr(ScopedAdmin, "get_object")
    walk = Walk(Client(raise_request_exception=False), random.Random(SEED))
    walk.client.force_login(world.people["Administrator"])
    url = reverse("admin:customers_pricelist_change", args=[1]) + EMPTY_FIELD
    walk.ask("GET", url)

    assert walk.broken == [f"GET {url}  b'': 500"]
