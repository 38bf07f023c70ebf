// What this browser keeps for its shopper: short lists in its own storage, which no request carries by itself.

const OFF = "off";
const isOptedOut = navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;

/** What is kept under a key; null too where the browser keeps nothing: blocked cookies, a sandboxed frame. */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keep a text under a key, or nothing for null; without storage, or where it is full, nothing changes. */
function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/** A list of texts, the newest first. Empty, and kept nowhere, for a browser that asks not to be tracked. */
class Memory {
  /** @param {string} key in localStorage @param {number} most texts that are kept */
  constructor(key, most) {
    this.key = key;
    this.most = most;
    if (isOptedOut) write(key, null);
  }

  get isOff() {
    return isOptedOut || read(this.key) === OFF;
  }

  /** Whether the shopper can switch it on; not where the browser itself objects. */
  get isAllowed() {
    return !isOptedOut;
  }

  /** @returns {string[]} */
  all() {
    if (this.isOff) return [];
    try {
      const kept = JSON.parse(read(this.key) ?? "[]");
      return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
    } catch {
      // Written by something else: as good as nothing.
      return [];
    }
  }

  /** @param {string} text goes to the front */
  add(text) {
    this.set([text, ...this.all().filter((each) => each !== text)]);
  }

  /** @param {string} text */
  remove(text) {
    this.set(this.all().filter((each) => each !== text));
  }

  /** @param {string[]} texts */
  set(texts) {
    if (!this.isOff) write(this.key, JSON.stringify(texts.slice(0, this.most)));
  }

  switchOff() {
    write(this.key, OFF);
  }

  switchOn() {
    write(this.key, null);
  }
}

// For the modules behind this one: the pages' own files import nothing from one another.
window.Memory = Memory;
window.storage = { read, write };
