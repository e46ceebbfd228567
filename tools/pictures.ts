/**
 * Pictures of every screen, to be looked at: light, dark, on a phone, empty, while loading, failing and forbidden, with
 * what their addresses open. `npm run pictures` writes them with a contact sheet, `index.html`, into `pictures/`, which git
 * ignores. `PICTURES_ONLY=/dora`: those whose address begins so; `PICTURES=a/folder`: elsewhere;
 * `PICTURES_DEMO=part`: with the year of one repository, which is there in seconds.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext } from "playwright-core";
import { launchBrowser } from "../test/e2e/support/browser.ts";
import { loadPartOfDemo } from "../test/e2e/support/part-of-demo.ts";
import { SCREENS } from "../test/e2e/support/screens.ts";
import { startServer, type TestServer } from "../test/e2e/support/server.ts";
import { contactSheet } from "./pictures/contact-sheet.ts";
import { furnish, loadDemo, type OpenedIds } from "./pictures/furnish.ts";
import { OPENED } from "./pictures/opened.ts";
import { type Picture, type Subject, takeAll } from "./pictures/take.ts";

const OWN = fileURLToPath(new URL("../pictures", import.meta.url));
const FOLDER = process.env["PICTURES"] ?? OWN;
const ONLY = process.env["PICTURES_ONLY"] ?? "";
const isPart = process.env["PICTURES_DEMO"] === "part";
/** Pages that are drawn at the same time. */
const AT_ONCE = 3;
const LIMIT_MS = 30_000;
const NOTHING = { run: "none", webhook: "none", source: "none" } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Cookies of the administrator. */
type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function signIn(server: TestServer): Promise<Session> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(server.signInUrl);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    return await page.context().storageState();
  } finally {
    await browser.close();
  }
}

async function takeWith(session: Session, subjects: readonly Subject[]): Promise<Picture[]> {
  const wanted = subjects.filter(({ screen }) => screen.startsWith(ONLY)).values();
  const work = async (): Promise<Picture[]> => {
    // One each: pages of different widths in one browser tear each other's pictures.
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ storageState: session });
      context.setDefaultTimeout(LIMIT_MS);
      return await takeAll(context, FOLDER, wanted);
    } finally {
      await browser.close();
    }
  };
  return (await Promise.all(Array.from({ length: AT_ONCE }, work))).flat();
}

/** Nobody has made anything: each screen says what comes next. */
async function takeEmpty(): Promise<Picture[]> {
  const server = await startServer();
  try {
    const session = await signIn(server);
    const subjects = Object.entries(SCREENS).map(([screen, addressOf]): Subject => ({
      screen,
      url: server.url + addressOf(NOTHING),
      state: "empty",
    }));
    const pictures = await takeWith(session, subjects);
    await server.post("/v1/blueprints", {
      ...{ identifier: "service", title: "Service", schema: { properties: {} } },
    });
    const bare = ["/c/service", "/builder/service", "/c/service/ledger-api"].map((path): Subject => ({
      screen: `${path}, bare`,
      url: server.url + path,
      state: "empty",
    }));
    pictures.push(...(await takeWith(session, bare.slice(0, 2))));
    await server.post("/v1/blueprints/service/entities", { identifier: "ledger-api" });
    return [...pictures, ...(await takeWith(session, bare.slice(2)))];
  } finally {
    await server.stop();
  }
}

function subjectsOf(url: string, ids: OpenedIds): Subject[] {
  return Object.entries(SCREENS).flatMap(([screen, addressOf]): Subject[] => [
    { screen, url: url + addressOf(ids) },
    ...(["loading", "failing", "forbidden"] as const).map((state): Subject => ({
      ...{ screen, state },
      url: url + addressOf(ids),
    })),
    ...Object.entries(OPENED[screen] ?? {}).map(([name, openedAt]): Subject => ({
      screen: `${screen} ${name}`,
      url: url + openedAt(ids),
    })),
  ]);
}

const started = Date.now();
// Of a folder of somebody's own nothing is removed.
if (FOLDER === OWN) rmSync(OWN, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const server = await startServer();
try {
  say("loading demo data, and looking at the empty portal meanwhile …");
  const [empty] = await Promise.all([takeEmpty(), isPart ? loadPartOfDemo(server) : loadDemo(server)]);
  const ids = await furnish(server);
  say(`${empty.length} pictures; now those with data …`);
  const taken = await takeWith(await signIn(server), subjectsOf(server.url, ids));
  const order = [...Object.keys(SCREENS)];
  const placeOf = ({ screen }: Picture): number => order.indexOf(screen.split(/[ ,]/)[0] ?? "");
  const all = [...taken, ...empty].sort((a, b) => placeOf(a) - placeOf(b));
  const seconds = Math.round((Date.now() - started) / 1000);
  const said = `${all.length} pictures of ${order.length} screens, ${new Date().toISOString().slice(0, 10)}`;
  writeFileSync(join(FOLDER, "index.html"), contactSheet(all, said));
  say(`${said}, in ${seconds} s: ${join(FOLDER, "index.html")}`);
} finally {
  await server.stop();
}
