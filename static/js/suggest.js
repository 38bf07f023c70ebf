// Suggestions under the words, after the ARIA combobox pattern. Without a response the field stays a plain field.

const PAUSE_MS = 120;

const form = document.querySelector("[data-search-form]");
const input = form.elements.text;
const list = Object.assign(document.createElement("ul"), { id: "suggestions", className: "suggestions", hidden: true });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", input.labels[0].textContent);
input.after(list);
input.setAttribute("role", "combobox");
input.setAttribute("aria-autocomplete", "list");
input.setAttribute("aria-controls", list.id);
input.setAttribute("aria-expanded", "false");

let active = -1;
let timer = 0;
let request = new AbortController();

function close() {
  clearTimeout(timer);
  request.abort();
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

/** @param {string[]} texts */
function open(texts) {
  list.replaceChildren(...texts.map(option));
  active = -1;
  list.hidden = texts.length === 0;
  input.setAttribute("aria-expanded", String(texts.length > 0));
  input.removeAttribute("aria-activedescendant");
}

function option(text, at) {
  const item = Object.assign(document.createElement("li"), { id: `suggestion-${at}`, textContent: text });
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  return item;
}

function choose(text) {
  input.value = text;
  close();
  form.requestSubmit();
}

/** @param {number} step 1 down, -1 up; past either end no suggestion is active */
function move(step) {
  const count = list.children.length;
  active = ((active + 1 + step + count + 1) % (count + 1)) - 1;
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
  if (active < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", list.children[active].id);
}

async function fetchSuggestions() {
  request.abort();
  request = new AbortController();
  try {
    const url = `${form.dataset.suggest}?q=${encodeURIComponent(input.value.trim())}`;
    const response = await fetch(url, { signal: request.signal });
    if (!response.ok) return close();
    const { suggestions } = await response.json();
    if (document.activeElement === input) open(suggestions.map((each) => each.text));
  } catch (error) {
    // Aborted by newer input, or the network failed; the search works without suggestions.
    if (error.name !== "AbortError") close();
  }
  return undefined;
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  if (input.value.trim().length < 2) close();
  else timer = setTimeout(fetchSuggestions, PAUSE_MS);
});

input.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(list.children[active].textContent);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  }
});

// On mousedown, before the click would take the focus from the field and close the list.
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item) choose(item.textContent);
});
input.addEventListener("blur", close);
form.addEventListener("submit", close);
