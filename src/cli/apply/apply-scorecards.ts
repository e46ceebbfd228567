import { type ApiClient, ApiError, type JsonObject } from "../client.ts";
import { CliError, exitCode } from "../cli-error.ts";
import { compareScorecard, type Difference } from "./compare.ts";
import { isObject, place, type ScorecardDocument } from "./document.ts";

export interface ScorecardChange {
  readonly document: ScorecardDocument;
  readonly action: "create" | "change" | "keep";
  readonly differences: readonly Difference[];
}

/** What applying `documents` would do, in their order. */
export async function planScorecards(
  client: ApiClient,
  documents: readonly ScorecardDocument[],
  replace: boolean,
): Promise<ScorecardChange[]> {
  if (documents.length === 0) return [];
  const { scorecards } = await client.get("/v1/scorecards");
  const stored = new Map(
    (Array.isArray(scorecards) ? scorecards.filter(isObject) : []).map((one) => [
      keyOf(String(one["blueprint"]), String(one["identifier"])),
      one,
    ]),
  );
  return documents.map((document) => {
    const before: JsonObject | undefined = stored.get(keyOf(document.blueprint, document.identifier));
    if (before === undefined) return { document, action: "create", differences: [] };
    const differences = compareScorecard(document.body, before, replace);
    return { document, action: differences.length === 0 ? "keep" : "change", differences };
  });
}

const keyOf = (blueprint: string, identifier: string): string => `${blueprint}\0${identifier}`;

/** Writes what differs. @throws CliError naming file and line */
export async function applyScorecards(
  client: ApiClient,
  changes: readonly ScorecardChange[],
  replace: boolean,
  onDone: () => void,
): Promise<void> {
  for (const { document, action } of changes) {
    if (action === "keep") continue;
    const { blueprint, identifier, body, origin } = document;
    const list = `/v1/blueprints/${encodeURIComponent(blueprint)}/scorecards`;
    const one = `${list}/${encodeURIComponent(identifier)}`;
    try {
      if (action === "create") await client.post(list, body);
      else if (replace) await client.put(one, body);
      else await client.patch(one, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 401 || error.status === 403) throw error;
      throw new CliError(
        exitCode.failure,
        error.code,
        `${place(origin)}: scorecard "${identifier}" of "${blueprint}": ${error.message}`,
      );
    }
    onDone();
  }
}
