import { Tag } from "../parts/tag.tsx";
import type { InitiativeDoc } from "./queries.ts";

/** Reached, overdue, or how long there is. */
export function InitiativeStatus({ initiative: { status, days } }: { initiative: InitiativeDoc }) {
  if (status === "reached") return <Tag tone="good">Reached</Tag>;
  const length = `${days} ${days === 1 ? "day" : "days"}`;
  return status === "overdue" ? <Tag tone="bad">Overdue by {length}</Tag> : <Tag>{length} left</Tag>;
}
