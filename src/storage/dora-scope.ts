/** Which derived rows a question asks for, as a condition. */
import { type RawBuilder, sql } from "kysely";

/** A service for as long as it belonged to the scope, half-open; null = without end. */
export interface OwnedSpan {
  readonly service: string;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface ServiceScope {
  /** Null = the whole organisation. */
  readonly services: readonly string[] | null;
  /** When each of the services belonged to the scope; null = always. */
  readonly owned: readonly OwnedSpan[] | null;
  readonly from: Date;
  readonly to: Date;
}

export interface DerivedScope extends ServiceScope {
  readonly environments: readonly string[];
}

/** Rows of the services and the window by their own time. Columns are those of the innermost table. */
export function withinScope(
  { services, owned, from, to }: ServiceScope,
  time: "finished_at" | "deployed_at" | "started_at" | "merged_at",
): RawBuilder<unknown> {
  const column = sql.ref(time);
  const ofServices = services === null ? sql`` : sql` and service = any(${[...services]}::text[])`;
  const instants = (edge: "from" | "to") => owned?.map((span) => span[edge]?.toISOString() ?? null) ?? [];
  const whileOwned =
    owned === null
      ? sql``
      : sql` and exists (select 1 from unnest(${owned.map(({ service }) => service)}::text[],
          ${instants("from")}::timestamptz[], ${instants("to")}::timestamptz[]) as span (owner, since, until)
          where owner = service and ${column} >= coalesce(since, '-infinity') and ${column} < coalesce(until, 'infinity'))`;
  return sql`${column} >= ${from} and ${column} < ${to}${ofServices}${whileOwned}`;
}
