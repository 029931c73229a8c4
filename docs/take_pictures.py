"""Take the README's pictures from the demo: `make run` in one terminal, `make pictures` in another."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from oms.demo.words import PASSWORD
from oms.machine import browsers

ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = (1366, 860), (360, 780)


class Picture(NamedTuple):
    """Who looks at which page, on what screen."""

    name: str
    user: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False


PICTURES = [
    Picture("home", "anna.berg", "/admin/"),
    Picture("orders", "anna.berg", "/admin/orders/order/"),
    Picture("approvals", "karin.lorenz", "/admin/orders/approvalrequest/inbox/", PHONE),
    Picture("picking", "emre.yilmaz", "/admin/fulfillment/shipment/pick/", PHONE, dark=True),
    Picture("restocking", "sabine.koch", "/admin/inventory/restockalert/"),
]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=browsers.find() or None, args=arguments)
        for picture in PICTURES:
            take(browser, picture)
        take_pad(browser)


def sign_in(browser: Browser, user: str, size: tuple[int, int], *, dark: bool = False) -> Page:
    scheme = "dark" if dark else "light"
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme).new_page()
    page.goto(f"{ADDRESS}/admin/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    return page


def take(browser: Browser, picture: Picture) -> None:
    page = sign_in(browser, picture.user, picture.size, dark=picture.dark)
    page.goto(ADDRESS + picture.path)
    if picture.name == "picking":
        page.locator("main a, .wh-list a, a[href$='/pick/']").filter(has_text="SH-").first.click()
    save(page, picture.name)


def take_pad(browser: Browser) -> None:
    """Enter a quote for Kern as docs/demo.md tells it, and look at the pad."""
    page = sign_in(browser, "anna.berg", DESK)
    page.goto(f"{ADDRESS}/admin/orders/quote/pad/")
    page.locator("#who").press_sequentially("Kern Maschinenbau")
    page.locator("#who-list [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/Q-*/pad/")
    for n, line in enumerate(("HB933-M12X50 10", "SC912-M5X20-A2 5", "HB933-M16X80 4"), start=1):
        page.locator("#line").press_sequentially(line)
        page.keyboard.press("Enter")
        page.locator(f"#rows tr:nth-child({n})").wait_for()
    save(page, "pad")


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(500)  # icons and the theme settle
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()
    sys.stdout.write(f"{FOLDER / name}.png\n")


if __name__ == "__main__":
    main()
