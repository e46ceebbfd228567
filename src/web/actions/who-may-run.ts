/** Who sees, runs and approves an action, as rows of a table. */
import { type May, namedRows, type WhoMay } from "../builder/who-may.ts";
import type { PermissionsDoc } from "./edit-queries.ts";

export const RUN_ACTS = [
  ["see", "See"],
  ["run", "Run"],
  ["approve", "Approve"],
] as const;
type Act = (typeof RUN_ACTS)[number][0];

/** A policy of running decides alone, among those who see the action; one of approval names people besides. */
export function whoMayRun({ execute, approve }: PermissionsDoc): WhoMay<Act>[] {
  const has = (policy: unknown): boolean => policy !== null && policy !== undefined;
  const running: May = has(execute.policy) ? "some" : "yes";
  return [
    {
      ...{ key: "anyway", name: "Administrators" },
      may: { see: "yes", run: running, approve: "yes" },
    },
    ...namedRows([execute, approve], [], (named) => {
      const see: May = named(execute) ? "yes" : "no";
      const approving: May = named(approve) ? "yes" : has(approve.policy) ? "some" : "no";
      return { see, run: see === "no" ? "no" : running, approve: approving };
    }),
  ];
}
