/** All pictures on one page, a row for each screen, and what could not be taken. */
import type { Failure } from "./album.ts";
import type { Picture } from "./subject.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const STYLE = `
body { margin: 16px; font: 14px/1.4 system-ui, sans-serif; background: #f2f2f2; color: #222 }
section { margin: 0 0 28px }
h2 { font-size: 15px; margin: 0 0 6px }
div { display: flex; gap: 10px; overflow-x: auto; align-items: start }
figure { margin: 0; flex: none }
img { height: 260px; max-width: 460px; object-fit: cover; object-position: top left; border: 1px solid #bbb; background: white; display: block }
figcaption { color: #555; font-size: 12px }`;

/** @param pictures in their order; those of one screen stand beside each other */
export function contactSheet(
  pictures: readonly Picture[],
  failures: readonly Failure[],
  said: string,
): string {
  const rows = [...Map.groupBy(pictures, ({ screen }) => screen)].map(
    ([screen, some]) =>
      `<section><h2>${escaped(screen)}</h2><div>${some
        .map(
          ({ file, look }) =>
            `<figure><a href="${escaped(file)}"><img loading="lazy" src="${escaped(file)}" alt="${escaped(`${screen}, ${look}`)}"></a><figcaption>${escaped(look)}</figcaption></figure>`,
        )
        .join("")}</div></section>`,
  );
  const lost = failures.map(({ key, reason }) => `<li><b>${escaped(key)}</b>: ${escaped(reason)}</li>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of every screen</title><style>${STYLE}</style><h1>${escaped(said)}</h1>${lost.length === 0 ? "" : `<h2>Not taken</h2><ul>${lost.join("")}</ul>`}${rows.join("\n")}</html>\n`;
}
