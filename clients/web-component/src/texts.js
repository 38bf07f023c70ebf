// What the component says. The shop's own sentences (refusals, suggestions) come in the language of the request.

const EN = {
  search: "Search",
  words: "What are you looking for?",
  addPicture: "Add a picture",
  takePhoto: "Take a photo",
  changePicture: "Change the picture",
  removePicture: "Remove the picture",
  yourPicture: "Your picture",
  dropHere: "Drop the picture here",
  notAPicture: "This file is not a picture. Choose a JPEG, PNG, WebP, AVIF or GIF.",
  weight: "Weight of words and picture",
  wordsSide: "Words",
  pictureSide: "Picture",
  levels: ["words only", "mostly words", "balanced", "mostly picture", "picture only"],
  addWords: "add words to mix",
  searching: "Searching …",
  results: { one: "1 result", other: "{n} results" },
  more: "{n} results and more",
  nothing: "Nothing close enough. Try fewer words or other filters.",
  showMore: "Show more",
  shown: "{n} of {total} shown",
  close: "Close, but not quite",
  insteadOf: "Results for “{words}”.",
  literally: "Search for what I typed",
  relaxed: "Nothing fits everything. {what}",
  unknown: "We do not know: {words}.",
  notSold: "Nothing here is called “{thing}”.",
  filters: "Filters",
  closeFilters: "Hide filters",
  understood: "Filters in use",
  remove: "Remove {what}",
  category: "Category", colour: "Colour", brand: "Brand", gender: "For", size: "Size", material: "Material",
  pattern: "Pattern", price: "Price", priceMin: "from", priceMax: "to",
  in_stock: "In stock", on_sale: "On sale",
  upTo: "up to {what}", from: "from {what}", sizeOf: "size {what}",
  soldOut: "Sold out",
  was: "before",
  redirect: "Open the page for these words",
  offline: "The shop cannot be reached. Check the connection and try again.",
};

const DE = {
  search: "Suchen",
  words: "Was suchen Sie?",
  addPicture: "Bild hinzufügen",
  takePhoto: "Foto aufnehmen",
  changePicture: "Bild ändern",
  removePicture: "Bild entfernen",
  yourPicture: "Ihr Bild",
  dropHere: "Bild hier ablegen",
  notAPicture: "Diese Datei ist kein Bild. Wählen Sie ein JPEG, PNG, WebP, AVIF oder GIF.",
  weight: "Gewicht von Wörtern und Bild",
  wordsSide: "Wörter",
  pictureSide: "Bild",
  levels: ["nur Wörter", "vor allem Wörter", "ausgewogen", "vor allem Bild", "nur Bild"],
  addWords: "Wörter hinzufügen zum Mischen",
  searching: "Suche läuft …",
  results: { one: "1 Treffer", other: "{n} Treffer" },
  more: "{n} Treffer und mehr",
  nothing: "Nichts ist ähnlich genug. Versuchen Sie weniger Wörter oder andere Filter.",
  showMore: "Mehr anzeigen",
  shown: "{n} von {total} angezeigt",
  close: "Fast passend",
  insteadOf: "Treffer für „{words}“.",
  literally: "Wie eingegeben suchen",
  relaxed: "Nichts erfüllt alles. {what}",
  unknown: "Das kennen wir nicht: {words}.",
  notSold: "„{thing}“ führen wir nicht.",
  filters: "Filter",
  closeFilters: "Filter ausblenden",
  understood: "Aktive Filter",
  remove: "{what} entfernen",
  category: "Kategorie", colour: "Farbe", brand: "Marke", gender: "Für", size: "Größe", material: "Material",
  pattern: "Muster", price: "Preis", priceMin: "von", priceMax: "bis",
  in_stock: "Lieferbar", on_sale: "Reduziert",
  upTo: "bis {what}", from: "ab {what}", sizeOf: "Größe {what}",
  soldOut: "Ausverkauft",
  was: "vorher",
  redirect: "Seite zu diesen Wörtern öffnen",
  offline: "Der Shop ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
};

const LANGUAGES = { en: EN, de: DE };

/** A language as `Intl` takes it: "en-US" for "en_US", English for what is none. @param {string} stated */
export function languageTag(stated) {
  try {
    return Intl.getCanonicalLocales(stated.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

/** `text("remove", { what: "Red" })` in a language, in English where it is not there. @param {string} language */
export function texts(language) {
  const table = LANGUAGES[language.slice(0, 2).toLowerCase()] ?? EN;
  const plural = new Intl.PluralRules(language);
  return (name, values = {}) => {
    const entry = table[name] ?? EN[name] ?? name;
    const text = typeof entry === "object" && !Array.isArray(entry) ? entry[plural.select(values.n)] ?? entry.other : entry;
    return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (_all, key) => shown(language, values[key])) : text;
  };
}

function shown(language, value) {
  return typeof value === "number" ? value.toLocaleString(language) : String(value ?? "");
}
