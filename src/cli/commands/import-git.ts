import type { ApiClient } from "../client.ts";
import { exitCode } from "../cli-error.ts";
import type { ExitCode } from "../cli-error.ts";
import { metricLines } from "../dora-answer.ts";
import { doraTable } from "../dora-table.ts";
import { openRepository } from "../git/open-repository.ts";
import type { GitRepository } from "../git/open-repository.ts";
import { importOptions } from "../import/import-options.ts";
import type { RawImportOptions } from "../import/import-options.ts";
import { importRepository } from "../import/import-repository.ts";
import type { ImportOutcome } from "../import/import-repository.ts";
import { serviceNumbers, waitSettled } from "../import/import-summary.ts";
import type { ServiceNumbers } from "../import/import-summary.ts";
import type { Reporter } from "../reporter.ts";
import { plain } from "../style.ts";
import type { Output } from "./dora.ts";

export interface ImportContext {
  readonly connect: () => Promise<ApiClient>;
  readonly reporter: Reporter;
  readonly output: Output;
  readonly signal?: AbortSignal;
}

const NUMBERS_SHOWN = new Set(["deploymentFrequency", "changeLeadTime", "changeFailureRate", "reworkRate"]);
/** Tables for more services than this would scroll the rest away. */
const MAX_TABLES = 5;

/** `fairway import git PATH…`: 0, or 4 when some rows were refused. */
export async function importGitCommand(
  paths: readonly string[],
  raw: RawImportOptions,
  context: ImportContext,
): Promise<ExitCode> {
  const options = importOptions(raw, paths.length);
  // All of them first, so that a wrong path is told before hours of work.
  const repositories: GitRepository[] = [];
  for (const path of paths) repositories.push(await openRepository(path));
  const client = await context.connect();
  const report: unknown[] = [];
  let refused = 0;
  for (const repository of repositories) {
    const outcome = await importRepository(client, repository, options, context.reporter);
    refused += outcome.errors.count;
    const started = performance.now();
    const wait = options.wait && outcome.services.length > 0;
    const settled = wait ? await waitSettled(client, context.reporter, context.signal) : null;
    const settleSeconds = (performance.now() - started) / 1000;
    const numbers = wait ? await serviceNumbers(client, outcome, options.environment, Date.now() / 1000) : [];
    report.push(asJson(outcome, settled, settleSeconds, numbers));
    if (!context.output.json) print(outcome, settled, settleSeconds, numbers, context.output);
  }
  if (context.output.json)
    context.output.write(JSON.stringify({ ok: refused === 0, imports: report }, null, 2));
  return refused === 0 ? exitCode.ok : exitCode.partial;
}

function rate(outcome: ImportOutcome): number {
  return Math.round(outcome.sent.commits / Math.max(outcome.seconds, 0.001));
}

function asJson(
  outcome: ImportOutcome,
  settled: boolean | null,
  settleSeconds: number,
  numbers: readonly ServiceNumbers[],
): unknown {
  return {
    repository: outcome.repository,
    services: outcome.services.map(({ identifier }) => identifier),
    unchanged: outcome.unchanged,
    sent: outcome.sent,
    seconds: Number(outcome.seconds.toFixed(3)),
    commitsPerSecond: rate(outcome),
    settled,
    settleSeconds: Number(settleSeconds.toFixed(3)),
    errors: { count: outcome.errors.count, first: outcome.errors.first },
    numbers: numbers.map(({ service, window, page, answer, error }) => ({
      service,
      window: answer?.["window"] ?? window,
      page,
      metrics: answer?.["metrics"] ?? null,
      ...(error === null ? {} : { error }),
    })),
  };
}

function print(
  outcome: ImportOutcome,
  settled: boolean | null,
  settleSeconds: number,
  numbers: readonly ServiceNumbers[],
  output: Output,
): void {
  const { sent } = outcome;
  const count = (value: number) => value.toLocaleString("en-US");
  if (outcome.services.length === 0) return;
  const time = outcome.seconds.toFixed(1);
  output.write(
    outcome.unchanged
      ? `Nothing new: ${count(outcome.deployments)} deployments checked in ${time} s.`
      : `Sent ${count(sent.commits)} commits, ${count(sent.changes)} changes and ${count(sent.deployments)} deployments in ${time} s (${count(rate(outcome))} commits/s)${settled === true ? `; numbers ready ${settleSeconds.toFixed(1)} s later` : ""}.`,
  );
  if (settled === false) output.write("The server is still computing; the numbers below are not final.");
  for (const { service, window, page, answer, error } of numbers.slice(0, MAX_TABLES)) {
    output.write("");
    output.write(`${output.style.bold(plain(service))}, ${window}`);
    const lines = metricLines(answer?.["metrics"], answer?.["series"]).filter(({ name }) =>
      NUMBERS_SHOWN.has(name),
    );
    for (const line of lines.length === 0
      ? [`  no numbers: ${error ?? "the server gave none"}`]
      : doraTable(lines, output.width, output.style))
      output.write(line);
    output.write(`See ${page}`);
  }
  if (numbers.length > MAX_TABLES)
    output.write(`… and ${numbers.length - MAX_TABLES} more services: fairway dora --blueprint service`);
  printErrors(outcome, output);
}

function printErrors({ errors }: ImportOutcome, output: Output): void {
  if (errors.count === 0) return;
  output.write("");
  output.write(`${errors.count.toLocaleString("en-US")} rows were refused:`);
  for (const { kind, id, message } of errors.first) output.write(`  ${kind} ${plain(id)}: ${plain(message)}`);
  if (errors.count > errors.first.length) output.write(`  … and ${errors.count - errors.first.length} more`);
}
