import type { ApiClient, JsonObject } from "../client.ts";
import type { Row, RowError, RowErrors } from "./send-rows.ts";

export async function postCommits(client: ApiClient, rows: readonly Row[]): Promise<number> {
  await client.postText("/v1/dora/commits", `{"commits":[${rows.map((row) => row.json).join(",")}]}`);
  return rows.length;
}

export interface EntityRows {
  readonly kind: RowError["kind"];
  readonly blueprint: string;
  /** Rows are told by their `id` instead of the identifier that the server names. */
  readonly byRow?: true;
}

/** Rows that are refused one by one go to `errors`. @returns how many were taken */
export async function postEntities(
  client: ApiClient,
  errors: RowErrors,
  { kind, blueprint, byRow }: EntityRows,
  rows: readonly Row[],
): Promise<number> {
  const path = `/v1/blueprints/${blueprint}/entities/bulk?upsert=true&merge=true`;
  const answer = await client.postText(path, `{"entities":[${rows.map((row) => row.json).join(",")}]}`);
  const failed = Array.isArray(answer["errors"]) ? (answer["errors"] as JsonObject[]) : [];
  for (const error of failed) {
    const { index, identifier, message } = error;
    const row = typeof index === "number" ? rows[index]?.id : undefined;
    const named = typeof identifier === "string" ? identifier : undefined;
    errors.add({
      kind,
      id: (byRow === true ? row : undefined) ?? named ?? row ?? "?",
      message: typeof message === "string" ? message : "refused by the server",
    });
  }
  return rows.length - failed.length;
}
