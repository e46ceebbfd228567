import { readFile } from "node:fs/promises";
import type { ApiClient } from "../client.ts";
import { CliError, exitCode, usageError } from "../cli-error.ts";
import { asObject, asText } from "../dora-answer.ts";
import { plain } from "../style.ts";
import type { Output } from "./dora.ts";

export interface MappingTestOptions {
  readonly mapping: string;
  readonly payload: string;
  readonly kind?: string;
  readonly webhook?: boolean;
  readonly event?: string;
  readonly validate?: boolean;
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw usageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/**
 * `fairway mapping test`: what a mapping makes of a payload, with the line of everything that is wrong.
 * @returns the exit code: partial when an entity would be lost
 */
export async function mappingTestCommand(
  client: ApiClient,
  options: MappingTestOptions,
  output: Output,
): Promise<number> {
  const [mapping, payloadText] = [await text(options.mapping), await text(options.payload)];
  let payload: unknown;
  try {
    payload = JSON.parse(payloadText);
  } catch (error) {
    throw usageError(`${options.payload} is not JSON: ${(error as Error).message}`);
  }
  const answer = await client.post("/v1/mapping/test", {
    ...{ type: options.webhook === true ? "webhook" : "integration", mapping, payload },
    ...(options.kind !== undefined && { kind: options.kind }),
    ...(options.event !== undefined && { event: options.event }),
    ...(options.validate === true && { validate: true }),
  });
  const list = (key: string): readonly unknown[] => (Array.isArray(answer[key]) ? answer[key] : []);
  const errors = list("errors").map(asObject);
  if (output.json) output.write(JSON.stringify(answer, null, 2));
  else {
    for (const item of list("entities").map(asObject)) {
      output.write(output.style.bold(plain(asText(item["blueprint"]) ?? "?")));
      output.write(JSON.stringify(item["entity"], null, 2));
    }
    for (const item of list("deletes").map(asObject))
      output.write(
        `delete ${plain(asText(item["blueprint"]) ?? "?")}/${plain(asText(item["identifier"]) ?? "?")}`,
      );
    for (const error of errors) {
      const { line } = asObject(error["position"]);
      const where = typeof line === "number" ? `${options.mapping}:${line}: ` : "";
      const key = asText(error["key"]) ?? "";
      output.write(
        `${where}${plain(key === "" ? (asText(error["identifier"]) ?? "entity") : key)}: ${plain(asText(error["reason"]) ?? "")}`,
      );
    }
    for (const warning of list("warnings")) output.write(plain(asText(warning) ?? ""));
    output.write(
      output.style.dim(
        `${list("entities").length} entities, ${list("deletes").length} deletions, ${String(answer["filtered"])} filtered out, ${errors.length} errors`,
      ),
    );
  }
  return errors.some((error) => error["lost"] === true) ? exitCode.partial : exitCode.ok;
}

/** `fairway sync`: asks an integration to sync again. */
export async function syncCommand(client: ApiClient, id: string, output: Output): Promise<void> {
  const answer = await client.patch(`/v1/integration/${encodeURIComponent(id)}`, {});
  const integration = asObject(answer["integration"]);
  const title = asText(integration["title"]);
  if (title === null)
    throw new CliError(exitCode.failure, "failed", "the server answered without integration");
  if (output.json) output.write(JSON.stringify(answer, null, 2));
  else output.write(`${plain(title)} was asked to sync; it does so when it asks the server next.`);
}
