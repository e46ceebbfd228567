/** The API reference at /docs: how it is shown, and what the browser may load for it. */
import fastifySwaggerUi from "@fastify/swagger-ui";
import type { FairwayInstance } from "./app-types.ts";

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

/** The package has light colours only: turned round, pictures and examples (which are dark already) back again. */
const DARK = `@media (prefers-color-scheme: dark) {
  html, body { background: #10151b !important }
  .swagger-ui { filter: invert(0.9) hue-rotate(180deg) }
  .swagger-ui img, .swagger-ui .microlight, .swagger-ui .highlight-code { filter: invert(1) hue-rotate(180deg) }
}`;

export async function apiReference(app: FairwayInstance): Promise<void> {
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    staticCSP: CONTENT_POLICY,
    theme: { title: "API reference · Fairway", css: [{ filename: "dark.css", content: DARK }] },
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
    },
  });
}
