/** What the walks share: one server, one browser, one person who is signed in; a page's misbehaviour fails its test. */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createTestPlace } from "../../support/database.ts";
import { launchBrowser, watch } from "./browser.ts";
import { startServer, type TestServer } from "./server.ts";
import { STEP_MS, patient } from "../../support/patience.ts";

export interface Portal {
  readonly server: TestServer;
  readonly browser: Browser;
  /** Of the administrator, signed in by the one-time link. */
  readonly page: Page;
  /** Opens an address below the server's. */
  readonly open: (path: string) => Promise<void>;
  /** The only dialog or drawer that is open. */
  readonly dialog: Locator;
  /** The list of pages at the left. */
  readonly rail: Locator;
  /** Chooses in a list box. */
  readonly choose: (label: string, option: string | RegExp, within?: Locator | Page) => Promise<void>;
  /** Puts a text into an editor, in place of what is there, as a paste does. */
  readonly paste: (editor: string, text: string) => Promise<void>;
  /** Somebody else in a window of their own. */
  readonly visitor: () => Promise<{ page: Page; context: BrowserContext }>;
}

const SIZE = { width: 1280, height: 900 } as const;

/** @param prepare what is there before anybody signs in */
export function usePortal(
  prepare: (server: TestServer) => Promise<void> = () => Promise.resolve(),
  options: { readonly movableClock?: boolean } = {},
): Portal {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let problems: string[] = [];
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(await createTestPlace(), options), launchBrowser()]);
    await prepare(server);
    page = await (await browser.newContext({ viewport: SIZE })).newPage();
    page.setDefaultTimeout(STEP_MS);
    problems = watch(page, server.url);
    await page.goto(server.signInUrl);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  }, patient(90_000));
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(() => {
    if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
  });
  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    get page() {
      return page;
    },
    get dialog() {
      return page.getByRole("dialog");
    },
    get rail() {
      return page.getByRole("navigation", { name: "Main" });
    },
    async open(path) {
      await page.goto(server.url + path);
    },
    async choose(label, option, within = page) {
      await within.getByRole("combobox", { name: label, exact: true }).click();
      await page
        .getByRole("option", typeof option === "string" ? { name: option, exact: true } : { name: option })
        .first()
        .click();
    },
    async paste(editor, text) {
      await page.getByRole("textbox", { name: editor }).click();
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
    },
    async visitor() {
      const context = await browser.newContext({ viewport: SIZE });
      const other = await context.newPage();
      other.setDefaultTimeout(STEP_MS);
      return { page: other, context };
    },
  };
}
