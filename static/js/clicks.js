// Reports which result was opened; keepalive lets the request finish after the page is gone.

const MIDDLE = 1;

/** @param {MouseEvent} event */
function report(event) {
  const card = event.target.closest(".card-link")?.closest("[data-position]");
  const queryId = card?.closest("[data-query-id]")?.dataset.queryId;
  if (!queryId) return;
  fetch(document.body.dataset.clicks, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
    body: JSON.stringify({
      query_id: queryId,
      product_id: card.dataset.productId,
      position: Number(card.dataset.position),
    }),
    // Read to its end, or the browser keeps the request open. A click that is not recorded must not disturb anyone.
  })
    .then((response) => response.text())
    .catch(() => {});
}

document.addEventListener("click", report);
// A middle click opens a tab, and is no click for browsers.
document.addEventListener("auxclick", (event) => event.button === MIDDLE && report(event));
