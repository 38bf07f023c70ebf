// Back to the results: as many cards as were loaded, at the same place, with the same card in focus.

// What stands below the grid belongs to the last page that was loaded.
const BELOW_GRID = ["more", "close-band"];
// What a page was like is kept in its entry of the history, so that it goes when the entry goes.
const PAGE_SIZE = document.querySelectorAll("#grid > li").length;
/** The address without the place on the page, to which a link for skipping leads. */
const address = () => location.pathname + location.search;
// Whose cards are shown: on the way back to before a filter the address changes first.
let shownAt = address();

/** @param {object} what was seen of the page, added to its history entry */
function remember(what) {
  history.replaceState({ ...history.state, ...what }, "");
}

function rememberPlace() {
  if (address() !== shownAt) return;
  const card = document.activeElement?.closest("#results [data-product-id]");
  remember({
    cards: document.querySelectorAll("#grid > li").length,
    scroll: scrollY,
    focus: card?.dataset.productId ?? null,
  });
}

/** The further cards of the results from an offset on, and the links behind them. */
async function fetchFrom(offset) {
  const url = new URL(location.href);
  url.searchParams.set("offset", String(offset));
  const response = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "grid" } });
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
      const below = BELOW_GRID.map((id) => page.getElementById(id)).filter(Boolean);
      grid.append(...page.querySelectorAll("#grid > li"));
      below.forEach((part) => document.getElementById(part.id).replaceWith(part));
    }
  } catch {
    // Without a connection the first cards stay, and "Show more" loads the others.
    return;
  }
  ["grid", ...BELOW_GRID].forEach((id) => htmx.process(document.getElementById(id)));
  htmx.trigger(document.body, "htmx:afterSettle", { target: document.body });
  scrollTo({ top: scroll, behavior: "instant" });
  const card = document.querySelector(`#results [data-product-id="${CSS.escape(focus ?? "")}"]`);
  card?.querySelector("a").focus({ preventScroll: true });
}

const left = history.state;
if (PAGE_SIZE && left?.cards >= PAGE_SIZE) restore(left);

addEventListener("pagehide", rememberPlace);
// A click on a card may leave the page before its scroll position settles.
document.addEventListener("click", rememberPlace, true);
// htmx empties the state of an entry when a filter leaves it, and before it loads the page anew on the way back.
addEventListener("popstate", (event) => {
  if (!event.state?.htmx || !event.state.cards || address() === shownAt) return;
  event.stopImmediatePropagation();
  location.reload();
});
document.body.addEventListener("htmx:beforeHistoryUpdate", rememberPlace);
document.body.addEventListener("htmx:pushedIntoHistory", () => {
  shownAt = address();
});
// More cards are there, and the way back within the page tells nobody that it is left: it may come before they settle.
document.body.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "grid" && rememberPlace());
