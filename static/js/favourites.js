// Hearts of people who are not signed in: kept in the browser, and handed over when they sign in.

const KEY = "favourites";
const MOST = 200;

/** @returns {string[]} product ids, newest first */
function kept() {
  return (localStorage.getItem(KEY) ?? "").split(",").filter(Boolean);
}

function paint() {
  const ids = kept();
  document.querySelectorAll(".heart-form").forEach((form) => {
    form.querySelector("button").setAttribute("aria-pressed", String(ids.includes(form.dataset.product)));
  });
}

function toggle(form) {
  const id = form.dataset.product;
  const ids = kept();
  const left = ids.includes(id) ? ids.filter((each) => each !== id) : [id, ...ids].slice(0, MOST);
  localStorage.setItem(KEY, left.join(","));
  paint();
}

if (document.body.dataset.person === "signed-in") {
  localStorage.removeItem(KEY);
} else {
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
    input.value = [...new Set([...input.value.split(","), ...kept()])].filter(Boolean).join(",");
  });
  document.body.addEventListener("htmx:afterSettle", paint);
  paint();
}
