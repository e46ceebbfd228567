/** Pictures of one address as people see it: in both themes, on a phone, and while the server does not answer well. */
import { join } from "node:path";
import type { Page, Request, Route } from "playwright-core";
import { calm } from "../../test/e2e/support/browser.ts";
import { fileOf, type Picture, type Subject } from "./subject.ts";

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Longer than skeletons take to come, shorter than the note that it is slow. */
const LOADING_MS = 700;
const CALM_MS = 8000;

/** What the frame of the page needs: without it there is nothing but the frame's own state. */
const FRAME = /^\/(v1\/(organization|sidebars\/catalog|live|own-settings)|auth\/me)$/;
const isOfThePage = ({ pathname }: URL): boolean => /^\/(v1|auth)\//.test(pathname) && !FRAME.test(pathname);

const REFUSALS = {
  failing: { status: 500, error: "internal_error", message: "Something went wrong on the server" },
  forbidden: { status: 403, error: "forbidden", message: "You may not read this" },
} as const;

/** @param page a new one: what another left behind (its size, what it holds back) is in no picture */
export async function take(page: Page, folder: string, subject: Subject): Promise<Picture[]> {
  const { url, state, as, prepare, act } = subject;
  const screen = as === undefined ? subject.screen : `${subject.screen} as ${as}`;
  const awaited = awaitedBy(page);
  const pictures: Picture[] = [];
  const shoot = async (look: string): Promise<void> => {
    const file = fileOf(screen, look);
    // What lies over the page covers the window only.
    const isCovered = (await page.getByRole("dialog").or(page.getByRole("menu")).count()) > 0;
    await page.screenshot({ path: join(folder, file), fullPage: !isCovered });
    pictures.push({ screen, look, file });
  };
  const open = async (): Promise<void> => {
    await page.goto(url);
    await page
      .getByRole("heading")
      .first()
      .waitFor({ timeout: CALM_MS })
      .catch(() => undefined);
  };
  const held: Route[] = [];
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(WIDE);
  if (state === "loading") await page.route(isOfThePage, (route) => void held.push(route));
  else if (state === "failing" || state === "forbidden") await refuse(page, REFUSALS[state]);
  await prepare?.(page);
  await open();
  if (state === "loading") {
    await page.waitForTimeout(LOADING_MS);
    await shoot("loading");
    await Promise.all(held.map((route) => route.abort().catch(() => undefined)));
    return pictures;
  }
  await settled(page, awaited);
  await act?.(page);
  if (act !== undefined) await settled(page, awaited);
  await shoot(state ?? "light");
  // Roles differ in what is there, not in how it looks.
  if (as === "moderator" || as === "member") return pictures;
  if (state === undefined) {
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page, awaited);
    await shoot("dark");
    await page.emulateMedia({ colorScheme: "light" });
  }
  if (state === undefined || state === "empty") {
    await page.setViewportSize(PHONE);
    if (act !== undefined) {
      await page.context().setOffline(false);
      await open();
      await settled(page, awaited);
      await act(page);
    }
    await settled(page, awaited);
    await shoot(state === undefined ? "phone" : `${state}-phone`);
  }
  return pictures;
}

async function refuse(
  page: Page,
  { status, error, message }: { readonly status: number; readonly error: string; readonly message: string },
): Promise<void> {
  await page.route(isOfThePage, (route) =>
    route.fulfill({
      status,
      headers: { "x-request-id": "01JPICTURE" },
      json: { ok: false, error, message },
    }),
  );
}

/** No answer is awaited any more, and nothing moves. What never ends (a source that does not answer) is taken as it is. */
async function settled(page: Page, awaited: ReadonlySet<Request>): Promise<void> {
  const end = Date.now() + CALM_MS;
  for (let quiet = 0; quiet < 3 && Date.now() < end; quiet = awaited.size === 0 ? quiet + 1 : 0)
    await page.waitForTimeout(40);
  await Promise.race([calm(page).catch(() => undefined), page.waitForTimeout(CALM_MS)]);
}

/** Requests that have no answer yet, but for the one that never ends by design. */
function awaitedBy(page: Page): ReadonlySet<Request> {
  const awaited = new Set<Request>();
  page.on("request", (request) => {
    if (!new URL(request.url()).pathname.endsWith("/live")) awaited.add(request);
  });
  for (const event of ["requestfinished", "requestfailed"] as const)
    page.on(event as "requestfinished", (request) => awaited.delete(request));
  return awaited;
}
