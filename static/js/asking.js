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
