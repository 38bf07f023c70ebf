// Reads the shop's address and the element's other attributes from the page's own address, then loads the element from
// that shop: demo/index.html?endpoint=https://shop.example&language=de
const given = new URLSearchParams(location.search);
const element = document.querySelector("tandem-search");
for (const [name, value] of given) element.setAttribute(name, value);
const shop = given.get("endpoint") ?? "http://127.0.0.1:8000";
element.setAttribute("endpoint", shop);
await import(new URL("/static/tandem-search/tandem-search.js", shop).href);
