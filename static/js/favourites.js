// Favourites of people who are not signed in: stored in the browser, and sent to the server when they sign in.

const KEY = "favourites";
const MAX_COUNT = 200;

/** @returns {string[]} product ids, newest first */
function storedIds() {
  return (localStorage.getItem(KEY) ?? "").split(",").filter(Boolean);
}

function render() {
  const ids = storedIds();
  document.querySelectorAll(".heart-form").forEach((form) => {
    form.querySelector("button").setAttribute("aria-pressed", String(ids.includes(form.dataset.product)));
  });
}

function toggle(form) {
  const id = form.dataset.product;
  const ids = storedIds();
  const changed = ids.includes(id) ? ids.filter((each) => each !== id) : [id, ...ids].slice(0, MAX_COUNT);
  localStorage.setItem(KEY, changed.join(","));
  render();
}

if (document.body.dataset.person === "signed-in") {
  localStorage.removeItem(KEY);
} else {
  // In the capture phase, before htmx would send the form.
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches(".heart-form")) return;
      event.preventDefault();
      event.stopPropagation();
      toggle(event.target);
    },
    true,
  );
  document.querySelectorAll("input[type=hidden][name=favorites]").forEach((input) => {
    input.value = [...new Set([...input.value.split(","), ...storedIds()])].filter(Boolean).join(",");
  });
  document.body.addEventListener("htmx:afterSettle", render);
  render();
}
