/** Who looks at the screens: an administrator, a moderator of services, and a member of a team. */
import { launchBrowser } from "../../test/e2e/support/browser.ts";
import type { TestServer } from "../../test/e2e/support/server.ts";
import type { Session, Sessions } from "./album.ts";

const PEOPLE = [
  {
    who: "moderator",
    email: "mo.derin@example.com",
    name: ["Mo", "Derin"],
    roles: ["Member", "service-moderator"],
  },
  { who: "member", email: "mem.berg@example.com", name: ["Mem", "Berg"], roles: ["Member"] },
] as const;

/** Of the administrator alone. */
export async function adminSession(server: TestServer): Promise<Sessions> {
  return { admin: await signIn(server.signInUrl) };
}

/** Of all of them; those that are missing are invited. */
export async function allSessions(server: TestServer): Promise<Sessions> {
  const sessions: Record<string, Session> = { admin: await signIn(server.signInUrl) };
  for (const { who, email, name, roles } of PEOPLE) {
    const [firstName, lastName] = name;
    await server.post("/v1/users/invite?notify=false", { invitee: { email, firstName, lastName, roles } });
    const { signInUrl } = await server.post<{ signInUrl: string }>(`/v1/users/${email}/sign-in-link`, {});
    const { pathname, search } = new URL(signInUrl);
    sessions[who] = await signIn(server.url + pathname + search);
  }
  return sessions;
}

async function signIn(url: string): Promise<Session> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    return await page.context().storageState();
  } finally {
    await browser.close();
  }
}
