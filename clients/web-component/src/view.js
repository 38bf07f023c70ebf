// The skeleton of the component: built once; the element fills its places.

import { h, icon } from "./dom.js";

const ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/*";

/** @param {Function} t the texts of the element's language @returns {Record<string, HTMLElement>} the places by name */
export function skeleton(t) {
  const v = {};
  v.file = h("input", { type: "file", accept: ACCEPT, hidden: true });
  v.photo = h("input", { type: "file", accept: "image/*", hidden: true });
  v.photo.setAttribute("capture", "environment");
  v.well = h("button", { type: "button", part: "picture-button", className: "well", "aria-label": t("addPicture") }, icon("picture"));
  v.thumbnail = h("img", { part: "picture", alt: t("yourPicture"), hidden: true });
  v.camera = h("button", { type: "button", part: "camera-button", className: "icon-button camera", "aria-label": t("takePhoto") }, icon("camera"));
  v.forget = h("button", { type: "button", part: "remove-button", className: "icon-button", "aria-label": t("removePicture"), hidden: true }, icon("close"));
  v.input = h("input", {
    type: "text", part: "input", id: "words", autocomplete: "off", spellcheck: false, maxLength: 500, placeholder: t("words"),
    enterKeyHint: "search", role: "combobox", "aria-label": t("words"), "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
  });
  v.options = h("ul", { role: "listbox", id: "suggestions", part: "suggestions", className: "suggestions", "aria-label": t("search"), hidden: true });
  v.submit = h("button", { type: "submit", part: "submit", className: "submit", "aria-label": t("search") }, icon("search"));
  v.slider = h("input", { type: "range", min: "0", max: "1", step: "0.01", part: "slider", "aria-label": t("weight") });
  v.level = h("span", { part: "weight", className: "level", "aria-hidden": "true" });
  v.blend = h(
    "div",
    { part: "blend", className: "blend", hidden: true },
    h("span", { "aria-hidden": "true" }, t("wordsSide")), v.slider, h("span", { "aria-hidden": "true" }, t("pictureSide")), v.level,
  );
  v.well.append(v.thumbnail);
  v.capsule = h(
    "div",
    { part: "capsule", className: "capsule", "data-hint": t("dropHere") },
    v.well, v.camera, v.forget, v.file, v.photo, h("div", { className: "words" }, v.input, v.options), v.submit,
  );
  v.form = h("form", { part: "form", role: "search", noValidate: true }, v.capsule, v.blend);
  v.status = h("p", { part: "status", className: "status", role: "status" });
  v.notices = h("div", { part: "notices", className: "notices" });
  v.chips = h("ul", { part: "chips", className: "chips", role: "list", "aria-label": t("understood"), hidden: true });
  v.filterButton = h("button", { type: "button", part: "filters-button", className: "filters-button", "aria-expanded": "false", "aria-controls": "filters" }, icon("filter"), t("filters"));
  v.filters = h("div", { part: "filters", className: "filters", id: "filters", role: "group", "aria-label": t("filters") });
  v.grid = h("ul", { part: "grid", className: "grid", role: "list" });
  v.shown = h("p", { part: "shown", className: "shown" });
  v.more = h("button", { type: "button", part: "more", className: "more", hidden: true }, t("showMore"));
  v.closeGrid = h("ul", { part: "grid", className: "grid", role: "list", "aria-labelledby": "close" });
  v.close = h("section", { part: "close", hidden: true }, h("p", { id: "close", part: "close-title", className: "close-title" }, t("close")), v.closeGrid);
  v.layout = h(
    "div",
    { part: "layout", className: "layout", hidden: true },
    h("div", { className: "rail" }, v.filterButton, v.filters),
    h("div", { className: "results" }, v.grid, h("div", { className: "foot" }, v.shown, v.more), v.close),
  );
  v.base = h("div", { part: "base", className: "base" }, v.form, v.status, v.notices, v.chips, v.layout);
  return v;
}
