// Favourites of people who are not signed in: stored in the browser, and sent to the server when they sign in.

const KEY = "favourites";
const MAX_COUNT = 200;
// Whether the newest page of this browser is of somebody signed in, for its other tabs.
const SIGNED_IN = "signed-in";
const isGuestsPage = document.body.dataset.person !== "signed-in";
// The form for signing in, and what it came with.
const sent = new Map([...document.querySelectorAll("input[type=hidden][name=favorites]")].map((input) => [input, input.value]));

/** Whether this is a guest's page, and nobody has signed in on another tab: the server keeps favourites from then on.
 *  Read anew each time: what another tab does is stored before its event tells of it here. */
const isGuest = () => isGuestsPage && storage.read(SIGNED_IN) === null;

/** @returns {string[]} product ids, newest first */
function storedIds() {
  return (storage.read(KEY) ?? "").split(",").filter(Boolean);
}

function render() {
  if (!isGuest()) return;
  const ids = storedIds();
  for (const [input, own] of sent) input.value = [...new Set([...own.split(","), ...ids])].filter(Boolean).join(",");
  document.querySelectorAll(".heart").forEach((heart) => {
    heart.setAttribute("aria-pressed", String(ids.includes(heart.dataset.product)));
  });
}

/** @param {HTMLElement} heart */
function toggle(heart) {
  const id = heart.dataset.product;
  const others = storedIds().filter((each) => each !== id);
  // What was tapped for: another tab may have changed it since this one was drawn.
  const isWanted = heart.getAttribute("aria-pressed") !== "true";
  const changed = isWanted ? [id, ...others].slice(0, MAX_COUNT) : others;
  storage.write(KEY, changed.join(","));
  render();
}

if (!isGuestsPage) {
  storage.write(SIGNED_IN, "yes");
  storage.write(KEY, null);
} else {
  storage.write(SIGNED_IN, null);
  // In the capture phase, before htmx would post it.
  document.addEventListener(
    "click",
    (event) => {
      const heart = isGuest() && event.target.closest(".heart");
      if (!heart) return;
      event.preventDefault();
      event.stopPropagation();
      toggle(heart);
    },
    true,
  );
  document.body.addEventListener("htmx:afterSettle", render);
  addEventListener("storage", render);
  addEventListener("pageshow", (event) => event.persisted && render());
  render();
}
