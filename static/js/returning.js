// Back to the results: as many cards as were loaded, at the same place, with the same card in focus.

// What a page was like is kept in its entry of the history, so that it goes when the entry goes.
const PAGE_SIZE = document.querySelectorAll("#grid > li").length;

/** @param {object} what was seen of the page, added to its history entry */
function remember(what) {
  history.replaceState({ ...history.state, ...what }, "");
}

function rememberPlace() {
  const card = document.activeElement?.closest("#grid > [data-product-id]");
  remember({
    cards: document.querySelectorAll("#grid > li").length,
    scroll: scrollY,
    focus: card?.dataset.productId ?? null,
  });
}

/** The further cards of the results from an offset on, and the links behind them. */
async function fetchFrom(offset) {
  const address = new URL(location.href);
  address.searchParams.set("offset", String(offset));
  const response = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "grid" } });
  if (!response.ok) throw new Error(`Answered ${response.status}.`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Load the cards that were shown when the page was left; the frozen answer gives the same ones again. */
async function restore({ cards, scroll, focus }) {
  const grid = document.getElementById("grid");
  const first = Number(new URLSearchParams(location.search).get("offset") ?? 0);
  const offsets = [];
  for (let shown = PAGE_SIZE; shown < cards; shown += PAGE_SIZE) offsets.push(first + shown);
  history.scrollRestoration = "manual";
  try {
    for (const page of await Promise.all(offsets.map(fetchFrom))) {
      const more = page.getElementById("more");
      grid.append(...page.querySelectorAll("#grid > li"));
      if (more) document.getElementById("more").replaceWith(more);
    }
  } catch {
    // Without a connection the first cards stay, and "Show more" loads the others.
    return;
  }
  htmx.process(grid);
  htmx.process(document.getElementById("more"));
  htmx.trigger(document.body, "htmx:afterSettle", { target: document.body });
  scrollTo({ top: scroll, behavior: "instant" });
  grid.querySelector(`[data-product-id="${CSS.escape(focus ?? "")}"] a`)?.focus({ preventScroll: true });
}

const left = history.state;
if (PAGE_SIZE && left?.cards >= PAGE_SIZE) restore(left);

addEventListener("pagehide", rememberPlace);
// A click on a card may leave the page before its scroll position settles.
document.addEventListener("click", rememberPlace, true);
