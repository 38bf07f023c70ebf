// Which answer was opened, told to the shop while the page is already leaving.

document.addEventListener("click", (event) => {
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
    // Recording is a courtesy to the shop: nothing of it may reach the shopper.
  }).catch(() => {});
});
