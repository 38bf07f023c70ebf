// What a shopper does with the component, as calls: typing, choosing and dropping pictures, moving the slider.

import { pictureIn } from "./picture.js";

/** @param {Record<string, HTMLElement>} v the places of the skeleton @param {Record<string, Function>} act */
export function listen(v, act) {
  const on = (target, name, call) => target.addEventListener(name, call);
  on(v.form, "submit", (event) => {
    event.preventDefault();
    act.submitted();
  });
  on(v.input, "input", () => act.typed());
  on(v.slider, "input", () => act.weighing());
  on(v.slider, "change", () => act.weighed());
  on(v.more, "click", () => act.wantsMore());
  on(v.filterButton, "click", () => {
    const open = v.filters.classList.toggle("is-open");
    v.filterButton.setAttribute("aria-expanded", String(open));
  });
  pictures(v, act, on);
}

function pictures(v, act, on) {
  on(v.well, "click", () => v.file.click());
  on(v.camera, "click", () => v.photo.click());
  on(v.forget, "click", () => {
    act.forgotten();
    v.well.focus();
  });
  for (const input of [v.file, v.photo]) {
    on(input, "change", () => {
      const [image] = input.files;
      // The same file, chosen again, is a change too.
      input.value = "";
      if (image) act.pictured(image);
    });
  }
  const receive = (event, image) => {
    v.capsule.classList.remove("is-over");
    if (!image) return;
    event.preventDefault();
    act.pictured(image);
  };
  on(v.base, "paste", (event) => receive(event, pictureIn(event.clipboardData)));
  // A file that is not taken would replace the page; one without a type may be a picture that the browser can read.
  on(v.base, "drop", (event) => receive(event, pictureIn(event.dataTransfer) ?? event.dataTransfer.files[0]));
  on(v.base, "dragleave", (event) => v.base.contains(event.relatedTarget) || v.capsule.classList.remove("is-over"));
  on(v.base, "dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    v.capsule.classList.add("is-over");
  });
}
