/** The pages before the portal: each way in, each step of it, and how it fails. Answers that need another server are made up. */
import type { Page } from "playwright-core";
import type { Subject } from "./subject.ts";

interface Methods {
  readonly password?: boolean;
  readonly passwordReset?: boolean;
  readonly isLocalOpen?: boolean;
  readonly sso?: { readonly name: string } | null;
}

const methodsAre =
  (methods: Methods) =>
  async (page: Page): Promise<void> => {
    await page.route("**/auth/me", (route) =>
      route.fulfill({
        status: 401,
        json: {
          ...{ ok: false, error: "unauthorized", message: "not signed in" },
          methods: { password: true, passwordReset: true, isLocalOpen: true, sso: null, ...methods },
        },
      }),
    );
  };

const answer =
  (path: string, status: number, json: object) =>
  async (page: Page): Promise<void> => {
    await page.route(`**${path}`, (route) => route.fulfill({ status, json }));
  };

const both =
  (...all: readonly ((page: Page) => Promise<void>)[]) =>
  async (page: Page): Promise<void> => {
    for (const one of all) await one(page);
  };

const signIn = async (page: Page): Promise<void> => {
  await page.getByLabel("Email").fill("ada.byron@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill("not this one");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

const REFUSED = { ok: false, error: "unauthorized", message: "wrong" };

/** @param url of the server */
export function signedOut(url: string): Subject[] {
  const of = (name: string, address: string, more: Omit<Subject, "screen" | "url" | "as">): Subject => ({
    ...{ screen: `/login ${name}`, url: url + address, as: "nobody" },
    ...more,
  });
  return [
    of("by password", "/login", { prepare: methodsAre({}) }),
    of("by the link of the server", "/login", {
      prepare: methodsAre({ password: false, passwordReset: false }),
    }),
    of("by a provider", "/login", { prepare: methodsAre({ sso: { name: "Okta" }, isLocalOpen: false }) }),
    of("by a provider or a password", "/login", { prepare: methodsAre({ sso: { name: "Okta" } }) }),
    of("provider failed", "/login?sso=failed", { prepare: methodsAre({ sso: { name: "Okta" } }) }),
    of("wrong password", "/login", {
      prepare: both(methodsAre({}), answer("/auth/login", 401, REFUSED)),
      act: signIn,
    }),
    of("second factor", "/login", {
      prepare: both(methodsAre({}), answer("/auth/login", 200, { ok: true, secondFactorToken: "t" })),
      act: signIn,
    }),
    of("forgotten password", "/login", {
      prepare: methodsAre({}),
      act: (page) => page.getByRole("button", { name: "Forgot your password?" }).click(),
    }),
    of("look into your mail", "/login", {
      prepare: both(methodsAre({}), answer("/auth/forgot-password", 200, { ok: true })),
      act: async (page) => {
        await page.getByRole("button", { name: "Forgot your password?" }).click();
        await page.getByLabel("Email").fill("ada.byron@example.com");
        await page.getByRole("button", { name: "Send the link" }).click();
      },
    }),
    of("new password", "/login?password=none", { prepare: methodsAre({}) }),
    of("by link", "/login?token=none", { prepare: methodsAre({}) }),
    of("by a link that is over", "/login?token=none", {
      prepare: methodsAre({}),
      act: (page) => page.getByRole("button", { name: "Continue" }).click(),
    }),
    of("has to set up a second factor", "/login", {
      prepare: both(
        answer("/auth/me", 200, {
          ...{ ok: true, user: { email: "ada.byron@example.com", name: "Ada Byron", role: "Member" } },
          ...{ mustSetUpSecondFactor: true, moderates: [] },
          methods: { password: true, passwordReset: true, isLocalOpen: true, sso: null },
        }),
        answer("/auth/account", 200, {
          ok: true,
          account: {
            ...{ email: "ada.byron@example.com", password: "own", mayHavePassword: true },
            secondFactor: { isOn: false, isRequired: true, recoveryCodesLeft: 0 },
          },
        }),
      ),
    }),
    { screen: "/nowhere, signed out", url: `${url}/dora`, as: "nobody", prepare: methodsAre({}) },
  ];
}
