import { Command, CommanderError } from "commander";
import { ApiError, createClient } from "./client.ts";
import type { ApiClient } from "./client.ts";
import { CliError, exitCode, usageError } from "./cli-error.ts";
import { type ApplyOptions, applyCommand } from "./commands/apply.ts";
import { type BackupOptions, backupCommand } from "./commands/backup.ts";
import { type ConnectOptions, connectCommand, terminalQuestions } from "./commands/connect.ts";
import { doraCommand } from "./commands/dora.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { newKeyCommand } from "./commands/new-key.ts";
import type { DoraOptions, Output } from "./commands/dora.ts";
import { doraCandidatesCommand, doraPreviewCommand } from "./commands/dora-preview.ts";
import { type ExportOptions, exportCommand } from "./commands/export.ts";
import { type MappingTestOptions, mappingTestCommand, syncCommand } from "./commands/mapping.ts";
import { type DevlakeOptions, importDevlakeCommand } from "./commands/import-devlake.ts";
import { importGitCommand } from "./commands/import-git.ts";
import { rebuildCommand, type RebuildOptions } from "./commands/rebuild.ts";
import { restoreCommand } from "./commands/restore.ts";
import { signInLinkCommand } from "./commands/sign-in-link.ts";
import { addJqCommand } from "./jq/add-jq-command.ts";
import { findConnection } from "./connection.ts";
import { GitError } from "./git/run-git.ts";
import { foldArguments } from "./jq/fold-arguments.ts";
import type { RawImportOptions } from "./import/import-options.ts";
import { createReporter } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import { createStyle, plain, wantsColour } from "./style.ts";

interface GlobalOptions {
  readonly url?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly json?: boolean;
}

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

function readKeep(value: string): number {
  const keep = Number(value);
  if (!/^\d{1,4}$/.test(value) || keep < 1 || keep > 1000)
    throw usageError(`--keep: "${value}" must be a whole number from 1 to 1000`);
  return keep;
}

/** A second signal does not wait any more. */
function stopOnSignals(): { readonly signal: AbortSignal; readonly code: () => number | null } {
  const controller = new AbortController();
  let code: number | null = null;
  for (const [name, value] of [
    ["SIGINT", exitCode.interrupted],
    ["SIGTERM", exitCode.terminated],
  ] as const)
    process.on(name, () => {
      if (code !== null) process.exit(code);
      code = value;
      controller.abort(
        new CliError(value, "interrupted", "interrupted; run the same command again to continue"),
      );
    });
  return { signal: controller.signal, code: () => code };
}

/** Runs the command line; sets the exit code, never throws. */
export async function run(argv: readonly string[]): Promise<void> {
  const signals = stopOnSignals();
  const json = argv.includes("--json");
  let reporter: Reporter | null = null;
  try {
    const program = createProgram(signals.signal, (made) => {
      reporter = made;
    });
    await program.parseAsync(foldArguments(argv), { from: "user" });
  } catch (error) {
    (reporter as Reporter | null)?.done();
    process.exitCode = report(signals.code() === null ? error : signals.signal.reason, json);
    // What was being waited for is not.
    if (signals.code() !== null) process.exit();
  }
}

function createProgram(signal: AbortSignal, onReporter: (reporter: Reporter) => void): Command {
  const program = new Command("fairway");
  program
    .description(
      "Fairway from the command line; exit codes: 0 done, 1 failed, 2 wrong usage, 3 no server or not signed in, 4 some rows refused",
    )
    .option(
      "--url <url>",
      "address of the server (default: the local one, found in FAIRWAY_DATA or ./.fairway)",
    )
    .option("--client-id <id>", "API client (default: that of the local server)")
    .option("--client-secret <secret>", "its secret")
    .option("--json", "one JSON document on stdout, also for errors (on stderr)")
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: (text) => process.stdout.write(text) })
    .showHelpAfterError(false);

  function context(command: Command): {
    options: GlobalOptions;
    output: Output;
    reporter: Reporter;
    connect: () => Promise<ApiClient>;
    /** Asks once, and does not ask again. */
    connectOnce: () => Promise<ApiClient>;
  } {
    const options: GlobalOptions = command.optsWithGlobals();
    const reporter = createReporter(options.json === true);
    onReporter(reporter);
    const output: Output = {
      json: options.json === true,
      width: process.stdout.isTTY ? Math.max(80, process.stdout.columns) : 100,
      style: createStyle(wantsColour(process.stdout)),
      write: (line) => process.stdout.write(`${line}\n`),
    };
    const connect = async () =>
      createClient(await findConnection(options), { signal, onRetry: (reason) => reporter.note(reason) });
    const connectOnce = async () =>
      createClient(await findConnection(options), { signal, retryWindowMs: 0, maxTimeouts: 1 });
    return { options, output, reporter, connect, connectOnce };
  }

  const importCommand = program.command("import").description("bring facts into Fairway");
  importCommand
    .command("git")
    .description(
      "commits, deployments (tags or merges) and changes of local git repositories; run it again to continue or update",
    )
    .argument("<path...>", "work tree, bare repository, worktree or submodule")
    .option("--service <name>", "service to feed (default: last part of the repository's name)")
    .option(
      "--tags <glob>",
      "tags that are deployments (repeatable; default: version tags without pre-releases)",
      collect,
    )
    .option("--merges <branch>", "instead of tags: merges (and squash commits with a number) to this branch")
    .option(
      "--paths <service=glob,…>",
      "a service of a monorepo and the paths it owns; several as 'api=api/**,web=web/**' or by repeating it",
      collect,
    )
    .option("--since <date>", "only history committed since then, e.g. 2025-01-31")
    .option(
      "--repository <name>",
      "identity of the repository (default: host/owner/name of origin, else the folder's name)",
    )
    .option("--environment <name>", "environment that was deployed to", "Production")
    .option("--full", "send everything, also what an earlier import has sent")
    .option("--no-wait", "do not wait for the numbers")
    .action(async (paths: string[], options: RawImportOptions, command: Command) => {
      const { output, reporter, connect } = context(command);
      process.exitCode = await importGitCommand(paths, options, { connect, reporter, output, signal });
    });

  importCommand
    .command("devlake")
    .description("deployments, pull requests, incidents and commits from the domain tables of Apache DevLake")
    .argument("<folder>", "one CSV file a table, each with a header line")
    .option("--by <what>", "what a service is: repository or project", "repository")
    .option("--no-wait", "do not wait for the numbers")
    .action(async (folder: string, options: DevlakeOptions, command: Command) => {
      const { output, reporter, connect } = context(command);
      process.exitCode = await importDevlakeCommand(folder, options, { connect, reporter, output, signal });
    });

  program
    .command("dora")
    .description("the DORA metrics as a table")
    .option("--service <id>", "one service")
    .option("--blueprint <id>", "with --entity: one entity; alone: one row per entity")
    .option("--entity <id>", "entity of --blueprint")
    .option("--last <span>", "window that ends now, e.g. 90d, 12w, 6m (default 90d)")
    .option("--from <time>", "start of the window (ISO)")
    .option("--to <time>", "end of the window (ISO, not included)")
    .option("--interval <interval>", "day, week or month")
    .option("--timezone <name>", "IANA time zone (default UTC)")
    .option("--week-start <day>", "monday or sunday")
    .option("--environment <name>", "default Production")
    .option("--compare <window>", "previous (default), none, or two instants as FROM/TO")
    .option(
      "--compare-entity <id>",
      "another entity of the blueprint (of services without one) to compare with",
    )
    .option("--what-if <file>", "what they would be under the settings of this JSON or YAML file")
    .option("--candidates", "what could count as deployments, and how many each would give")
    .action(
      async (
        options: DoraOptions & { readonly whatIf?: string; readonly candidates?: boolean },
        command: Command,
      ) => {
        const { output, connect } = context(command);
        const { whatIf, candidates, ...rest } = options;
        const client = await connect();
        if (whatIf !== undefined) await doraPreviewCommand(client, rest, whatIf, output);
        else if (candidates === true) await doraCandidatesCommand(client, rest, output);
        else await doraCommand(client, rest, output);
      },
    );
  program
    .command("apply")
    .description(
      "blueprints and entities from files (JSON, YAML, NDJSON): shows what differs and writes only that",
    )
    .requiredOption("-f, --file <path>", "file or folder (repeatable)", collect)
    .option("--dry-run", "show what would change and write nothing")
    .option("--replace", "remove what a document omits (default: it stays)")
    .action(async (options: ApplyOptions, command: Command) => {
      process.exitCode = await applyCommand(options, context(command));
    });

  program
    .command("export")
    .description("blueprints and entities in the form that apply takes")
    .option("--blueprint <id>", "only this blueprint and its entities (repeatable)", collect)
    .option("--output <folder>", "one file per blueprint instead of one document on stdout")
    .action(async (options: ExportOptions, command: Command) => {
      process.exitCode = await exportCommand(options, context(command));
    });
  program
    .command("rebuild")
    .description("compute all mirror, calculation and aggregation values again, and wait")
    .option("--check", "compare them with values computed from scratch instead; exit code 1 when some differ")
    .action(async (options: RebuildOptions, command: Command) => {
      process.exitCode = await rebuildCommand(options, context(command));
    });

  program
    .command("backup")
    .description("a verified copy of the embedded database and the keys, while the server runs")
    .option("--keep <count>", "remove older ones, so that so many are left", readKeep)
    .action(async (options: BackupOptions, command: Command) => {
      const { output, connect, connectOnce } = context(command);
      const clients = { client: await connect(), once: await connectOnce() };
      process.exitCode = await backupCommand(clients, options, output);
    });
  program
    .command("restore")
    .description("puts a backup into the data folder (FAIRWAY_DATA); the server must be stopped")
    .argument("<folder>", "what fairway backup named")
    .action(async (folder: string, _options: object, command: Command) => {
      process.exitCode = await restoreCommand(folder, context(command).output);
    });

  program
    .command("sign-in-link")
    .description("an address that signs somebody in once, within a day, for who is locked out")
    .argument("<email>", "whose")
    .action(async (email: string, _options: object, command: Command) => {
      const { output, connect } = context(command);
      process.exitCode = await signInLinkCommand(await connect(), email, output);
    });

  program
    .command("new-key")
    .description("makes a new secret key in the data folder (FAIRWAY_DATA); the next start encrypts with it")
    .action(async (_options: object, command: Command) => {
      process.exitCode = await newKeyCommand(context(command).output);
    });

  program
    .command("doctor")
    .description(
      "looks at the settings, the data folder, the database and everything around them, and says how to mend what is wrong; the server may be down",
    )
    .action(async (_options: object, command: Command) => {
      const { options, output } = context(command);
      process.exitCode = await doctorCommand(output, options, signal);
    });

  const mappingCommand = program.command("mapping").description("mappings of data sources");
  mappingCommand
    .command("test")
    .description("what a mapping makes of a payload; nothing is written")
    .requiredOption("--mapping <file>", "YAML or JSON")
    .requiredOption("--payload <file>", "JSON: the raw object, or with --webhook the body")
    .option("--kind <kind>", "kind of the object (default: the only one of the mapping)")
    .option("--webhook", "the mapping is one of a webhook")
    .option("--event <event>", "upsert, live or delete (default upsert)")
    .option("--validate", "check the entities against their blueprints as well")
    .action(async (options: MappingTestOptions, command: Command) => {
      const { output, connect } = context(command);
      process.exitCode = await mappingTestCommand(await connect(), options, output);
    });

  program
    .command("connect")
    .description(
      "connects a system (GitHub, Argo CD, PagerDuty …) and reads its history; alone: what there is",
    )
    .argument("[system]", "its type, e.g. github")
    .option("--set <name=value>", "a setting (repeatable); @FILE instead of a value reads the file", collect)
    .option("--strategies <ids>", "what counts as a deployment, joined by commas (default: the usual one)")
    .option("--title <title>", "how the data source is called")
    .option("--webhook-secret <secret>", "where the system makes it itself (default: a new one)")
    .option("--no-wait", "do not wait for the first run")
    .action(async (system: string | undefined, options: ConnectOptions, command: Command) => {
      const { output, reporter, connect } = context(command);
      const ask = output.json ? null : terminalQuestions();
      const client = await connect();
      process.exitCode = await connectCommand(system, options, { client, output, reporter, signal, ask });
    });

  program
    .command("sync")
    .description("asks an integration to sync again")
    .argument("<installation>", "its installationId")
    .action(async (installation: string, _options: object, command: Command) => {
      const { output, connect } = context(command);
      await syncCommand(await connect(), installation, output);
    });
  addJqCommand(program, signal);
  for (const command of [...importCommand.commands, ...mappingCommand.commands, ...program.commands])
    command.exitOverride().configureOutput({ writeErr: () => {} });
  return program;
}

interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

function classify(error: unknown): Failure {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError)
    return {
      exit: exitCode.usage,
      code: "usage",
      message:
        error.code === "commander.help" ? "a command is missing" : error.message.replace(/^error: /, ""),
      hint: "fairway --help shows what there is",
    };
  if (error instanceof ApiError) {
    const denied = error.status === 401 || error.status === 403;
    return {
      exit: denied ? exitCode.unreachable : exitCode.failure,
      code: error.code,
      message: `the server refused the request: ${error.message}`,
      hint: null,
    };
  }
  if (error instanceof GitError)
    return { exit: exitCode.failure, code: "git_failed", message: error.message, hint: null };
  const message = error instanceof Error ? error.message : String(error);
  return { exit: exitCode.failure, code: "failed", message, hint: null };
}

/** Writes the error to stderr and gives the exit code. */
function report(error: unknown, json: boolean): number {
  // Help and version are no errors; commander has printed them.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCode.ok;
  const { exit, code, message, hint } = classify(error);
  if (json)
    process.stderr.write(`${JSON.stringify({ ok: false, error: code, message, hint, exitCode: exit })}\n`);
  else {
    process.stderr.write(`fairway: ${message.split("\n").map(plain).join("\n")}\n`);
    if (hint !== null) process.stderr.write(`  ${plain(hint)}\n`);
  }
  return exit;
}
