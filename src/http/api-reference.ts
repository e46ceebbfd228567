/** The API reference at /docs: how it is shown, and what the browser may load for it. */
import fastifySwaggerUi from "@fastify/swagger-ui";
import type { FairwayInstance } from "./app-types.ts";
import { referenceSearch } from "./reference-search.ts";

/** Of the one inline style that the reference's script tries when it starts. */
const ITS_OWN_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/**
 * As strict as that of the pages. The package's own asks browsers to fetch scripts and styles by https, which leaves the page
 * blank where the portal is served by plain http, and lets it load from other hosts.
 */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${ITS_OWN_STYLE}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The package's colours, those of them changed that cannot be read (WCAG 1.4.3), and the portal's font. */
const COLOURS = `
html { background: #ffffff; color-scheme: light }
html.dark-mode { background: #10151b; color-scheme: dark }
body { background: none !important }
.swagger-ui .info .title small.version-stamp { background: #3d6b00 }
.swagger-ui, .swagger-ui .info .title { font-family: Inter, system-ui, sans-serif }
html:not(.dark-mode) .swagger-ui .info a, html:not(.dark-mode) .swagger-ui .renderedMarkdown a { color: #0a6780 }
html:not(.dark-mode) .swagger-ui .btn.authorize { border-color: #0b6b3a; color: #0b6b3a }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #0b6b3a }
html.dark-mode .swagger-ui .info a, html.dark-mode .swagger-ui .renderedMarkdown a { color: #6cc7dc }
html.dark-mode .swagger-ui .btn.authorize { border-color: #5fd598; color: #5fd598 }
html.dark-mode .swagger-ui .btn.authorize svg { fill: #5fd598 }
.swagger-ui .filter .operation-filter-input { width: 100%; max-width: 560px; box-sizing: border-box; margin: 12px 0 }
`;

/** The theme that was chosen in the portal (`src/web/public/theme.js`), also when it is chosen in another window meanwhile. */
const THEME = `(function () {
  var system = matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    var choice = null;
    // Where storage is refused nothing was chosen.
    try { choice = localStorage.getItem("fairway-theme"); } catch { choice = null; }
    document.documentElement.classList.toggle("dark-mode", choice === "dark" || (choice !== "light" && system.matches));
  }
  follow();
  system.addEventListener("change", follow);
  addEventListener("storage", follow);
})();`;

export async function apiReference(app: FairwayInstance): Promise<void> {
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    staticCSP: CONTENT_POLICY,
    theme: {
      title: "API reference · Fairway",
      css: [{ filename: "colours.css", content: COLOURS }],
      js: [{ filename: "theme.js", content: THEME }],
    },
    // Its reader of 3.1 takes half a minute for this document where that of 3.0 takes two seconds, and shows no more.
    transformSpecification: (document) => {
      const { info, ...rest } = document as { info: { description: string } };
      const description = `${info.description}\n\n[Back to the portal](/) · [The document](/openapi.json)`;
      return { ...rest, openapi: "3.0.3", info: { ...info, description } };
    },
    transformSpecificationClone: false,
    uiConfig: {
      layout: "BaseLayout",
      // Hundreds of operations: they are drawn when their tag is opened.
      docExpansion: "none",
      defaultModelsExpandDepth: -1,
      filter: true,
      plugins: [referenceSearch as never],
      tagsSorter: "alpha",
    },
  });
}
