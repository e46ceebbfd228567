/** All pictures on one page, a row for each screen. */
import type { Picture } from "./take.ts";

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
export function contactSheet(pictures: readonly Picture[], said: string): string {
  const rows = [...Map.groupBy(pictures, ({ screen }) => screen)].map(
    ([screen, some]) =>
      `<section><h2>${escaped(screen)}</h2><div>${some
        .map(
          ({ file, look }) =>
            `<figure><a href="${escaped(file)}"><img loading="lazy" src="${escaped(file)}" alt="${escaped(`${screen}, ${look}`)}"></a><figcaption>${escaped(look)}</figcaption></figure>`,
        )
        .join("")}</div></section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of every screen</title><style>${STYLE}</style><h1>${escaped(said)}</h1>${rows.join("\n")}</html>\n`;
}
