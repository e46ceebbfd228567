import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { ApiClient } from "../client.ts";
import { usageError } from "../cli-error.ts";
import { asNumber, asObject, asText, METRICS, metricLines } from "../dora-answer.ts";
import { formatValue } from "../format-number.ts";
import { pad, plain } from "../style.ts";
import { type DoraOptions, doraQuery, type Output } from "./dora.ts";

const WIDTHS = { name: 24, value: 16 } as const;

/** `fairway dora --what-if FILE`: the headlines under other settings, beside those of now. */
export async function doraPreviewCommand(
  client: ApiClient,
  options: DoraOptions,
  file: string,
  output: Output,
): Promise<void> {
  const query = doraQuery(options);
  query.delete("compare");
  const body = { ...Object.fromEntries(query), settings: await readSettings(file) };
  const answer = asObject(await client.post("/v1/dora/preview", body));
  if (output.json) return output.write(JSON.stringify(answer, null, 2));
  const services = asObject(answer["services"]);
  output.write(
    output.style.bold(
      `What if, over ${asNumber(services["computed"])} of ${asNumber(services["total"])} services`,
    ),
  );
  output.write("");
  const [before, after] = ["present", "proposed"].map((side) =>
    metricLines(asObject(answer[side])["metrics"], null),
  );
  output.write(
    output.style.dim(
      `${pad("", WIDTHS.name)}${["now", "then"].map((title) => pad(title, WIDTHS.value)).join("")}`.trimEnd(),
    ),
  );
  for (const { name, title } of METRICS) {
    const cells = [before, after].map((lines) => {
      const line = lines?.find((candidate) => candidate.name === name);
      return pad(line === undefined ? "–" : formatValue(line.value, line.unit), WIDTHS.value);
    });
    output.write(`${pad(title, WIDTHS.name)}${cells.join("")}`.trimEnd());
  }
  const rows = sourceRows(asObject(answer["present"])["sources"], asObject(answer["proposed"])["sources"]);
  if (rows.length > 0) output.write("");
  for (const row of rows) output.write(row);
}

async function readSettings(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw usageError(`${file} does not exist, or cannot be read`);
  }
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw usageError(`${file}: ${(error as Error).message}`);
  }
}

/** `deployment   deployment   18 of 20 count → 20 of 20`. */
function sourceRows(present: unknown, proposed: unknown): string[] {
  const told = new Map<string, [string, string]>();
  [present, proposed].forEach((side, index) => {
    for (const source of Array.isArray(side) ? side.map(asObject) : []) {
      const key = `${pad(asText(source["role"]) ?? "", 12)}${pad(plain(asText(source["blueprint"]) ?? "git"), WIDTHS.name)}`;
      const pair = told.get(key) ?? ["–", "–"];
      pair[index] = `${asNumber(source["counted"])} of ${asNumber(source["rows"])} count`;
      told.set(key, pair);
    }
  });
  return [...told].map(([key, [before, after]]) => `${key}${before} → ${after}`);
}

/** `fairway dora --candidates`: what could play the role of deployments. */
export async function doraCandidatesCommand(
  client: ApiClient,
  options: DoraOptions,
  output: Output,
): Promise<void> {
  const query = doraQuery(options);
  for (const name of [...query.keys()])
    if (!["from", "to", "last", "timezone"].includes(name)) query.delete(name);
  const answer = asObject(await client.get(`/v1/dora/candidates?${query.toString()}`));
  if (output.json) return output.write(JSON.stringify(answer, null, 2));
  const list = Array.isArray(answer["candidates"]) ? answer["candidates"].map(asObject) : [];
  if (list.length === 0) output.write("No blueprint could play the role of deployments.");
  for (const one of list) {
    const name = pad(plain(asText(one["id"]) ?? "?"), 2 * WIDTHS.value);
    const used = one["inUse"] === true ? "  (in use)" : "";
    const frequency = formatValue(asNumber(asObject(one["deploymentFrequency"])["perDay"]), "per_day");
    output.write(`${name}${asNumber(one["deployments"])} deployments, ${frequency}${used}`);
    output.write(output.style.dim(`  ${plain(asText(one["description"]) ?? "")}`));
  }
}
