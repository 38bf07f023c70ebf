// What this browser keeps for its shopper: short lists in its own storage, which no request carries by itself.

const OFF = "off";
const isOptedOut = navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;

/** A list of texts, the newest first. Empty, and kept nowhere, for a browser that asks not to be tracked. */
class Memory {
  /** @param {string} key in localStorage @param {number} most texts that are kept */
  constructor(key, most) {
    this.key = key;
    this.most = most;
    if (isOptedOut) localStorage.removeItem(key);
  }

  get isOff() {
    return isOptedOut || localStorage.getItem(this.key) === OFF;
  }

  /** Whether the shopper can switch it on; not where the browser itself objects. */
  get isAllowed() {
    return !isOptedOut;
  }

  /** @returns {string[]} */
  all() {
    if (this.isOff) return [];
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]");
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
    if (!this.isOff) localStorage.setItem(this.key, JSON.stringify(texts.slice(0, this.most)));
  }

  switchOff() {
    localStorage.setItem(this.key, OFF);
  }

  switchOn() {
    localStorage.removeItem(this.key);
  }
}

// For the modules behind this one: the pages' own files import nothing from one another.
window.Memory = Memory;
