// Reports once that this page's product was looked at; the server keeps nothing for a browser that objects.

const page = document.querySelector("[data-view-token]");

fetch(page.dataset.events, {
  method: "POST",
  keepalive: true,
  headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
  body: JSON.stringify({ token: page.dataset.viewToken }),
  // Read to its end, or the browser keeps the request open. A view that is not recorded must not disturb anyone.
})
  .then((response) => response.text())
  .catch(() => {});
