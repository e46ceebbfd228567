/** `fairway doctor`: looks at the installation of this machine, whether a server runs or not. */
import type { Finding } from "../../doctor/finding.ts";
import { exitCode, type ExitCode, usageError } from "../cli-error.ts";
import { plain, type Style } from "../style.ts";
import type { Output } from "./dora.ts";

const INDENT = 24;

/** Looking takes minutes where things hang: a signal ends it. 0: nothing has failed; 1: something has. Warnings and what could not be looked at are told, and do not count. */
export async function doctorCommand(
  output: Output,
  given: { readonly url?: string },
  signal?: AbortSignal,
): Promise<ExitCode> {
  if (given.url !== undefined)
    throw usageError(
      "fairway doctor looks at the installation of this machine and takes no --url",
      "run it where the server runs, with the settings of the server",
    );
  // Loaded when it is asked for: no other command needs a database driver.
  const { diagnose } = await import("../../doctor/diagnose.ts");
  const now = new Date();
  signal?.throwIfAborted();
  const interrupted = new Promise<never>((_resolve, reject) =>
    signal?.addEventListener("abort", () => reject(signal.reason as Error)),
  );
  const findings = await Promise.race([diagnose(process.env, now), interrupted]);
  const count = (status: Finding["status"]): number =>
    findings.filter((finding) => finding.status === status).length;
  const counts = {
    ...{ ok: count("ok"), warning: count("warning") },
    ...{ failed: count("failed"), notChecked: count("not checked") },
  };
  const isWell = counts.failed === 0;
  if (output.json)
    output.write(JSON.stringify({ ok: isWell, checkedAt: now.toISOString(), counts, findings }, null, 2));
  else {
    for (const finding of findings) for (const line of lines(finding, output)) output.write(line);
    output.write("");
    output.write(
      `${counts.ok} well, ${counts.warning} warnings, ${counts.failed} failed, ${counts.notChecked} not checked`,
    );
  }
  return isWell ? exitCode.ok : exitCode.failure;
}

/** A row, and under what is not well why it matters and what to do. */
function lines({ id, status, what, why, todo }: Finding, { style, width }: Output): string[] {
  const [first = "", ...rest] = wrapped(what, width - INDENT);
  return [
    `${MARKS[status](style)} ${id.padEnd(INDENT - 3)} ${first}`,
    ...rest.map((line) => " ".repeat(INDENT) + line),
    ...(why === null ? [] : labelled("why", why, width)),
    ...(todo === null ? [] : labelled("do", todo, width)),
  ].map((line) => line.trimEnd());
}

const MARKS: Readonly<Record<Finding["status"], (style: Style) => string>> = {
  ok: (style) => style.good("✓"),
  warning: (style) => style.bold("!"),
  failed: (style) => style.bad("✗"),
  "not checked": (style) => style.dim("–"),
};

function labelled(label: string, text: string, width: number): string[] {
  const begin = `${label}: `;
  return wrapped(text, width - INDENT - begin.length).map(
    (line, index) => " ".repeat(INDENT) + (index === 0 ? begin : " ".repeat(begin.length)) + line,
  );
}

/** At words; messages of others are shown without what steers a terminal. */
function wrapped(text: string, width: number): string[] {
  const found: string[] = [];
  let line = "";
  for (const word of plain(text).split(" "))
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      found.push(line);
      line = word;
    }
  return [...found, line];
}
