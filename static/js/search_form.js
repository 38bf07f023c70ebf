// The search form: words, and a picture by drop, paste, file dialog or camera. Both lead to a results URL.

// Longer sides gain nothing: the encoder sees far fewer pixels, and a phone's photo would upload for seconds.
const LONGEST_SIDE = 1280;

const form = document.querySelector("[data-search-form]");
const words = form.elements.text;
const picker = form.elements.image;
const dropZone = form.querySelector("[data-drop-zone]");

/** The parameters of the current results page without its offset; empty on any other page. */
function currentParameters() {
  const onResults = location.pathname === form.dataset.results;
  const parameters = new URLSearchParams(onResults ? location.search : "");
  parameters.delete("offset");
  return parameters;
}

/** Load the results for parameters: swapped in where the page shows results already, else as a new page. */
function loadResults(parameters) {
  const url = `${form.dataset.results}?${parameters}`;
  if (document.getElementById("results")) {
    htmx.ajax("GET", url, { target: "#results", swap: "outerHTML", source: "#results" });
  } else {
    location.assign(url);
  }
}

/** Search with the words; the picture and the filters of the current page stay. */
function searchWithWords() {
  const parameters = currentParameters();
  const text = words.value.trim();
  if (text !== (parameters.get("text") ?? "")) parameters.delete("ignore");
  parameters.set("text", text);
  if (!text) parameters.delete("text");
  if (parameters.has("image_id")) parameters.set("weight", form.elements.weight.value);
  if (!text && !parameters.has("image_id")) words.focus();
  else loadResults(parameters);
}

/** A smaller copy of a large picture; the file itself where the browser cannot decode it: the server explains why. */
async function downscale(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return file;
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return new File([blob], "picture.jpg", { type: blob.type });
  } catch {
    return file;
  }
}

/** Show the picture in the drop zone while it is uploaded. */
function preview(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  image.alt = "";
  const target = dropZone.querySelector(".drop-zone-target");
  image.decode().then(() => target.replaceChildren(image), () => {});
  dropZone.classList.add("has-picture");
}

/** Search with a picture: the form posts it with the filters of the current page. @param {File} file */
async function searchWithPicture(file) {
  preview(file);
  const transfer = new DataTransfer();
  transfer.items.add(await downscale(file));
  picker.files = transfer.files;
  form.querySelectorAll("input[type=hidden]:not([name=csrfmiddlewaretoken])").forEach((input) => input.remove());
  for (const [name, value] of currentParameters()) {
    if (["text", "weight", "image_id", "crop"].includes(name)) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  // Unlike requestSubmit(), submit() does not call the listener below, which would cancel it.
  form.submit();
}

/** Search with the picture of a product whose card was dropped. @param {string} address of the product page */
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
  if (picker.files.length) searchWithPicture(picker.files[0]);
  else searchWithWords();
});

picker.addEventListener("change", () => picker.files.length && searchWithPicture(picker.files[0]));
form.querySelector("[data-camera]")?.addEventListener("change", (event) => {
  if (event.target.files.length) searchWithPicture(event.target.files[0]);
});

document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  searchWithPicture(file);
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
  else if (file) searchWithPicture(file);
});

// The back button must not restore the page with a picture that was only being sent.
addEventListener("pageshow", (event) => event.persisted && location.reload());
