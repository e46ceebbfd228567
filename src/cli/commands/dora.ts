import type { ApiClient } from "../client.ts";
import { ApiError } from "../client.ts";
import { CliError, exitCode, usageError } from "../cli-error.ts";
import { asObject, asText, asWindow, metricLines } from "../dora-answer.ts";
import { doraTable } from "../dora-table.ts";
import { formatValue } from "../format-number.ts";
import { pad, plain } from "../style.ts";
import type { Style } from "../style.ts";

export interface DoraOptions {
  readonly service?: string;
  readonly blueprint?: string;
  readonly entity?: string;
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  readonly interval?: string;
  readonly timezone?: string;
  readonly weekStart?: string;
  readonly environment?: string;
  readonly compare?: string;
  readonly compareEntity?: string;
}

export interface Output {
  readonly json: boolean;
  readonly width: number;
  readonly style: Style;
  /** Writes one line to stdout. */
  write(line: string): void;
}

export function doraQuery(options: DoraOptions): URLSearchParams {
  if (options.service !== undefined && (options.blueprint !== undefined || options.entity !== undefined))
    throw usageError("--service is short for --blueprint service --entity …: give one or the other");
  if (options.entity !== undefined && options.blueprint === undefined)
    throw usageError("--entity needs --blueprint");
  if (options.last !== undefined && (options.from !== undefined || options.to !== undefined))
    throw usageError("--last and --from/--to exclude each other");
  const { compare, compareEntity } = options;
  // Another entity is compared with in the same window, where none is named.
  const query = new URLSearchParams({
    compare: compare ?? (compareEntity === undefined ? "previous" : "none"),
  });
  const scope =
    options.service === undefined
      ? { blueprint: options.blueprint, entity: options.entity }
      : { blueprint: "service", entity: options.service };
  const { last, from, to, interval, timezone, weekStart, environment } = options;
  for (const [key, value] of Object.entries({
    ...scope,
    last,
    from,
    to,
    interval,
    timezone,
    weekStart,
    environment,
    compareEntity,
  }))
    if (value !== undefined) query.set(key, value);
  if (last === undefined && from === undefined && to === undefined) query.set("last", "90d");
  return query;
}

/** `fairway dora`: the metrics as a table with sparklines, or the server's answer as it is. */
export async function doraCommand(client: ApiClient, options: DoraOptions, output: Output): Promise<void> {
  const query = doraQuery(options);
  let answer: Record<string, unknown>;
  try {
    answer = await client.get(`/v1/dora/metrics?${query.toString()}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      throw new CliError(
        exitCode.failure,
        error.code,
        error.message,
        "fairway dora --blueprint service lists what there is",
      );
    if (error instanceof ApiError && (error.status === 400 || error.status === 422))
      throw usageError(error.message);
    throw error;
  }
  if (output.json) {
    output.write(JSON.stringify(answer, null, 2));
    return;
  }
  const window = asWindow(answer["window"]);
  const days = `${window.from.slice(0, 10)} to ${window.to.slice(0, 10)}`;
  if (Array.isArray(answer["rows"])) {
    output.write(output.style.bold(`DORA per ${plain(options.blueprint ?? "entity")}, ${days}`));
    output.write("");
    for (const line of entityTable(answer["rows"], output.style)) output.write(line);
    return;
  }
  const scope = asObject(answer["scope"]);
  const name =
    asText(scope["title"]) ?? asText(scope["entity"]) ?? options.service ?? options.entity ?? "Organisation";
  const per = window.interval === "" ? "" : `, per ${window.interval}`;
  output.write(output.style.bold(`${plain(name)}, ${days} (${window.timezone || "UTC"}${per})`));
  output.write("");
  const lines = metricLines(answer["metrics"], answer["series"]);
  for (const line of doraTable(lines, output.width, output.style)) output.write(line);
  if (lines.every(({ value }) => value === null))
    output.write("No deployment is known here; fairway import git PATH brings them in.");
}

const NAME_WIDTH = 28;

function entityTable(rows: readonly unknown[], style: Style): string[] {
  const titles = ["Deployments", "Lead time", "Failures", "Rework"];
  const names = ["deploymentFrequency", "changeLeadTime", "changeFailureRate", "reworkRate"];
  const head = `${pad("", NAME_WIDTH)}${titles.map((title) => pad(title, 12)).join("")}`;
  const body = rows.map((row) => {
    const scope = asObject(asObject(row)["scope"]);
    const title = plain(asText(scope["title"]) ?? asText(scope["entity"]) ?? "?");
    const lines = metricLines(asObject(row)["metrics"], null);
    const cells = names.map((name) => {
      const line = lines.find((candidate) => candidate.name === name);
      return pad(line === undefined ? "–" : formatValue(line.value, line.unit), 12);
    });
    const shown =
      Array.from(title).length >= NAME_WIDTH
        ? `${Array.from(title)
            .slice(0, NAME_WIDTH - 2)
            .join("")}…`
        : title;
    return `${pad(shown, NAME_WIDTH)}${cells.join("")}`.trimEnd();
  });
  return [style.dim(head.trimEnd()), ...body];
}
