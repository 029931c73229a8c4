"""Every text that customers read, found in the sources: what the catalogues have to have."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.template import engines
from django.template.base import Node, NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).parents[2]
TEMPLATES = ("public/*.html", "oms/failed.html", "40[045].html", "50[03].html", "fulfillment/mail/*.txt")
LETTERS = "answered cancelled changed closed_short confirmed consented promised_again quote your_turn".split()
WHOLE: tuple[str, ...] = ()
MODULES: dict[str, tuple[str, ...]] = {  # with the names in them that speak to customers, none for all
    "orders/letters.py": WHOLE,
    "fulfillment/emails.py": WHOLE,
    "fulfillment/following.py": WHOLE,
    "fulfillment/status.py": ("TrackingStatus",),
    "oms/paper.py": ("_draw_footer",),
    "orders/forms.py": ("AnswerForm",),
    "orders/pasting/numbers.py": ("read_number", "read_in_language"),
    "orders/services/answering.py": ("open_link",),
    "orders/services/checking.py": ("require_accepted_with_po", "_po_problems"),
    "orders/services/deciding.py": ("whose_turn",),
    "orders/services/negotiating.py": WHOLE,
    "orders/services/printing.py": WHOLE,
    "orders/services/quoting.py": ("require_in_force",),
    "orders/services/sums.py": WHOLE,
    "orders/status.py": ("Deciding", "PaperKind"),
    "orders/views/public.py": WHOLE,
    "orders/views/public_counter.py": WHOLE,
}
CALLS = {"_": "", "gettext": "", "gettext_lazy": "", "ngettext": "n", "pgettext": "p", "pgettext_lazy": "p"}


class Text(NamedTuple):
    """A text as the catalogue knows it, with where it was found."""

    singular: str
    plural: str | None
    context: str | None
    where: str


def texts() -> Iterator[Text]:
    """Yield the texts that customers read."""
    for pattern in TEMPLATES:
        for path in sorted((ROOT / "templates").glob(pattern)):
            yield from _in_template(str(path.relative_to(ROOT / "templates")))
    for name in LETTERS:
        yield from _in_template(f"orders/mail/{name}.txt")
    for module, names in MODULES.items():
        yield from _in_module(module, names)


def _in_template(name: str) -> Iterator[Text]:
    engine = engines["django"].engine
    template = engine.get_template(name)
    for node in _all(template.nodelist):
        if isinstance(node, TranslateNode):
            assert isinstance(node.filter_expression.var, str) or node.filter_expression.var.literal, name
            var = node.filter_expression.var
            yield Text(str(getattr(var, "literal", var)), None, None, name)
        elif isinstance(node, BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield Text(singular, plural, None, name)


def _all(nodes: NodeList) -> Iterator[Node]:
    for node in nodes:
        yield node
        for part in node.child_nodelists:
            yield from _all(getattr(node, part, NodeList()) or NodeList())


def _in_module(path: str, names: tuple[str, ...]) -> Iterator[Text]:
    tree = ast.parse((ROOT / path).read_text())
    parts = [node for node in ast.walk(tree) if getattr(node, "name", None) in names] if names else [tree]
    assert len(parts) >= len(names), f"{path} lacks one of {names}"
    for part in parts:
        for call in ast.walk(part):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
                words = [ast.literal_eval(word) for word in call.args[:2] if isinstance(word, ast.Constant)]
                kind = CALLS[call.func.id]
                context = words.pop(0) if kind == "p" else None
                yield Text(words[0], words[1] if kind == "n" else None, context, path)
