import { describe, expect, test } from "vitest";
import {
  ACTION_DEFAULTS,
  type ActionPermissions,
  isGranted,
  maySee,
} from "../../src/model/action-permission.ts";
import { whoMayRun } from "../../src/web/actions/who-may-run.ts";

const NOBODY = { users: [], roles: [], teams: [], policy: null };
const POLICY = { queries: {}, conditions: ["true"] };

const rowsOf = (execute: object, approve: object = {}) => {
  const permissions: ActionPermissions = {
    execute: { ...NOBODY, ownedByTeam: false, ...execute },
    approve: { ...NOBODY, ...approve },
  };
  return {
    permissions,
    rows: new Map(whoMayRun(permissions).map(({ name, may }) => [name, may])),
  };
};

/** Whose row it is, as the server knows them. */
const PEOPLE: Readonly<Record<string, { roles?: string[]; teams?: string[]; email?: string }>> = {
  Administrators: { roles: ["Admin"] },
  "Every member": {},
  "Owning teams": { teams: ["owners"] },
  "Role service-moderator": { roles: ["Member", "service-moderator"] },
  "Team red": { teams: ["red"] },
  "ada@example.com": { email: "ada@example.com" },
};

describe("who sees, runs and approves, by the rules that the server has", () => {
  test.each([
    ["as usual", ACTION_DEFAULTS.execute, ACTION_DEFAULTS.approve],
    ["nobody is named", {}, {}],
    ["a team runs, a person approves", { teams: ["red"] }, { users: ["ada@example.com"] }],
    ["everybody approves", { users: ["ada@example.com"] }, { roles: ["Member"] }],
    ["a role, and owners", { roles: ["Admin", "service-moderator"], ownedByTeam: true }, { teams: ["red"] }],
    ["a policy among a team", { teams: ["red"], policy: POLICY }, { roles: ["Admin"] }],
    ["a policy names who approves", {}, { teams: ["red"], policy: POLICY }],
  ])("%s", (_, execute, approve) => {
    const { permissions, rows } = rowsOf(execute, approve);
    for (const [name, may] of rows) {
      const { roles = ["Member"], teams = [], email = "eve@example.com" } = PEOPLE[name] ?? {};
      const person = { name: "Eve", email, roles, teams };
      // Whoever is in a team may own an entity: that is the row of the owners.
      const { execute: granted } = permissions;
      const ownedByTeam = granted.ownedByTeam && name === "Owning teams";
      const sees = maySee(person, { ...permissions, execute: { ...granted, ownedByTeam } });
      const approves = isGranted(permissions.approve, person);
      expect([name, may]).toEqual([
        name,
        {
          see: sees ? "yes" : "no",
          run: !sees ? "no" : permissions.execute.policy === null ? "yes" : "some",
          approve: approves ? "yes" : permissions.approve.policy === null ? "no" : "some",
        },
      ]);
    }
  });

  test("one row for each who is named, administrators and members once", () => {
    const { rows } = rowsOf(
      { roles: ["Admin", "service-moderator"], teams: ["red"] },
      { users: ["ada@example.com"], teams: ["red"] },
    );
    expect([...rows.keys()]).toEqual(Object.keys(PEOPLE));
  });
});
