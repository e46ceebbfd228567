import { plural } from "../lib/format.ts";
import { Tag } from "../parts/tag.tsx";
import type { InitiativeDoc } from "./queries.ts";

/** Reached, overdue, or how long there is; or that it cannot be reached. */
export function InitiativeStatus({ initiative: { status, days, problem } }: { initiative: InitiativeDoc }) {
  if (problem !== undefined) return <Tag tone="warn">Cannot be reached</Tag>;
  if (status === "reached") return <Tag tone="good">Reached</Tag>;
  const length = plural(days, "day");
  return status === "overdue" ? <Tag tone="bad">Overdue by {length}</Tag> : <Tag>{length} left</Tag>;
}
