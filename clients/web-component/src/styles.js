// The component's look. Everything that a page may want to change is a custom property --tandem-…, or a ::part.

const css = `
:host {
  --_paper: var(--tandem-paper, light-dark(#faf8f4, #121110));
  --_surface: var(--tandem-surface, light-dark(#fff, #1b1a18));
  --_sunken: var(--tandem-sunken, light-dark(#f1ede5, #262421));
  --_ink: var(--tandem-ink, light-dark(#171512, #f3efe8));
  --_muted: var(--tandem-muted, light-dark(#66625b, #a8a299));
  --_hairline: var(--tandem-hairline, light-dark(#e2ddd4, #33302c));
  --_edge: var(--tandem-edge, light-dark(#8c867c, #77716a));
  --_accent: var(--tandem-accent, light-dark(#2740e8, #8fa0ff));
  --_accent-ink: var(--tandem-accent-ink, light-dark(#fff, #121110));
  --_words: var(--tandem-words, light-dark(#b04d12, #f59a5b));
  --_picture: var(--tandem-picture, light-dark(#2740e8, #8fa0ff));
  --_frame: var(--tandem-frame, light-dark(#f3f0ea, #dcd7ce));
  --_radius: var(--tandem-radius, 10px);
  --_gap: var(--tandem-gap, 16px);
  --_card: var(--tandem-card-width, 11rem);
  display: block;
  container-type: inline-size;
  color: var(--_ink);
  font-family: var(--tandem-font, inherit);
  line-height: 1.4;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
ul { margin: 0; padding: 0; list-style: none; }
p { margin: 0; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
svg { inline-size: 1.375rem; block-size: 1.375rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; flex: none; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.base { display: grid; gap: var(--_gap); padding: var(--tandem-padding, 0px); background: var(--_paper); border-radius: var(--_radius); }
form { display: grid; gap: 12px; }

.capsule { position: relative; display: flex; align-items: center; gap: 4px; padding: 6px; background: var(--_surface); border: 1px solid var(--_edge); border-radius: 999px; }
.capsule:focus-within { border-color: var(--_accent); }
.capsule.is-over::after { content: attr(data-hint); position: absolute; inset: 0; display: grid; place-items: center; background: var(--_surface); border: 2px dashed var(--_accent); border-radius: inherit; }
.well, .icon-button, .submit { display: grid; place-items: center; flex: none; inline-size: 44px; block-size: 44px; padding: 0; border: 0; border-radius: 999px; background: none; overflow: hidden; }
.well { background: var(--_sunken); }
.well img { inline-size: 100%; block-size: 100%; object-fit: cover; }
.submit { background: var(--_accent); color: var(--_accent-ink); }
.camera { display: none; }
@media (pointer: coarse) { .camera { display: grid; } }
.words { position: relative; flex: 1; min-inline-size: 0; }
.words input { inline-size: 100%; min-block-size: 44px; padding: 0 8px; border: 0; background: none; outline-offset: -2px; border-radius: 8px; text-overflow: ellipsis; }
.words input:focus-visible { outline: none; }
::placeholder { color: var(--_muted); opacity: 1; }
.suggestions { position: absolute; z-index: 2; inset-block-start: calc(100% + 10px); inset-inline: 0; padding: 6px; background: var(--_surface); border: 1px solid var(--_hairline); border-radius: var(--_radius); box-shadow: 0 12px 40px -12px rgb(0 0 0 / 30%); max-block-size: 60vh; overflow: auto; }
.suggestions li { padding: 10px 12px; border-radius: 6px; cursor: pointer; }
.suggestions li:hover, .suggestions [aria-selected="true"] { background: var(--_sunken); }

.blend { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding-inline: 16px; font-size: 0.9375rem; color: var(--_muted); }
.blend input { flex: 1; min-inline-size: 8rem; block-size: 32px; accent-color: var(--_accent); }
.level { flex-basis: 100%; text-align: center; color: var(--_ink); }
.status { min-block-size: 1.4em; color: var(--_muted); }
.status.is-error { color: var(--tandem-danger, light-dark(#b3261e, #ff8a80)); }
.notices { display: grid; gap: 8px; }
.notices:empty { display: none; }
.notices p { display: flex; flex-wrap: wrap; gap: 4px 12px; }
.plain { padding: 0; border: 0; background: none; color: var(--_accent); text-decoration: underline; text-underline-offset: 3px; min-block-size: 24px; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; }
.chip, .more, .filters-button { display: inline-flex; align-items: center; gap: 8px; min-block-size: 44px; padding: 0 16px; border: 1px solid var(--_edge); border-radius: 999px; background: var(--_surface); }
.chip { min-block-size: 36px; padding-inline: 12px 8px; }
.chip svg { inline-size: 1rem; block-size: 1rem; }

.layout { display: grid; gap: calc(var(--_gap) * 1.5); align-items: start; }
.filters { display: none; gap: 12px; }
.filters.is-open { display: grid; margin-block-start: 12px; }
@container (min-width: 50rem) {
  .layout { grid-template-columns: 13rem minmax(0, 1fr); }
  :host([filters="off"]) .layout { grid-template-columns: minmax(0, 1fr); }
  .filters { display: grid; }
  .filters-button { display: none; }
}
:host([filters="off"]) .rail { display: none; }
details, .prices, .filters > .choices { padding-block-end: 12px; border-block-end: 1px solid var(--_hairline); }
summary { padding-block: 6px; cursor: pointer; font-weight: 600; }
summary::first-letter { text-transform: uppercase; }
.choices { display: grid; max-block-size: 15rem; overflow: auto; }
.choice { display: flex; align-items: center; gap: 8px; min-block-size: 32px; cursor: pointer; }
.choice input { inline-size: 18px; block-size: 18px; margin: 0 0 0 2px; accent-color: var(--_accent); flex: none; }
.count { margin-inline-start: auto; padding-inline-end: 4px; color: var(--_muted); font-variant-numeric: tabular-nums; }
.prices { display: grid; gap: 6px; font-weight: 600; }
.range { display: flex; align-items: center; gap: 8px; font-weight: 400; }
.range input { inline-size: 100%; min-inline-size: 0; min-block-size: 40px; padding-inline: 8px; border: 1px solid var(--_edge); border-radius: 6px; background: var(--_surface); }

.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(var(--_card), calc(50% - var(--_gap))), 1fr)); gap: calc(var(--_gap) * 1.5) var(--_gap); }
.link { display: grid; gap: 2px; color: inherit; text-decoration: none; border-radius: var(--_radius); }
.link:hover .title { text-decoration: underline; text-underline-offset: 3px; }
.frame { display: block; aspect-ratio: 3 / 4; background: var(--_frame); border-radius: var(--_radius); overflow: hidden; }
.frame img { inline-size: 100%; block-size: 100%; object-fit: contain; mix-blend-mode: multiply; }
.bar { display: flex; block-size: 3px; margin-block: 6px 4px; background: var(--_hairline); border-radius: 2px; overflow: hidden; }
.bar-words { background: var(--_words); }
.bar-picture { background: var(--_picture); }
.brand { font-size: 0.8125rem; color: var(--_muted); letter-spacing: 0.04em; text-transform: uppercase; }
.title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.price { display: flex; flex-wrap: wrap; gap: 0 8px; font-variant-numeric: tabular-nums; }
.price s, .sold-out, .shown { color: var(--_muted); }
.foot { display: grid; justify-items: center; gap: 12px; margin-block: calc(var(--_gap) * 2); }
.close-title { margin-block-end: var(--_gap); font-size: 1.125rem; font-weight: 600; }
@media (prefers-reduced-motion: no-preference) { .is-busy .grid { opacity: 0.6; transition: opacity 200ms 150ms; } }
@media (forced-colors: active) {
  .submit, .well, .chip { border: 1px solid; }
  /* Multiplied with the black ground of such a theme, every picture is black. */
  .frame img { background: var(--_frame); forced-color-adjust: none; mix-blend-mode: normal; }
}
`;

// Adopted, not a <style>: it needs no exception in the page's Content-Security-Policy.
export const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
