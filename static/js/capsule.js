// The search capsule: a picture by drop, paste, pick or camera, and words; both end in an address.

// Longer sides gain nothing: the encoder sees far fewer pixels, and a phone's photo would upload for seconds.
const LONGEST_SIDE = 1280;

const form = document.querySelector("[data-capsule]");
const words = form.elements.text;
const picker = form.elements.image;
const well = form.querySelector("[data-well]");

/** The parameters of the page one is on, ready to be changed. */
function currentParameters() {
  const here = location.pathname === form.dataset.results;
  const parameters = new URLSearchParams(here ? location.search : "");
  parameters.delete("offset");
  return parameters;
}

/** Show results for parameters: swapped in where there are results already, else as a new page. */
function show(parameters) {
  const url = `${form.dataset.results}?${parameters}`;
  if (document.getElementById("results")) {
    htmx.ajax("GET", url, { target: "#results", swap: "outerHTML", source: "#results" });
  } else {
    location.assign(url);
  }
}

/** The capsule without a new picture is a question of words, and keeps the picture and filters it has. */
function ask() {
  const parameters = currentParameters();
  const text = words.value.trim();
  if (text !== (parameters.get("text") ?? "")) parameters.delete("ignore");
  parameters.set("text", text);
  if (!text) parameters.delete("text");
  if (parameters.has("image_id")) parameters.set("weight", form.elements.weight.value);
  if (!text && !parameters.has("image_id")) words.focus();
  else show(parameters);
}

/** A smaller copy of a large picture; the file itself where the browser cannot read it (the server will say why). */
async function shrunk(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return file;
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return new File([blob], "picture.jpg", { type: blob.type });
  } catch {
    // Not a picture this browser decodes.
    return file;
  }
}

/** Put the picture into the well at once, while it travels. */
function preview(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  image.alt = "";
  const face = well.querySelector(".well-face");
  image.decode().then(() => face.replaceChildren(image), () => {});
  well.classList.add("has-picture");
}

/** Search with a picture: the form posts it, with the filters of the page one is on. @param {File} file */
async function searchWith(file) {
  preview(file);
  const transfer = new DataTransfer();
  transfer.items.add(await shrunk(file));
  picker.files = transfer.files;
  form.querySelectorAll("input[type=hidden]:not([name=csrfmiddlewaretoken])").forEach((input) => input.remove());
  for (const [name, value] of currentParameters()) {
    if (["text", "weight", "image_id", "crop"].includes(name)) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  // submit() itself, not requestSubmit(): the listener below is for words.
  form.submit();
}

/** A product's card that was dragged here stands for its own picture. @param {string} address */
function searchLike(address) {
  const product = new URL(address, location.href).pathname.match(/^\/products\/([^/]+)$/)?.[1];
  if (!product) return;
  const parameters = currentParameters();
  parameters.delete("crop");
  parameters.set("image_id", `product:${decodeURIComponent(product)}`);
  if (words.value.trim()) parameters.set("text", words.value.trim());
  location.assign(`${form.dataset.results}?${parameters}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (picker.files.length) searchWith(picker.files[0]);
  else ask();
});

picker.addEventListener("change", () => picker.files.length && searchWith(picker.files[0]));
form.querySelector("[data-camera]")?.addEventListener("change", (event) => {
  if (event.target.files.length) searchWith(event.target.files[0]);
});

document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  searchWith(file);
});

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("is-dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("is-dropping");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("is-dropping");
  const [file] = event.dataTransfer.files;
  const address = event.dataTransfer.getData("text/uri-list");
  if (address && new URL(address, location.href).origin === location.origin) searchLike(address);
  else if (file) searchWith(file);
});

// Coming back by the back button must not find a half-sent picture.
addEventListener("pageshow", (event) => event.persisted && location.reload());
