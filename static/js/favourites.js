// Favourites of people who are not signed in: stored in the browser, and sent to the server when they sign in.

const KEY = "favourites";
const MAX_COUNT = 200;

/** @returns {string[]} product ids, newest first */
function storedIds() {
  return (storage.read(KEY) ?? "").split(",").filter(Boolean);
}

function render() {
  const ids = storedIds();
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

if (document.body.dataset.person === "signed-in") {
  storage.write(KEY, null);
} else {
  // In the capture phase, before htmx would post it.
  document.addEventListener(
    "click",
    (event) => {
      const heart = event.target.closest(".heart");
      if (!heart) return;
      event.preventDefault();
      event.stopPropagation();
      toggle(heart);
    },
    true,
  );
  document.querySelectorAll("input[type=hidden][name=favorites]").forEach((input) => {
    input.value = [...new Set([...input.value.split(","), ...storedIds()])].filter(Boolean).join(",");
  });
  document.body.addEventListener("htmx:afterSettle", render);
  addEventListener("storage", render);
  addEventListener("pageshow", (event) => event.persisted && render());
  render();
}
