// Favourites of people who are not signed in: stored in the browser, and sent to the server when they sign in.

const KEY = "favourites";
const MAX_COUNT = 200;

/** @returns {string[]} product ids, newest first */
function storedIds() {
  return (localStorage.getItem(KEY) ?? "").split(",").filter(Boolean);
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
  const ids = storedIds();
  const changed = ids.includes(id) ? ids.filter((each) => each !== id) : [id, ...ids].slice(0, MAX_COUNT);
  localStorage.setItem(KEY, changed.join(","));
  render();
}

if (document.body.dataset.person === "signed-in") {
  localStorage.removeItem(KEY);
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
  render();
}
