// Small helpers: elements with properties and children, drawn icons, prices.

/**
 * An element. Properties whose name holds a dash, and `role`, `part` and `for`, become attributes; `on…` listeners;
 * `null`, `undefined` and `false` are left out.
 * @param {string} name @param {Record<string, unknown>} [properties] @param {...(Node | string | null)} children
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || ["role", "part", "for", "list", "inputmode"].includes(key)) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
  filter: "M4 7h16M7 12h10M10 17h4",
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** "39,00 €" for "39.00". @param {string} language @param {string | null} amount @param {string} currency */
export function money(language, amount, currency) {
  if (amount === null || amount === undefined || amount === "") return "";
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(Number(amount));
  } catch {
    // A currency that is none: the number is still worth showing.
    return `${new Intl.NumberFormat(language).format(Number(amount))} ${currency}`.trim();
  }
}
