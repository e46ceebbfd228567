/** All rows behind a number as CSV: counted and left out, each with the window it was asked for. */
import { getJson, type Params } from "../api/client.ts";
import type { EvidenceAnswer, EvidenceRow, ExcludedRow } from "../api/types.ts";
import { csv, type Cell } from "../lib/csv.ts";

const PAGE = 1000;

/**
 * Follows the cursor to the end. `onProgress` hears the rows so far.
 * @throws ApiError of the first page that fails: half a file is worse than none
 */
export async function evidenceCsv(
  params: Params,
  timezone: string,
  onProgress: (rows: number) => void,
): Promise<string> {
  const rows: EvidenceRow[] = [];
  const excluded: ExcludedRow[] = [];
  let cursor: string | null = null;
  do {
    const page: EvidenceAnswer = await getJson("/v1/dora/evidence", {
      ...params,
      limit: PAGE,
      from_cursor: cursor,
    });
    rows.push(...page.rows);
    excluded.push(...page.excluded);
    cursor = page.next;
    onProgress(rows.length);
  } while (cursor !== null);
  return evidenceTable(String(params["metric"] ?? ""), rows, excluded, timezone);
}

/** Times stay ISO 8601 in UTC; the zone of the question has a column of its own. */
export function evidenceTable(
  metric: string,
  rows: readonly EvidenceRow[],
  excluded: readonly ExcludedRow[],
  timezone: string,
): string {
  const times = [
    ...new Set([...rows, ...excluded].flatMap(({ timestamps }) => Object.keys(timestamps ?? {}))),
  ];
  const timeCells = (timestamps: Record<string, string | null> | undefined) =>
    times.map((name): Cell => timestamps?.[name]);
  const header = [
    "metric",
    "included",
    "service",
    "blueprint",
    "identifier",
    "title",
    "url",
    "value",
    "unit",
    "open",
    "reason",
    "detail",
    "count",
    "deployment",
    "sha",
    ...times,
    "window_timezone",
  ];
  const lines: Cell[][] = [
    ...rows.map(({ entity, service, value, unit, open, why, links, timestamps }) => [
      metric,
      true,
      service,
      entity.blueprint,
      entity.identifier,
      entity.title,
      entity.url,
      value,
      unit,
      open ?? false,
      why,
      "",
      1,
      links?.deployment,
      links?.sha,
      ...timeCells(timestamps),
      timezone,
    ]),
    ...excluded.map(({ entity, service, reason, detail, count: excludedCount, timestamps }) => [
      metric,
      false,
      service,
      entity.blueprint,
      entity.identifier,
      entity.title,
      entity.url,
      null,
      "",
      null,
      reason,
      detail,
      excludedCount ?? 1,
      "",
      "",
      ...timeCells(timestamps),
      timezone,
    ]),
  ];
  return csv(header, lines);
}
