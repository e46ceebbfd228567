/**
 * Every route × everybody who may come: the answer that stands in support/access-table.ts, and nothing in it that they
 * may not read. The routes are those of the server itself: one without a line in the table fails, as does a line without
 * a route.
 */
import diagnostics from "node:diagnostics_channel";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { onPostgres } from "../support/database.ts";
import {
  addOrganisations,
  KEY,
  MAY_READ_SENTINEL,
  plant,
  type Principal,
  PRINCIPALS,
  SENTINEL,
  signIn,
} from "./support/access-principals.ts";
import { ACCESS_TABLE, NEEDS } from "./support/access-table.ts";

interface Route {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly config?: { readonly access?: string };
}
interface Watched {
  readonly fastify: { addHook(name: "onRoute", hook: (route: Route) => void): void };
}

let app: TestApp;
let headers: Awaited<ReturnType<typeof signIn>>;
let planted: Record<string, string>;
/** What each route says of itself, by method and address. */
const routes = new Map<string, string>();
/** Who may least comes first, so that what the others change cannot hide a write that was let through. */
const IN_TURN: readonly Principal[] = [
  ...(["anonymous", "expired", "wrongOrg", "otherTeam", "serviceAccount"] as const),
  ...(["member", "moderator", "admin"] as const),
];

function watch(message: unknown): void {
  (message as Watched).fastify.addHook("onRoute", ({ method, url, config }) => {
    for (const one of [method].flat())
      if (one !== "HEAD") routes.set(`${one} ${url}`, config?.access ?? "undeclared");
  });
}

beforeAll(async () => {
  diagnostics.subscribe("fastify.initialization", watch);
  app = await startTestApp({ FAIRWAY_SECRET_KEY: KEY }, addOrganisations);
  diagnostics.unsubscribe("fastify.initialization", watch);
  planted = await plant(app);
  headers = await signIn(app);
}, 300_000);
afterAll(() => app.stop());

/** Files of the built pages, which hold no data; where they are not built there are none. */
const PAGES = new URL("../../dist/web", import.meta.url);
const isFileOfPages = (route: string): boolean =>
  route.startsWith("GET /") &&
  statSync(`${fileURLToPath(PAGES)}${route.slice("GET ".length)}`, { throwIfNoEntry: false })?.isFile() ===
    true;

test("every route has a line, and every line a route", () => {
  const lines = Object.keys(ACCESS_TABLE);
  expect([...routes.keys()].filter((route) => !lines.includes(route) && !isFileOfPages(route))).toEqual([]);
  expect(lines.filter((line) => !routes.has(line))).toEqual([]);
});

test("what a route says of itself is what the table expects", () => {
  const wrong = Object.entries(ACCESS_TABLE).flatMap(([line, { answers }]) => {
    const [anonymous, expired, ...rest] = answers.split(" ");
    const access = routes.get(line);
    if (access === "public" || access === "undeclared") return [];
    const isClosed = anonymous === "401" && expired === "401";
    const isForAdmins = access !== "admin" || [0, 1, 2, 4].every((at) => rest[at] === "403");
    return isClosed && isForAdmins ? [] : [`${line} is ${access}: ${answers}`];
  });
  expect(wrong).toEqual([]);
});

test("every route answers everybody as the table says, with nothing that they may not read", async () => {
  const wrong: string[] = [];
  for (const [line, { answers: usual, onPostgres: other, ...rest }] of Object.entries(ACCESS_TABLE)) {
    const answers = onPostgres ? (other ?? usual) : usual;
    const got = new Map<Principal, string>();
    const askAs = async (who: Principal): Promise<void> => {
      const { status, text } = await ask(line, rest, who);
      got.set(who, String(status));
      if (text.includes(SENTINEL) && !MAY_READ_SENTINEL.has(who) && rest.told !== true)
        wrong.push(`${line} tells ${who} what they may not read: ${around(text)}`);
    };
    if (line.startsWith("GET ")) await Promise.all(PRINCIPALS.map(askAs));
    else for (const who of IN_TURN) await askAs(who);
    const all = PRINCIPALS.map((who) => got.get(who)).join(" ");
    if (all !== answers) wrong.push(`${line}: ${all}, not ${answers}`);
  }
  expect(wrong).toEqual([]);
  const { body } = await app.send<{ entities: { identifier: string }[] }>(
    "GET",
    "/v1/blueprints/vault/entities?include=identifier",
  );
  const left = body.entities.map(({ identifier }) => identifier).sort();
  expect(left).toEqual(
    [...WRITTEN, ...PRINCIPALS.filter((who) => !MAY_DELETE.has(who)).map((who) => `of-${who}`)].sort(),
  );
}, 300_000);

/** Where the sentinel stands. */
const around = (text: string): string => {
  const at = text.indexOf(SENTINEL);
  return `…${text.slice(Math.max(0, at - 300), at + SENTINEL.length)}…`;
};

/** Those who may create and delete in `vault`; of all others nothing may be left, and nothing be gone. */
const MAY_DELETE: ReadonlySet<Principal> = new Set(["moderator", "admin"]);
const WRITTEN = ["new", "bulk", "imported"].flatMap((made) => [...MAY_DELETE].map((who) => `${made}-${who}`));

type Line = (typeof ACCESS_TABLE)[string];

async function ask(
  line: string,
  { body, path }: Pick<Line, "body" | "path">,
  who: Principal,
): Promise<{ status: number; text: string }> {
  const [method = "", url = ""] = line.split(" ");
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => ({ ...planted, who })[name] ?? whole);
  const address = fill(
    path ?? url.replaceAll(/:(\w+)(\([^)]*\))?/g, (_, name: string) => NEEDS[name] ?? name),
  );
  const { authorization, ...others } = headers[who];
  const response = await fetch(app.url + address, {
    method,
    headers: {
      ...others,
      ...(authorization === "" || authorization === undefined ? {} : { authorization }),
      ...(body === undefined
        ? {}
        : { "content-type": typeof body === "string" ? "application/x-ndjson" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: fill(typeof body === "string" ? body : JSON.stringify(body)) }),
    redirect: "manual",
  });
  // Live events have no end.
  if ((response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
    await response.body?.cancel();
    return { status: response.status, text: "" };
  }
  return { status: response.status, text: await response.text() };
}
