/** What is done on screens before their picture is taken: menus, dialogs, forms that are filled in wrongly or half. */
import type { Page } from "playwright-core";
import type { OpenedIds } from "./furnish.ts";

interface Acted {
  readonly at: (ids: OpenedIds) => string;
  readonly act: (page: Page) => Promise<void>;
}

const press = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole("button", { name, ...(typeof name === "string" ? { exact: true } : {}) })
    .first()
    .click();

const choose = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole("menuitem", { name, ...(typeof name === "string" ? { exact: true } : {}) })
    .first()
    .click();

const steps =
  (...all: readonly ((page: Page) => Promise<void>)[]) =>
  async (page: Page): Promise<void> => {
    for (const step of all) await step(page);
  };

const keys =
  (...all: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of all) await page.keyboard.press(key);
  };

const fill = (label: string | RegExp, text: string) => (page: Page) =>
  page.getByRole("dialog").getByLabel(label).first().fill(text);

/** In the rail, which a narrow screen has not: there its menu is opened. */
const fromRail = (item: string) => async (page: Page) => {
  const rail = page
    .getByRole("navigation", { name: "Main" })
    .getByRole("button", { name: "New", exact: true });
  await ((await rail.isVisible()) ? rail.click() : press("Menu")(page));
  if (item !== "") await choose(item)(page);
};

const HOME = () => "/";
const SERVICES = () => "/c/service?t=url:filled";
const LEDGER = () => "/c/service/ledger-api";
const WIDGETS = () => "/d/every_widget";

/** Behind the address of the screen, which each key names; the rest of it is for the picture's name. */
export const ACTED: Readonly<Record<string, Readonly<Record<string, Acted>>>> = {
  "/": {
    "palette, nothing typed": { at: HOME, act: keys("Control+k") },
    palette: {
      at: HOME,
      act: async (page) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Search and commands" }).fill("led");
        await page.waitForTimeout(600);
      },
    },
    "palette, nothing found": {
      at: HOME,
      act: async (page) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Search and commands" }).fill("zzqqy");
        await page.waitForTimeout(600);
      },
    },
    "account menu": { at: HOME, act: press("Account") },
    "theme menu": { at: HOME, act: press(/^Change theme/) },
    "new menu": { at: HOME, act: fromRail("") },
    "new dashboard": { at: HOME, act: fromRail("New dashboard") },
    "new DORA dashboard": { at: HOME, act: fromRail("Set up DORA metrics") },
    "new folder": { at: HOME, act: fromRail("New folder") },
    "arrange pages": { at: HOME, act: fromRail("Arrange pages") },
    "folded rail": {
      at: HOME,
      act: async (page) => {
        const fold = page.getByRole("button", { name: "Fold menu" });
        if (await fold.isVisible()) await fold.click();
      },
    },
  },
  "/c/$blueprint": {
    filter: { at: SERVICES, act: press("Filter") },
    columns: { at: SERVICES, act: press("Columns") },
    views: { at: SERVICES, act: press(/^View/) },
    export: { at: SERVICES, act: press("Export") },
    "column menu": { at: SERVICES, act: press(/^Column /) },
    "row menu": { at: SERVICES, act: press(/^Actions for ledger/) },
    "chosen rows": {
      at: SERVICES,
      act: async (page) => {
        for (const at of [0, 1])
          await page
            .getByRole("checkbox", { name: /^Select / })
            .nth(at)
            .check();
      },
    },
    "edit many": {
      at: SERVICES,
      act: async (page) => {
        for (const at of [0, 1])
          await page
            .getByRole("checkbox", { name: /^Select / })
            .nth(at)
            .check();
        await press("Edit")(page);
      },
    },
    "delete many": {
      at: SERVICES,
      act: async (page) => {
        for (const at of [0, 1])
          await page
            .getByRole("checkbox", { name: /^Select / })
            .nth(at)
            .check();
        await press("Delete")(page);
      },
    },
    "cell editor": {
      at: SERVICES,
      act: async (page) => {
        await page.locator('[data-place="0:1"]').focus();
        await page.keyboard.press("Enter");
      },
    },
    "new entity": { at: SERVICES, act: press("New Service") },
  },
  "/c/$blueprint/$id": {
    edit: { at: LEDGER, act: press("Edit") },
    "edit, all types": { at: () => "/c/everything/one", act: press("Edit") },
    "edit, wrong": {
      at: () => "/c/everything/one",
      act: steps(press("Edit"), fill("E-mail", "nobody"), fill("Object", "{ not json")),
    },
    "edit, unsaved": {
      at: LEDGER,
      act: steps(press("Edit"), fill("Title", "Another title"), keys("Escape")),
    },
    delete: { at: LEDGER, act: steps(press(/^Actions for /), choose("Delete")) },
    tabs: { at: LEDGER, act: press("Edit the tabs") },
    "edit in place": { at: LEDGER, act: press(/^Edit [A-Z]/) },
  },
  "/d/$page": {
    menu: { at: WIDGETS, act: press("Menu of the dashboard") },
    "widget menu": { at: WIDGETS, act: press(/^Menu of Lead/) },
    "add a widget": { at: WIDGETS, act: press("Widget") },
    "new number chart": { at: WIDGETS, act: steps(press("Widget"), press(/^Number Chart/)) },
    "new line chart": { at: WIDGETS, act: steps(press("Widget"), press(/^Line Chart/)) },
    "new table": { at: WIDGETS, act: steps(press("Widget"), press(/^Table/)) },
    "edit a widget": { at: WIDGETS, act: steps(press(/^Menu of Lead/), choose("Edit")) },
    permissions: { at: WIDGETS, act: steps(press("Menu of the dashboard"), choose("Permissions")) },
    details: { at: WIDGETS, act: steps(press("Menu of the dashboard"), choose("Edit details")) },
    delete: { at: WIDGETS, act: steps(press("Menu of the dashboard"), choose("Delete")) },
    filter: { at: WIDGETS, act: press("Filter") },
    "full screen": { at: WIDGETS, act: press("Full screen") },
  },
  "/dora": {
    "chart menu": { at: () => "/dora", act: press(/^More for /) },
    offline: {
      at: () => "/dora",
      act: async (page) => {
        await page.context().setOffline(true);
        await page.waitForTimeout(500);
      },
    },
    "point read": {
      at: () => "/dora",
      act: async (page) => {
        await page.getByRole("slider").first().focus();
        await page.keyboard.press("End");
        await page.keyboard.press("ArrowLeft");
      },
    },
    "note half written": {
      at: () => "/dora?note=new",
      act: steps(fill("What happened?", "We moved"), keys("Escape")),
    },
  },
  "/builder": {
    "new blueprint, JSON": {
      at: () => "/builder?new=blueprint",
      act: steps(fill("Title", "Library"), async (page) => {
        await page.getByRole("dialog").getByText("Edit JSON").click();
      }),
    },
  },
  "/builder/$blueprint": {
    delete: { at: () => "/builder/service", act: steps(press("Actions for Service"), choose("Delete")) },
    "new relation": { at: () => "/builder/service?open=new%20relation", act: async () => undefined },
    "new mirror": { at: () => "/builder/service?open=new%20mirror", act: async () => undefined },
    "new property": { at: () => "/builder/service?open=new%20property", act: async () => undefined },
    "new calculation": {
      at: () => "/builder/service?open=new%20calculation",
      act: steps(fill("Title", "Name in capitals"), fill(/jq/i, ".title | ascii_upcase")),
    },
  },
  "/self-serve": {
    "run, refused": {
      at: () => "/self-serve?action=restart",
      act: async (page) => {
        await page
          .getByRole("dialog")
          .getByRole("button", { name: "Run", exact: true })
          .click({ force: true });
      },
    },
    templates: { at: () => "/self-serve", act: press("From a template") },
    "edit, form": {
      at: () => "/self-serve?edit=restart",
      act: async (page) => page.getByRole("dialog").getByText("Form", { exact: true }).click(),
    },
    "edit, backend": {
      at: () => "/self-serve?edit=restart",
      act: async (page) => page.getByRole("dialog").getByText("Backend", { exact: true }).click(),
    },
    "edit, permissions": {
      at: () => "/self-serve?edit=restart",
      act: async (page) => page.getByRole("dialog").getByText("Permissions", { exact: true }).click(),
    },
  },
  "/automations": {
    recipes: { at: () => "/automations", act: press("From a template") },
    "edit, test": {
      at: () => "/automations?edit=tell_failed",
      act: async (page) => page.getByRole("dialog").getByText("Test", { exact: true }).click(),
    },
  },
  "/scorecards/$blueprint/$id": {
    edit: { at: () => "/scorecards/service/described", act: press("Edit") },
  },
  "/initiatives/$id": { edit: { at: () => "/initiatives/named", act: press("Edit") } },
  "/scorecards": { new: { at: () => "/scorecards", act: press("New scorecard") } },
  "/initiatives": { new: { at: () => "/initiatives", act: press("New initiative") } },
  "/sources/webhooks/$identifier": {
    delete: {
      at: ({ webhook }) => `/sources/webhooks/${webhook}`,
      act: steps(press(/^Actions for /), choose("Delete")),
    },
  },
  "/settings/users": {
    "user menu": { at: () => "/settings/users", act: press(/^Actions for Ada|^Actions for ada/) },
  },
  "/settings/service-accounts": {
    new: { at: () => "/settings/service-accounts", act: press("New service account") },
  },
  "/settings/credentials": { new: { at: () => "/settings/credentials", act: press("New API credentials") } },
  "/settings/secrets": { new: { at: () => "/settings/secrets", act: press("New secret") } },
  "/settings/account": {
    "new token": { at: () => "/settings/account", act: press(/^(New|Make a) token|^Token$/) },
  },
};
