/** The rows of an export, one shape for every format: what counts, and what was left out. */
import type { EvidencePage } from "./evidence.ts";

export const EXPORT_COLUMNS = [
  ...["metric", "counted", "service", "blueprint", "identifier", "title", "url", "value", "unit", "at"],
  ...["open", "why", "reason", "count", "deployment", "sha", "repository"],
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];
export type ExportCell = string | number | boolean | null | undefined;
export type ExportRow = Partial<Record<ExportColumn, ExportCell>>;

export function* exportRows({ metric, rows, excluded }: EvidencePage): Iterable<ExportRow> {
  for (const { entity, service, value, unit, at, why, links, open } of rows)
    yield {
      metric,
      counted: true,
      service,
      ...entity,
      value,
      unit,
      at,
      open: open === true,
      why,
      count: 1,
      ...links,
    };
  for (const { entity, service, at, reason, detail: why, count } of excluded)
    yield { metric, counted: false, service, ...entity, at, why, reason, count };
}
