"""What the tests of <tandem-search> do with it."""

import base64

from playwright.sync_api import expect


def titles(page):
    return page.locator(".results > .grid .title").all_inner_texts()


def ask(page, words):
    page.get_by_role("combobox").fill(words)
    page.get_by_role("combobox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("results")


def add_picture(page, photo):
    page.set_input_files("tandem-search input[type=file] >> nth=0", photo)
    expect(page.get_by_alt_text("Your picture")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("results")


def slide(page, value, *events):
    page.get_by_role("slider").evaluate(
        "(slider, [value, events]) => { slider.value = value;"
        " for (const name of events) slider.dispatchEvent(new Event(name, { bubbles: true })); }",
        [value, events],
    )


def handed_over(page, photo, kind, name):
    """Drop or paste a picture, as a browser does."""
    page.locator("tandem-search [role=search]").evaluate(
        """(target, [data, kind, name]) => {
            const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
            const Kind = { DragEvent, ClipboardEvent }[kind];
            const init = { bubbles: true, cancelable: true, composed: true };
            const key = kind === "DragEvent" ? "dataTransfer" : "clipboardData";
            target.dispatchEvent(new Kind(name, { ...init, [key]: transfer }));
        }""",
        [base64.b64encode(photo.read_bytes()).decode(), kind, name],
    )
