import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Writable } from "node:stream";
import type { ApiClient, JsonObject } from "../client.ts";
import { CliError, exitCode, usageError } from "../cli-error.ts";
import { asNumber, asObject, asText } from "../dora-answer.ts";
import type { Reporter } from "../reporter.ts";
import { plain } from "../style.ts";
import type { Output } from "./dora.ts";

export interface ConnectOptions {
  /** `name=value`; a value `@file` is read from the file. */
  readonly set?: readonly string[];
  readonly strategies?: string;
  readonly title?: string;
  readonly webhookSecret?: string;
  readonly wait?: boolean;
}

export interface ConnectContext {
  readonly client: ApiClient;
  readonly output: Output;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** Asks a person; null: nobody is there. */
  readonly ask: ((question: string, isSecret: boolean) => Promise<string>) | null;
  readonly pollMs?: number;
}

interface Setting {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly usual: string | null;
}

const POLL_MS = 1000;

const PERCENT = 100;

/**
 * `fairway connect`: asks for what is missing, tests address and token, creates the data source, tells address and secret of
 * its webhook and shows how the first run gets on. Without a system: what can be connected.
 * @returns the exit code: partial when some objects could not be brought in
 */
export async function connectCommand(
  system: string | undefined,
  options: ConnectOptions,
  context: ConnectContext,
): Promise<number> {
  const { client, output } = context;
  const types = listOf((await client.get("/v1/data-sources/types"))["types"]);
  if (system === undefined) return listTypes(types, output);
  const type = types.find((one) => asText(one["type"]) === system.toLowerCase());
  if (type === undefined)
    throw usageError(
      `${system} is nothing that can be connected`,
      `there is ${types.map((one) => String(one["type"])).join(", ")}`,
    );
  const settings = await readSettings(type, options.set ?? [], context.ask);
  const input = { type: String(type["type"]), settings };
  const check = await client.post("/v1/data-sources/check", input);
  if (check["connected"] !== true)
    throw new CliError(
      exitCode.failure,
      "not_connected",
      `${String(type["title"])} was not connected: ${asText(check["message"]) ?? "it did not answer"}`,
      "nothing was stored",
    );
  const created = await client.post("/v1/data-sources", {
    ...input,
    ...(options.title !== undefined && { title: options.title }),
    ...(options.strategies !== undefined && { strategies: splitList(options.strategies) }),
    ...(options.webhookSecret !== undefined && { webhookSecret: options.webhookSecret }),
  });
  const source = asObject(created["dataSource"]);
  const id = asText(source["id"]) ?? "";
  if (!output.json) tellWebhook(created, asText(check["message"]) ?? "", output);
  const run = options.wait === false ? null : await followRun(id, context);
  if (output.json) {
    output.write(JSON.stringify({ ...created, connectedAs: check["message"], run }, null, 2));
  } else if (run !== null) tellRun(run, output);
  if (run === null) return exitCode.ok;
  if (asText(run["status"]) !== "completed")
    throw new CliError(
      exitCode.failure,
      "run_failed",
      `the first run ${asText(run["status"]) ?? "failed"}: ${asText(run["message"]) ?? ""}`,
      `the data source is ${id}; it tries again by itself`,
    );
  return (asNumber(asObject(run["counts"])["failed"]) ?? 0) > 0 ? exitCode.partial : exitCode.ok;
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map(asObject) : []);
const splitList = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

function listTypes(types: readonly JsonObject[], output: Output): number {
  if (output.json) output.write(JSON.stringify({ ok: true, types }, null, 2));
  else
    for (const type of types) {
      const settings = settingsOf(type).map(({ name, isRequired }) => (isRequired ? name : `[${name}]`));
      output.write(`${output.style.bold(plain(String(type["type"])))}  ${plain(String(type["title"]))}`);
      output.write(output.style.dim(`  settings: ${plain(settings.join(" "))}`));
      const strategies = listOf(type["strategies"]).map(({ id, isDefault }) =>
        isDefault === true ? `${String(id)} (usual)` : String(id),
      );
      if (strategies.length > 0)
        output.write(output.style.dim(`  strategies: ${plain(strategies.join(", "))}`));
    }
  return exitCode.ok;
}

const settingsOf = (type: JsonObject): Setting[] =>
  listOf(type["settings"]).map((setting) => ({
    ...{ name: asText(setting["name"]) ?? "", title: asText(setting["title"]) ?? "" },
    ...{ help: asText(setting["help"]) ?? "", usual: asText(setting["default"]) },
    ...{ isSecret: setting["secret"] === true, isRequired: setting["required"] === true },
  }));

async function readSettings(
  type: JsonObject,
  given: readonly string[],
  ask: ConnectContext["ask"],
): Promise<Record<string, string>> {
  const known = settingsOf(type);
  const found: Record<string, string> = {};
  for (const text of given) {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!known.some((setting) => setting.name === name))
      throw usageError(
        `--set ${text.split("=")[0] ?? ""} is no setting of ${String(type["title"])}`,
        `it has ${known.map((setting) => setting.name).join(", ")}; write --set name=value`,
      );
    found[name] = value.startsWith("@") ? (await fileText(value.slice(1))).trim() : value;
  }
  // A token or an App are told by secrets that are not required each: they are asked for when nothing was given.
  const isBare = given.length === 0;
  const missing = known.filter(
    ({ name, isRequired, isSecret, usual }) =>
      found[name] === undefined && (isRequired ? usual === null : isBare && isSecret),
  );
  const required = missing.filter(({ isRequired }) => isRequired);
  if (ask === null && required.length > 0)
    throw usageError(
      `missing: ${required.map(({ name, help }) => `--set ${name}=… (${help})`).join("; ")}`,
      "a value @FILE is read from the file, so that a token is not among the processes' arguments",
    );
  if (ask === null) return found;
  for (const { name, title, help, isSecret, isRequired } of missing) {
    const value = await ask(`${title}${isRequired ? "" : " (may be empty)"}\n  ${help}\n> `, isSecret);
    if (value !== "") found[name] = value;
  }
  return found;
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw usageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

function tellWebhook(created: JsonObject, connectedAs: string, output: Output): void {
  const source = asObject(created["dataSource"]);
  const { style } = output;
  output.write(`Connected as ${plain(connectedAs)}: data source ${plain(asText(source["id"]) ?? "")}`);
  output.write("");
  output.write(`${style.bold("Webhook address")}  ${plain(asText(created["webhookUrl"]) ?? "")}`);
  output.write(
    `${style.bold("Webhook secret")}   ${plain(asText(created["webhookSecret"]) ?? "")}  ${style.dim("(not shown again)")}`,
  );
  output.write(style.dim(plain(asText(source["webhookHelp"]) ?? "")));
  output.write("");
}

/** @returns the run when it is over */
async function followRun(
  id: string,
  { client, reporter, signal, pollMs = POLL_MS }: ConnectContext,
): Promise<JsonObject> {
  reporter.phase("reading, percent", PERCENT);
  let told = "";
  for (;;) {
    const { dataSource } = await client.get(`/v1/data-sources/${encodeURIComponent(id)}`);
    const run = asObject(asObject(dataSource)["run"]);
    const status = asText(run["status"]);
    if (status !== null && status !== "running") {
      reporter.done();
      return run;
    }
    reporter.progress(Math.floor((asNumber(run["progress"]) ?? 0) * PERCENT));
    const message = asText(run["message"]) ?? "";
    if (message !== "" && message !== told) reporter.note(plain(message));
    told = message;
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

function tellRun(run: JsonObject, output: Output): void {
  const counts = asObject(run["counts"]);
  const kinds = listOf(run["kinds"]).map((kind) => `${String(kind["fetched"])} ${String(kind["kind"])}`);
  output.write(`Read ${plain(kinds.join(", "))}`);
  output.write(
    ["created", "updated", "unchanged", "filtered", "failed"]
      .map((name) => `${String(asNumber(counts[name]) ?? 0)} ${name}`)
      .join(", "),
  );
  for (const error of listOf(run["errors"]).slice(0, 5))
    output.write(
      `  ${plain(asText(error["kind"]) ?? "")} ${plain(asText(error["key"]) ?? "")}: ${plain(asText(error["reason"]) ?? "")}`,
    );
}

/** Asks on the terminal; what is typed of a secret is not shown. Null: there is none. */
export function terminalQuestions(): ConnectContext["ask"] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (question, isSecret) => {
    process.stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({
      input: process.stdin,
      output: isSecret ? silent : process.stderr,
      terminal: true,
    });
    const answer = await lines.question("");
    lines.close();
    if (isSecret) process.stderr.write("\n");
    return answer.trim();
  };
}
