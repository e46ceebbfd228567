/**
 * Pictures of every screen, to be looked at: light, dark, on a phone, empty, while loading, failing and forbidden, with
 * what their addresses open and what is done on them, as a moderator and as a member see them, and the ways in. `npm run
 * pictures` writes them with a contact sheet, `index.html`, into `pictures/`, which git ignores.
 *
 * `PICTURES_ONLY=/dora`: those whose address begins so. `PICTURES=a/folder`: elsewhere. `PICTURES_DEMO=part`: with the year
 * of one repository, which is there in seconds. `PICTURES_GO_ON=1`: only what an earlier run has not taken.
 * `PICTURES_MINUTES=60`: no picture is begun after so many minutes (120). `PICTURES_AT_ONCE=2`: so many at a time.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPartOfDemo } from "../test/e2e/support/part-of-demo.ts";
import { SCREENS } from "../test/e2e/support/screens.ts";
import { startServer, type TestServer } from "../test/e2e/support/server.ts";
import { ACTED } from "./pictures/acted.ts";
import { Album } from "./pictures/album.ts";
import { contactSheet } from "./pictures/contact-sheet.ts";
import { furnish, loadDemo, type OpenedIds } from "./pictures/furnish.ts";
import { OPENED } from "./pictures/opened.ts";
import { adminSession, allSessions } from "./pictures/people.ts";
import { signedOut } from "./pictures/signed-out.ts";
import type { Picture, Subject } from "./pictures/subject.ts";

const OWN = fileURLToPath(new URL("../pictures", import.meta.url));
const FOLDER = process.env["PICTURES"] ?? OWN;
const ONLY = process.env["PICTURES_ONLY"] ?? "";
const isPart = process.env["PICTURES_DEMO"] === "part";
const goesOn = process.env["PICTURES_GO_ON"] === "1";
const MINUTES = Number(process.env["PICTURES_MINUTES"] ?? 120);
const AT_ONCE = Number(process.env["PICTURES_AT_ONCE"] ?? 2);
/** A machine that is busy takes minutes for what takes seconds otherwise. */
const PATIENCE_MS = 600_000;
const NOTHING = { run: "none", webhook: "none", source: "none" } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const wanted = (subjects: readonly Subject[]): Subject[] =>
  subjects.filter(({ screen }) => screen.startsWith(ONLY));

/** Nobody has made anything: each screen says what comes next. */
async function takeEmpty(): Promise<void> {
  const bare = (url: string): Subject[] =>
    ["/c/service", "/builder/service", "/c/service/ledger-api"].map((path) => ({
      ...{ screen: `${path}, bare`, url: url + path, state: "empty" },
    }));
  const all = (url: string): Subject[] =>
    Object.entries(SCREENS).map(([screen, addressOf]) => ({
      ...{ screen, url: url + addressOf(NOTHING), state: "empty" },
    }));
  if (album.missing(wanted([...all(""), ...bare("")])).length === 0) return;
  const server = await startServer(undefined, { patienceMs: PATIENCE_MS });
  try {
    const sessions = await adminSession(server);
    await album.takeAll(wanted(all(server.url)), sessions);
    await server.post("/v1/blueprints", {
      ...{ identifier: "service", title: "Service", schema: { properties: {} } },
    });
    await album.takeAll(wanted(bare(server.url).slice(0, 2)), sessions);
    await server.post("/v1/blueprints/service/entities", { identifier: "ledger-api" });
    await album.takeAll(wanted(bare(server.url).slice(2)), sessions);
  } finally {
    await server.stop();
  }
}

/** What matters most first: a run may be cut short. */
function subjectsOf(url: string, ids: OpenedIds): Subject[] {
  const screens = Object.entries(SCREENS);
  return [
    // Who is signed in sees no more there than a way on.
    ...screens.map(([screen, addressOf]): Subject => ({
      ...{ screen, url: url + addressOf(ids) },
      ...(screen === "/login" ? ({ as: "nobody" } as const) : {}),
    })),
    ...screens.flatMap(([screen]) => withMore(url, ids, screen)),
    ...signedOut(url),
    ...screens.flatMap(([screen, addressOf]): Subject[] => [
      ...(["moderator", "member"] as const).map((as) => ({ screen, as, url: url + addressOf(ids) })),
      ...(["loading", "failing", "forbidden"] as const).map((state) => ({
        ...{ screen, state, url: url + addressOf(ids) },
      })),
    ]),
  ];
}

/** What the screen opens, and what is done on it. */
function withMore(url: string, ids: OpenedIds, screen: string): Subject[] {
  return [
    ...Object.entries(OPENED[screen] ?? {}).map(([name, openedAt]): Subject => ({
      screen: `${screen} ${name}`,
      url: url + openedAt(ids),
    })),
    ...Object.entries(ACTED[screen] ?? {}).map(([name, { at, act }]): Subject => ({
      ...{ screen: `${screen} ${name}`, url: url + at(ids), act },
    })),
  ];
}

async function takeFurnished(server: TestServer): Promise<void> {
  say("what people make beside demo data …");
  const ids = await furnish(server);
  const sessions = await allSessions(server);
  const subjects = subjectsOf(server.url, ids);
  await album.takeAll(wanted(subjects), sessions);
  const missing = album.missing(wanted(subjects)).length;
  if (missing > 0) say(`${missing} not taken; PICTURES_GO_ON=1 goes on with them`);
}

const ORDER = Object.keys(SCREENS);
const placeOf = ({ screen }: Picture): number => ORDER.indexOf(screen.split(/[ ,]/)[0] ?? "");

const started = Date.now();
// Of a folder of somebody's own nothing is removed.
if (FOLDER === OWN && !goesOn) rmSync(OWN, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const album = new Album({ folder: FOLDER, atOnce: AT_ONCE, until: started + MINUTES * 60_000, say }, goesOn);
const server = await startServer(undefined, { patienceMs: PATIENCE_MS });
// Servers are processes of their own; whoever stops this one has seen enough.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => album.end());
try {
  say("loading demo data …");
  await (isPart ? loadPartOfDemo(server) : loadDemo(server, say));
  await takeFurnished(server);
  say("the empty portal …");
  await takeEmpty();
} finally {
  const all = album.pictures.toSorted((a, b) => placeOf(a) - placeOf(b));
  const seconds = Math.round((Date.now() - started) / 1000);
  const said = `${all.length} pictures of ${ORDER.length} screens, ${new Date().toISOString().slice(0, 10)}`;
  writeFileSync(join(FOLDER, "index.html"), contactSheet(all, album.failures, said));
  for (const { key, reason } of album.failures) say(`not taken: ${key}: ${reason}`);
  say(`${said}, in ${seconds} s: ${join(FOLDER, "index.html")}`);
  await server.stop();
}
if (album.failures.length > 0) process.exitCode = 1;
