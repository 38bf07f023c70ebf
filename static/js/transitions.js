// Loaded before the stylesheets, so that it is there before a page is shown: a page that follows another has it cached.

/**
 * Chromium leaves out the animation between two pages where one takes seconds to show, has no animations, or the window
 * is resized on the way. It then rejects a promise of its own that no script can reach, and the shop's error reports
 * would count it. The page is shown all the same, at once.
 */
function isAnimationLeftOut(reason) {
  return reason instanceof DOMException && /transition/i.test(reason.message);
}

addEventListener("unhandledrejection", (event) => {
  if (isAnimationLeftOut(event.reason)) event.preventDefault();
});
