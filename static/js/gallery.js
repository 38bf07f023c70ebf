// The gallery: a picture opens enlarged over the page; a click there enlarges it once more, at that point.

const links = [...document.querySelectorAll("[data-gallery] a.gallery-main")];
const dialog = document.getElementById("zoom");
const stage = dialog.querySelector(".zoom-stage");
const picture = dialog.querySelector("[data-zoom-picture]");
const place = dialog.querySelector("[data-zoom-place]");
let shown = 0;

/** @param {number} at index of the picture in the gallery */
function show(at) {
  shown = (at + links.length) % links.length;
  stage.classList.remove("is-enlarged");
  const small = links[shown].querySelector("img");
  picture.alt = small.alt;
  picture.width = small.width;
  picture.height = small.height;
  picture.src = links[shown].href;
  place.textContent = links.length > 1 ? `${shown + 1} / ${links.length}` : "";
}

/** Twice the size, with the point that was clicked in the middle. @param {MouseEvent} event */
function enlarge(event) {
  const area = picture.getBoundingClientRect();
  const across = (event.clientX - area.x) / area.width;
  const down = (event.clientY - area.y) / area.height;
  if (!stage.classList.toggle("is-enlarged")) return;
  stage.scrollTo({
    left: across * picture.offsetWidth - stage.clientWidth / 2,
    top: down * picture.offsetHeight - stage.clientHeight / 2,
    behavior: "instant",
  });
}

links.forEach((link, at) => {
  link.addEventListener("click", (event) => {
    // A new tab still opens the file.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(at);
    dialog.showModal();
  });
});

dialog.addEventListener("close", () => links[shown].focus({ preventScroll: true }));
picture.addEventListener("click", enlarge);
dialog.querySelectorAll("[data-zoom-step]").forEach((button) => {
  button.addEventListener("click", () => show(shown + Number(button.dataset.zoomStep)));
});
dialog.addEventListener("keydown", (event) => {
  if (stage.classList.contains("is-enlarged") || links.length < 2) return;
  if (event.key === "ArrowLeft") show(shown - 1);
  if (event.key === "ArrowRight") show(shown + 1);
});
