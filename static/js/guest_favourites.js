// The page of favourites for someone who is not signed in: the browser holds them, the server renders their cards.

const ids = (storage.read("favourites") ?? "").split(",").filter(Boolean);

if (ids.length) {
  htmx.ajax("POST", location.pathname, {
    source: document.body,
    target: "#main",
    select: "#main > *",
    swap: "innerHTML",
    values: { id: ids },
  });
}
