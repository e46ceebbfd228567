/** Whether somebody is at the page. What it asks by itself, on hints of the server, must not keep them signed in. */

/** Reading takes a while. */
const READING_MS = 120_000;
const SIGNS = [
  "pointerdown",
  "pointermove",
  "keydown",
  "wheel",
  "touchstart",
  "focus",
  "click",
  "input",
] as const;

let lastSign = Date.now();
if (typeof window !== "undefined")
  for (const sign of SIGNS)
    window.addEventListener(sign, () => (lastSign = Date.now()), { capture: true, passive: true });

/** For every request of the page. */
export const attentionHeaders = (): Readonly<Record<string, string>> =>
  Date.now() - lastSign > READING_MS ? { "x-fairway-idle": "true" } : {};
