/** Serves the web application: hashed assets for ever, every other page address gets index.html with a fresh nonce. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FairwayInstance } from "./app-types.ts";
import { handleNotFound } from "./errors.ts";

const NONCE_PLACEHOLDER = "__CSP_NONCE__";

/** Content policy of the pages; the same as the built application was tested with. */
function contentPolicy(nonce: string, frames: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    `frame-src ${frames.length === 0 ? "'none'" : frames.join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * @param folder dist/web; when it was not built, pages say how to build it
 * @param frames origins whose pages may be embedded
 */
export async function webRoutes(
  app: FairwayInstance,
  folder: string,
  frames: readonly string[],
): Promise<void> {
  const indexPath = join(folder, "index.html");
  const built = existsSync(indexPath);
  const index = built ? readFileSync(indexPath, "utf8") : "";
  if (built)
    await app.register(async (scope) => {
      // The sign-in page needs its scripts and styles before anybody is signed in; they hold no data.
      scope.addHook("onRoute", (route) => {
        route.config = { ...route.config, access: "public", contract: "fairway" };
      });
      await scope.register(fastifyStatic, {
        root: folder,
        wildcard: false,
        // What the build has compressed (tools/build-web.ts) is no address of its own.
        preCompressed: true,
        globIgnore: ["index.html", "**/*.br", "**/*.gz"],
        index: false,
        cacheControl: false,
        setHeaders: (response, path) => {
          const forEver = path.includes(`${folder}/assets/`);
          void response.header("cache-control", forEver ? "public, max-age=31536000, immutable" : "no-cache");
        },
      });
    });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const isPage =
      request.method === "GET" &&
      !/^\/(v1|auth|ingest|hooks|assets)(\/|$)/.test(request.url) &&
      (request.headers.accept ?? "").includes("text/html");
    if (!isPage) return handleNotFound(request, reply);
    if (!built)
      return reply.code(503).type("text/plain").send("The web application is not built yet: npm run build\n");
    const nonce = randomBytes(16).toString("base64");
    return reply
      .header("content-security-policy", contentPolicy(nonce, frames))
      .header("cache-control", "no-store")
      .type("text/html")
      .send(index.replaceAll(NONCE_PLACEHOLDER, nonce));
  });
}
