// Requests for other results: the newest one counts, and none starts before the screen shows what was tapped.

/** @type {Set<XMLHttpRequest>} whose answers would replace the results */
const underWay = new Set();

/** The answer to what was asked before would also take away the form or link that asks now. */
function abortOlder() {
  underWay.forEach((request) => request.abort());
}

document.body.addEventListener("htmx:confirm", (event) => {
  const { target, triggeringEvent, issueRequest } = event.detail;
  if (target.id !== "results" || !triggeringEvent) return;
  event.preventDefault();
  abortOlder();
  // A warm answer is here within a frame: it would be laid out before the ticked box is painted.
  window.afterPaint(() => issueRequest());
});

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id !== "results") return;
  abortOlder();
  underWay.add(detail.xhr);
});

// A view transition swaps its answer a frame after the request has ended.
document.body.addEventListener("htmx:afterSwap", ({ detail }) => underWay.delete(detail.xhr));
document.body.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful || underWay.delete(detail.xhr));

/** Whether an answer is on its way that the address does not show yet. */
window.isAskingForResults = () => underWay.size > 0;

/** Whether a control shows another choice than the results are of. @param {HTMLElement} control */
function isChanged(control) {
  if (control.matches("select")) return !control.selectedOptions[0]?.defaultSelected;
  if (!control.matches("input")) return false;
  return control.checked !== control.defaultChecked || control.value !== control.defaultValue;
}

/** On a slow connection a choice is made before the scripts are there that ask for it: it is asked for now. A price that
 *  somebody is typing is asked once it is complete. */
function catchUp() {
  const filters = document.getElementById("filters-form");
  const isTyped = (control) => control === document.activeElement && control.type === "number";
  const changed = [...(filters?.elements ?? [])].filter((control) => isChanged(control) && !isTyped(control));
  // One is enough: the request takes all of them along.
  changed.at(-1)?.dispatchEvent(new Event("change", { bubbles: true }));
}

// htmx serves the page from the same event on, for which it registered earlier.
document.addEventListener("DOMContentLoaded", catchUp);
