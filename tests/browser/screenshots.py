"""Every page as PNG files, in both themes and three widths.

Run ``python -m tests.browser.screenshots ADDRESS FOLDER`` for a running shop.
"""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import SIGNED_OUT, THEMES, WIDTHS


def take(browser: Browser, address: str, folder: Path) -> int:
    """Screenshots of the shop at ``address``; returns how many."""
    taken = 0
    for theme in THEMES:
        for width in WIDTHS:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": 900}, color_scheme=theme
            )
            page = context.new_page()
            page.goto("/")
            product = page.locator("[data-product-id]").first.get_attribute("data-product-id")
            for name, path in SIGNED_OUT.items():
                page.goto(path.format(product=product), wait_until="networkidle")
                page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
                taken += 1
            context.close()
    return taken


def main() -> None:
    address, folder = sys.argv[1], Path(sys.argv[2])
    if not re.match(r"https?://", address):
        sys.exit("Give the address of a running shop, such as http://127.0.0.1:8000")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        count = take(browser, address, folder)
        browser.close()
    sys.stdout.write(f"{count} screenshots in {folder}\n")


if __name__ == "__main__":
    main()
