// Pictures to search with: chosen, taken, dropped or pasted; large ones are made smaller before they travel.

// What the shop's encoder sees is far smaller; more pixels only take longer to upload.
const LONGEST_SIDE = 1600;
const SMALL_ENOUGH = 1_500_000;
const READ_BY_THE_SHOP = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"];

/** The first picture that is dropped or pasted, or null. @param {DataTransfer | null} transfer */
export function pictureIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/")) ?? null;
}

/** The picture as the shop reads it. Rejects where the browser cannot read it. @param {File} file */
export async function prepared(file) {
  // Browsers take the type from the name, which may be wrong; the shop reads it from the content.
  if (READ_BY_THE_SHOP.includes(file.type) && file.size <= SMALL_ENOUGH) return new File([file], file.name);
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  // JPEG has no transparency: what is cut out stands on white, as in a shop.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  return new File([blob], "picture.jpg", { type: "image/jpeg" });
}

/** The picture in use: the file, its preview, and the id under which the shop keeps it after the first answer. */
export class Picture {
  file = null;
  imageId = "";
  #chosen = null;

  #address = "";

  /** Show it in a view, also where it has been in another. @param {Record<string, HTMLElement>} view @param {Function} t */
  show(view, t) {
    this.view = view;
    this.t = t;
    this.#draw();
  }

  get isThere() {
    return this.file !== null;
  }

  /** Rejects where the file is no picture that the browser can read. @param {File} file */
  async use(file) {
    this.#chosen = file;
    const ready = await prepared(file);
    // Another one may have been chosen meanwhile, or none.
    if (this.#chosen === file) this.#keep(ready);
  }

  drop() {
    this.#chosen = null;
    this.#keep(null);
  }

  /** The fields of a request: the id where the shop has the picture, else the file. */
  fields() {
    if (!this.file) return {};
    return this.imageId ? { image_id: this.imageId } : { image: this.file };
  }

  #keep(file) {
    this.file = file;
    this.imageId = "";
    URL.revokeObjectURL(this.#address);
    this.#address = file ? URL.createObjectURL(file) : "";
    this.#draw();
  }

  #draw() {
    const { well, thumbnail, forget } = this.view;
    const address = this.#address;
    thumbnail.hidden = forget.hidden = !address;
    if (address) thumbnail.src = address;
    else thumbnail.removeAttribute("src");
    well.querySelector("svg").style.display = address ? "none" : "";
    well.setAttribute("aria-label", this.t(address ? "changePicture" : "addPicture"));
  }
}
