// Shared by every page: theme, dialogs, notices, countdowns, and announcements after a swap.

const announcer = document.getElementById("announcer");
const notice = document.getElementById("notice");

/** Have screen readers read a text without moving focus. @param {string} text */
function announce(text) {
  announcer.textContent = text;
}

/**
 * Run a task once the screen shows what the shopper just did: work before that keeps them waiting for it. A page in
 * the background paints nothing. @param {() => void} task
 */
function afterPaint(task) {
  if (document.hidden) task();
  else requestAnimationFrame(() => setTimeout(task));
}

// For the modules behind this one: the pages' own files import nothing from one another.
window.afterPaint = afterPaint;

/** Store the theme in a cookie, so that the server renders the next page in it and nothing flashes. */
function toggleTheme() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** Count the seconds down, then show that the pause is over. @param {HTMLElement} element */
function countDown(element) {
  const seconds = element.querySelector("[data-seconds]");
  let left = Number(element.dataset.countdown);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0 && seconds?.isConnected) {
      seconds.textContent = String(left);
      return;
    }
    clearInterval(timer);
    element.textContent = element.dataset.ready;
  }, 1000);
}

/** Start the countdowns in new content. @param {ParentNode} root */
function startCountdowns(root) {
  root.querySelectorAll("[data-countdown]").forEach(countDown);
}

/** @param {string} id of the template that holds the notice */
function show(id) {
  notice.replaceChildren(document.getElementById(id).content.cloneNode(true));
}

// Where the focus was before it came to a notice, which takes it along when it goes.
let focusedBefore = null;
document.addEventListener("focusin", ({ target, relatedTarget }) => {
  if (target.closest(".notice") && !relatedTarget?.closest(".notice")) focusedBefore = relatedTarget;
});

/** @param {HTMLElement} button in the notice */
function dismiss(button) {
  button.closest(".notice").remove();
  if (focusedBefore?.isConnected) focusedBefore.focus({ preventScroll: true });
}

/** Nothing was applied: the filters show again what the results are filtered by. */
function resetFilters() {
  document.getElementById("filters-form")?.reset();
}

function showOffline() {
  show("offline-notice");
  resetFilters();
}

/** After the results changed: announce their number, and give focus to the heading if it was lost. */
function announceResults() {
  const results = document.getElementById("results");
  if (!results) return;
  announce(results.dataset.totalLabel);
  document.querySelectorAll("[data-total-target]").forEach((button) => {
    button.textContent = results.dataset.totalLabel;
  });
  if (document.activeElement === document.body) {
    document.getElementById("results-title").focus({ preventScroll: true });
  }
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-theme-toggle], [data-dismiss], [data-open], [data-close]");
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) toggleTheme();
  if (target.matches("[data-dismiss]")) dismiss(target);
  if (target.matches("[data-close]")) target.closest("dialog").close();
  if (target.matches("[data-open]")) {
    event.preventDefault();
    document.getElementById(target.dataset.open)?.showModal();
  }
});

// Only a click on its backdrop has the dialog itself as target.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

// A second tap while the answer is on its way would be answered in place of the first: "this address cannot be
// registered", to someone whose account the first one has just made. Who stopped the page can send again.
const RESEND_MS = 10_000;
const sentAt = new Map();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - sentAt.get(form) < RESEND_MS) {
    event.preventDefault();
    return;
  }
  sentAt.set(form, Date.now());
  form.ariaBusy = "true";
});
addEventListener("pageshow", () => {
  for (const form of sentAt.keys()) form.ariaBusy = null;
  sentAt.clear();
});

let shownBefore = 0;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  shownBefore = document.getElementById("grid")?.children.length ?? 0;
  const { xhr, requestConfig } = event.detail;
  if (xhr.status < 400) {
    notice.replaceChildren();
    return;
  }
  if (requestConfig.target.id === "results") resetFilters();
  // What a proxy says instead of a notice, or nothing; a whole page, such as Django's report under DEBUG, would cover
  // this one with its styles.
  const isOurs = xhr.status === 422 || /class="notice/.test(xhr.responseText);
  if (!isOurs || /<html/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    show("failure-notice");
  }
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  startCountdowns(target);
  if (target.id === "results") announceResults();
  if (target.id === "grid" && target.children.length > shownBefore) {
    target.children[shownBefore].querySelector("a").focus();
  }
});

// On swap, not on settle: a screen reader must not read the message before the field is marked invalid.
document.body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  const field = target.id.startsWith("problem-") && document.getElementById(target.id.slice(8));
  if (field) field.setAttribute("aria-invalid", String(target.childElementCount > 0));
});

document.body.addEventListener("htmx:sendError", showOffline);
document.body.addEventListener("tandem:failed", () => show("failure-notice"));
addEventListener("offline", () => show("offline-notice"));
addEventListener("online", () => notice.replaceChildren());
startCountdowns(document);
