// The products that were looked at, kept in this browser and with the account; the server renders the cards.

const SHOWN = 12;
const section = document.querySelector("[data-viewed]");
// The product of this page is the newest; its own page does not show it again.
const viewing = document.querySelector("[data-viewing]")?.dataset.viewing;
const viewed = new window.Memory("viewed", SHOWN + 1);

/** The shop's own memory of this visit follows the switch. @param {"on" | "off"} state */
function switchSession(state) {
  if (!section.dataset.session) return;
  fetch(section.dataset.session, {
    method: "POST",
    headers: { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) },
    body: new URLSearchParams({ state }),
    // What could not be switched on the server is tried again with the next tap.
  })
    .then((response) => response.text())
    .catch(() => {});
}

/** @param {boolean} isOn */
function showState(isOn) {
  section.querySelectorAll("[data-viewed-on]").forEach((element) => (element.hidden = !isOn));
  section.querySelectorAll("[data-viewed-off]").forEach((element) => (element.hidden = isOn));
}

async function render() {
  const ids = viewed.all().filter((id) => id !== viewing);
  const row = section.querySelector("ul");
  // A signed-in person has viewed products in other browsers too.
  if (ids.length || document.body.dataset.person) {
    await htmx.ajax("POST", section.dataset.viewed, {
      source: section,
      target: row,
      swap: "innerHTML",
      values: { id: ids.slice(0, SHOWN), besides: viewing ?? "" },
    });
  }
  showState(true);
  section.hidden = row.childElementCount === 0;
}

section.addEventListener("click", (event) => {
  if (event.target.closest("[data-viewed-off-switch]")) {
    viewed.switchOff();
    switchSession("off");
    section.querySelector("ul").replaceChildren();
    showState(false);
    section.querySelector("[data-viewed-on-switch]").focus();
  } else if (event.target.closest("[data-viewed-on-switch]")) {
    viewed.switchOn();
    switchSession("on");
    showState(true);
    section.querySelector("ul").hidden = true;
    section.querySelector("[data-viewed-off-switch]").focus();
  }
});

// The same words above what was picked for this visit: one tap ends both.
document.querySelector("[data-session-off]")?.form.addEventListener("submit", () => viewed.switchOff());

if (viewed.isOff) {
  showState(false);
  section.hidden = !viewed.isAllowed;
} else {
  if (viewing) viewed.add(viewing);
  render();
}
