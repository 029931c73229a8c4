"""One page in the windows that people have: a desk and a phone, by day and in the dark."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

DESK, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=360, height=780)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
IS_SHOWN = "dark => !window.Alpine || document.documentElement.classList.contains('dark') === dark"
# Nine digits in each box for a number, in what is folded too; a box that takes fewer has as many
CUT_OFF = """() => {
    const folded = [...document.querySelectorAll('details:not([open])')]
    folded.forEach((part) => { part.open = true })
    const isCut = (box) => {
        const typed = box.value
        box.value = '125000000'.slice(0, box.maxLength > 0 ? box.maxLength : 9)
        const cut = box.clientWidth > 0 && box.scrollWidth > box.clientWidth
        box.value = typed
        return cut
    }
    const boxes = [...document.querySelectorAll('input:is([inputmode=decimal], [inputmode=numeric])')]
    const cut = boxes.filter(isCut).map((box) => box.name || box.id)
    folded.forEach((part) => { part.open = false })
    return cut
}"""
PICTURES = os.environ.get("OMS_PICTURES")  # a folder, to look at what the pages look like


def in_every_window(page: Page, sizes: tuple[ViewportSize, ...] = (PHONE, DESK)) -> Iterator[str]:
    """Give the open page each size by day and in the dark, and yield a name for its picture."""
    for size in sizes:
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            light(page, scheme)
            yield f"{size['width']}-{scheme}"


def light(page: Page, scheme: Scheme) -> None:
    """Let it be day, or dark, and wait until the page shows it."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(IS_SHOWN, arg=scheme == "dark")


def fits(page: Page) -> bool:
    """Whether nothing runs out of the page to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def cut_off(page: Page) -> list[str]:
    """Return the names of the boxes for numbers that do not show nine digits."""
    return list(page.evaluate(CUT_OFF))


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, when somebody asked for it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
