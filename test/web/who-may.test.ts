import { describe, expect, test } from "vitest";
import type { Block, Granted } from "../../src/model/permission.ts";
import { readableBy } from "../../src/model/permission-checks.ts";
import type { EntityPermissions } from "../../src/web/builder/queries.ts";
import { whoMay } from "../../src/web/builder/who-may.ts";

const NOBODY: Block = { roles: [], users: [], teams: [], ownedByTeam: false };
const TEAM: Block = { ...NOBODY, teams: ["red"] };
const POLICY = { combinator: "and", rules: [] };

const rowsOf = (permissions: EntityPermissions) =>
  new Map(whoMay("service", permissions).map(({ name, may }) => [name, may]));

/** Whose row it is, as the server knows them. */
const PEOPLE: Readonly<Record<string, { roles?: string[]; teams?: string[]; email?: string }>> = {
  "Administrators and moderators": { roles: ["Member", "service-moderator"] },
  "Every member": {},
  "Role team-moderator": { roles: ["Member", "team-moderator"] },
  "Team red": { teams: ["red"] },
  "ada@example.com": { email: "ada@example.com" },
};

describe("who may read, by the rule that the server has", () => {
  const GRANTS: readonly [string, Granted][] = [
    ["nobody is named", {}],
    ["nobody is named, some may write", { register: TEAM }],
    ["nobody but those who always may", { read: NOBODY }],
    ["a team", { read: TEAM }],
    ["everybody", { read: { ...NOBODY, roles: ["Member"] }, update: TEAM }],
    ["moderators of another blueprint", { read: { ...NOBODY, roles: ["team-moderator"] } }],
    ["whoever may create", { read: NOBODY, register: TEAM }],
    ["whoever may change", { read: NOBODY, update: { ...NOBODY, users: ["ada@example.com"] } }],
    ["whoever may delete", { read: NOBODY, unregister: TEAM }],
    ["whoever may change one property", { read: NOBODY, updateProperties: { tier: TEAM } }],
    ["whoever may change one relation", { read: NOBODY, updateRelations: { team: TEAM } }],
    ["owners, as they may change", { read: NOBODY, update: { ...NOBODY, ownedByTeam: true } }],
    ["everybody, by a policy", { read: { ...NOBODY, policy: POLICY }, register: TEAM }],
  ];
  test.each(GRANTS)("%s", (_, granted) => {
    for (const [name, may] of rowsOf(granted)) {
      if (name === "Owning teams") continue;
      const { roles = ["Member"], teams = [], email = "eve@example.com" } = PEOPLE[name] ?? {};
      const readable = readableBy({ name: "Eve", email, roles, teams }, "service", granted);
      const expected = readable.kind === "all" ? "yes" : readable.policy === null ? "no" : "some";
      expect([name, may.read]).toEqual([name, expected]);
    }
    const own = readableBy(
      { name: "Eve", email: "eve@example.com", roles: ["Member"], teams: ["owners"] },
      "service",
      granted,
    );
    const isOwn = own.kind === "all" || own.teams.length > 0;
    expect(rowsOf(granted).get("Owning teams")?.read).toBe(
      isOwn ? "yes" : own.policy === null ? "no" : "some",
    );
  });
});

test("whoever may change single properties may change some; a role is a row, those that always may are none", () => {
  const rows = rowsOf({
    register: { roles: ["Admin", "service-moderator", "team-moderator"] },
    updateProperties: { tier: { teams: ["red"] } },
  });
  expect([...rows.keys()]).toEqual([
    ...["Administrators and moderators", "Every member", "Owning teams"],
    ...["Role team-moderator", "Team red"],
  ]);
  expect(rows.get("Role team-moderator")).toMatchObject({ register: "yes", update: "no" });
  expect(rows.get("Team red")).toMatchObject({ register: "no", update: "some", read: "yes" });
});
