// The search form: words, and a picture by drop, paste, file dialog or camera. Both lead to a results URL.

// Longer sides gain nothing: the encoder sees far fewer pixels, and a phone's photo would upload for seconds.
const LONGEST_SIDE = 1280;
const REFUSED = "refused";

const form = document.querySelector("[data-search-form]");
const words = form.elements.text;
const picker = form.elements.image;
const dropZone = form.querySelector("[data-drop-zone]");
const progress = form.querySelector("progress");
let undoPreview = () => {};
// The picture that was sent last: what an earlier one answers comes too late.
let sending = null;

/** The parameters of the current results, a place's own among them, without offset and offers; empty elsewhere. */
function currentParameters() {
  const onResults = document.getElementById("results") !== null;
  const parameters = new URLSearchParams(onResults ? location.search : "");
  for (const [name, value] of new URLSearchParams(form.dataset.place ?? "")) {
    if (!parameters.has(name)) parameters.append(name, value);
  }
  parameters.delete("offset");
  parameters.delete("keep");
  return parameters;
}

/** Load the results for parameters: swapped in where the page shows results already, else as a new page. */
function loadResults(parameters) {
  const url = `${form.dataset.results}?${parameters}`;
  if (location.pathname === form.dataset.results && document.getElementById("results")) {
    // What becomes of it, htmx's events tell as well.
    htmx.ajax("GET", url, { target: "#results", swap: "outerHTML", source: "#results" }).catch(() => {});
  } else {
    location.assign(url);
  }
}

/** Search with the words and the picture of the current page; the server decides which filters stay. */
function searchWithWords() {
  const parameters = currentParameters();
  const text = words.value.trim();
  parameters.set("previous", parameters.get("text") ?? "");
  parameters.set("text", text);
  if (!text) parameters.delete("text");
  if (parameters.has("image_id")) parameters.set("weight", form.elements.weight.value);
  if (!text && !parameters.has("image_id")) words.focus();
  else loadResults(parameters);
}

/** A smaller copy of a large picture; the file itself where the browser cannot decode it: the server explains why.
 *  A picture is sent without a type: browsers take it from the name, which may be wrong, the server from the content. */
async function downscale(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return new File([file], file.name);
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return new File([blob], "picture.jpg", { type: blob.type });
  } catch {
    return file;
  }
}

/** Show the picture in the drop zone while it is uploaded. @returns {() => void} takes the preview back */
function preview(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  image.alt = "";
  const target = dropZone.querySelector(".drop-zone-target");
  const before = [...target.childNodes];
  const hadPicture = dropZone.classList.contains("has-picture");
  let isUndone = false;
  image.decode().then(() => isUndone || target.replaceChildren(image), () => {});
  dropZone.classList.add("has-picture");
  return () => {
    isUndone = true;
    URL.revokeObjectURL(image.src);
    target.replaceChildren(...before);
    dropZone.classList.toggle("has-picture", hadPicture);
    picker.value = "";
  };
}

/** Post the form. @param {FormData} data @returns {Promise<XMLHttpRequest>} rejected without a connection */
function post(data) {
  // fetch() does not tell how much of a body was sent.
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (lengthComputable) progress.value = loaded / total;
  });
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.send(data);
  });
}

/** Search with a picture: post it with the filters of the current page, and go where the answer is. @param {File} file */
async function searchWithPicture(file) {
  undoPreview();
  const undo = preview(file);
  undoPreview = undo;
  const picture = await downscale(file);
  // Unless another one was chosen meanwhile.
  if (undoPreview === undo) await send("image", picture);
}

/** Search with a picture on the web, which the server fetches. @param {string} address */
async function searchWithAddress(address) {
  const typed = words.value;
  if (typed.trim() === address) words.value = "";
  form.classList.add("is-fetching");
  const isRefused = (await send("image_url", address)) === REFUSED;
  // To be corrected, unless something else was typed meanwhile.
  if (isRefused && !words.value) words.value = typed;
}

/** Post a picture, or its address, with the words and the filters of the current page; REFUSED where none is left. */
async function send(field, picture) {
  const own = {};
  sending = own;
  const data = new FormData(form);
  for (const name of [...data.keys()]) {
    if (!["csrfmiddlewaretoken", "text", "weight"].includes(name)) data.delete(name);
  }
  for (const [name, value] of currentParameters()) {
    if (!["text", "weight", "image_id", "crop"].includes(name)) data.append(name, value);
  }
  data.set(field, picture);
  progress.value = 0;
  progress.hidden = false;
  try {
    const response = await post(data);
    if (sending !== own) return undefined;
    const address = response.getResponseHeader("HX-Redirect");
    if (address) return location.assign(address);
    undoPreview();
    if (/<html/i.test(response.responseText) || !response.responseText.trim()) {
      // The page of a proxy, or none.
      htmx.trigger(document.body, "tandem:failed");
    } else {
      const target = document.getElementById("notice");
      htmx.swap(target, response.responseText, { swapStyle: "innerHTML" }, { eventInfo: { target } });
    }
  } catch {
    if (sending !== own) return undefined;
    undoPreview();
    htmx.trigger(document.body, "htmx:sendError");
  } finally {
    if (sending === own) {
      progress.hidden = true;
      form.classList.remove("is-fetching");
    }
  }
  return REFUSED;
}

/** Whether a text is one address, as search.query.is_address reads it. @param {string} text */
function isAddress(text) {
  return /^https?:\/\/[^\s/@]+(\/\S*)?$/i.test(text);
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
  else if (isAddress(words.value.trim())) searchWithAddress(words.value.trim());
  else searchWithWords();
});

// Chosen before this script was there, on a slow connection. On the way back the browser itself chooses it again.
const [arrival] = performance.getEntriesByType("navigation");
if (picker.files.length && arrival?.type !== "back_forward") searchWithPicture(picker.files[0]);
picker.addEventListener("change", () => picker.files.length && searchWithPicture(picker.files[0]));
form.querySelector("[data-camera]")?.addEventListener("change", (event) => {
  if (event.target.files.length) searchWithPicture(event.target.files[0]);
});

document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  const text = event.clipboardData.getData("text/plain").trim();
  // Among other words an address is part of what is typed there.
  const isAlone = event.target === words ? !words.value.trim() : !event.target.matches("input, textarea");
  if (!file && !(isAlone && isAddress(text))) return;
  event.preventDefault();
  if (file) searchWithPicture(file);
  else searchWithAddress(text);
});

/** Whether a picture or an address is dragged; text is for the field that it is dropped on. */
function isPictureOrAddress({ types }) {
  return types.includes("Files") || types.includes("text/uri-list");
}

document.addEventListener("dragover", (event) => {
  if (!isPictureOrAddress(event.dataTransfer)) return;
  event.preventDefault();
  form.classList.add("is-dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("is-dropping");
});
document.addEventListener("drop", (event) => {
  if (!isPictureOrAddress(event.dataTransfer)) return;
  event.preventDefault();
  form.classList.remove("is-dropping");
  const [file] = event.dataTransfer.files;
  const [address] = event.dataTransfer.getData("text/uri-list").split(/\r?\n/).filter((line) => !line.startsWith("#"));
  if (address && new URL(address, location.href).origin === location.origin) searchLike(address);
  else if (file) searchWithPicture(file);
  else if (address && isAddress(address)) searchWithAddress(address);
});

// The back button must not restore the page with a picture that was only being sent.
addEventListener("pageshow", (event) => event.persisted && undoPreview());
