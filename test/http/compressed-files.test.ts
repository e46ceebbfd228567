/** Files of the pages come as the build has compressed them, for those who take that. */
import { once } from "node:events";
import { mkdtemp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildApp } from "../../src/http/app.ts";
import type { FairwayInstance } from "../../src/http/app-types.ts";
import { webRoutes } from "../../src/http/web.ts";
import { compressFolder } from "../../tools/build-web.ts";

const SCRIPT = `export const text = ${JSON.stringify("what compresses well, ".repeat(200))};\n`;
const SMALL = "a{color:red}";

let folder: string;
const app = Fastify() as unknown as FairwayInstance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairway-compressed-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), `<!doctype html>${"<p>text</p>".repeat(200)}`);
  await writeFile(join(folder, "assets/page-1a2b.js"), SCRIPT);
  await writeFile(join(folder, "assets/page-1a2b.css"), SMALL);
  await writeFile(join(folder, "assets/font-1a2b.woff2"), Buffer.alloc(4000));
  await compressFolder(folder);
  await webRoutes(app, folder, []);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string, encodings?: string, headers: object = {}) =>
  app.inject({
    ...{ method: "GET", url: `/assets/${path}` },
    headers: { ...headers, ...(encodings !== undefined && { "accept-encoding": encodings }) },
  });

test("texts of more than a kilobyte are compressed by the build, the page with the nonce is not", async () => {
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    ...["assets", "assets/font-1a2b.woff2", "assets/page-1a2b.css"],
    ...["assets/page-1a2b.js", "assets/page-1a2b.js.br", "assets/page-1a2b.js.gz", "index.html"],
  ]);
});

test.each([
  ["br", "gzip, deflate, br, zstd", (body: Buffer) => brotliDecompressSync(body)],
  ["gzip", "gzip, deflate", (body: Buffer) => gunzipSync(body)],
  ["gzip", "br;q=0, gzip", (body: Buffer) => gunzipSync(body)],
  [undefined, "identity", (body: Buffer) => body],
  [undefined, undefined, (body: Buffer) => body],
] as const)("comes as %s to who takes %s, and is kept for ever as that", async (encoding, accepted, read) => {
  const answer = await ask("page-1a2b.js", accepted);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-encoding"]).toBe(encoding);
  expect(read(answer.rawPayload).toString()).toBe(SCRIPT);
  expect(answer.headers).toMatchObject({
    "content-type": "application/javascript; charset=utf-8",
    "content-length": String(answer.rawPayload.length),
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  });
});

test("each form has a mark of its own, by which it is known to be the same", async () => {
  const marks = await Promise.all(
    ["br", "gzip", "identity"].map(async (one) => String((await ask("page-1a2b.js", one)).headers.etag)),
  );
  expect(new Set(marks).size).toBe(3);
  const again = await ask("page-1a2b.js", "br", { "if-none-match": marks[0] });
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
});

test("what is not compressed comes as it is, and the compressed forms have no address", async () => {
  for (const path of ["page-1a2b.css", "font-1a2b.woff2"]) {
    const answer = await ask(path, "gzip, br");
    expect([answer.statusCode, answer.headers["content-encoding"]]).toEqual([200, undefined]);
    expect(answer.headers["vary"]).toBe("accept-encoding");
  }
  for (const path of ["page-1a2b.js.br", "page-1a2b.js.gz", "none.js"])
    expect((await ask(path, "br")).statusCode).toBe(404);
});

/** By the whole server, over a connection; the body as it came. */
async function askServer(url: string, method: "GET" | "HEAD", encodings: string) {
  const [answer] = (await once(
    request(url, { method, agent: false, headers: { "accept-encoding": encodings } }).end(),
    "response",
  )) as [IncomingMessage];
  const { statusCode: status, headers } = answer;
  return { status, headers, body: Buffer.concat(await answer.toArray()) };
}

test("the whole server sends them so, and HEAD says what GET would send", async () => {
  const server = await buildApp({
    ...{ logger: pino({ level: "fatal" }), version: "1.2.3", webFolder: folder, frameSources: [] },
    ...{ metricsToken: null, trustedProxies: [], isSecure: false, isLeaving: () => false },
    requestLimits: { perCredential: 100, perAddress: 100 },
    authenticator: {
      cookie: "session",
      token: () => Promise.resolve(null),
      session: () => Promise.resolve(null),
    },
    register: () => undefined,
  });
  try {
    const url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/assets/page-1a2b.js`;
    const got = await askServer(url, "GET", "br");
    expect(got.status).toBe(200);
    expect(got.headers).toMatchObject({
      "content-encoding": "br",
      "content-length": String(got.body.length),
      "content-type": "application/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    });
    expect(brotliDecompressSync(got.body).toString()).toBe(SCRIPT);
    const head = await askServer(url, "HEAD", "br");
    expect([head.status, head.body.length]).toEqual([200, 0]);
    for (const name of [
      "content-encoding",
      "content-length",
      "content-type",
      "cache-control",
      "etag",
      "vary",
    ])
      expect([name, head.headers[name]]).toEqual([name, got.headers[name]]);
  } finally {
    await server.close();
  }
});
