/** Scorecards as `fairway apply` takes them: as somebody would write them. */
import { isObject } from "../apply/document.ts";
import type { ApiClient, JsonObject } from "../client.ts";

const SERVER_KEYS = new Set(["createdAt", "createdBy", "updatedAt", "updatedBy", "id"]);

/** Of the blueprints that are exported, by these. */
export async function scorecardDocuments(
  client: ApiClient,
  blueprints: readonly JsonObject[],
): Promise<JsonObject[]> {
  const { scorecards } = await client.get("/v1/scorecards");
  const wanted = new Set(blueprints.map(({ identifier }) => identifier));
  return (Array.isArray(scorecards) ? scorecards.filter(isObject) : [])
    .filter(({ blueprint }) => wanted.has(blueprint))
    .map((scorecard) =>
      Object.fromEntries(
        Object.entries(scorecard).filter(([key, value]) => !SERVER_KEYS.has(key) && value !== null),
      ),
    );
}
