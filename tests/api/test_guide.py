"""The examples of docs/api.md work as they stand there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oms.api.keys import issue_key
from orders.models import Order
from tests.builders import a_company, a_customer, a_group, a_product, a_user, a_warehouse

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLES = re.findall(r"^```bash\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed, so its examples cannot be run")
def test_every_example_of_the_guide_works(live_server):
    a_company()
    warehouse, customer = a_warehouse("NORD"), a_customer("Kern AG", code="KERN")
    for sku in ("BOLT-M8", "NUT-M8"):
        a_product(sku, on_hand=100, at=warehouse)
    key = issue_key(a_user(groups=[a_group("API client")]), "the web shop")

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(EXAMPLES)],
        env={"OMS": live_server.url, "KEY": key, "PATH": "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(EXAMPLES) >= 6
    order = Order.objects.get()
    assert (order.status, order.customer, order.reference) == ("cancelled", customer, "web-4711")
    assert list(order.events.order_by("version").values_list("new_status", flat=True)) == [
        "draft", "submitted", "confirmed", "confirmed", "cancelled",
    ]  # fmt: skip
    assert order.events.last().note == "ordered twice"
