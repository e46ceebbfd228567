import { usageError } from "../cli-error.ts";

/** Options that stand before the command and take a value of their own. */
const GLOBAL_WITH_VALUE = new Set(["--url", "--client-id", "--client-secret"]);
const PAIRS = new Set(["--arg", "--argjson"]);

/**
 * For `fairway jq`, makes one argument (`--arg=["name","value"]`) of jq's `--arg name value`, since the library that
 * reads the command line knows no option with two values. Other command lines stay as they are.
 */
export function foldArguments(argv: readonly string[]): string[] {
  const command = argv.findIndex(
    (arg, i) => !arg.startsWith("-") && !GLOBAL_WITH_VALUE.has(argv[i - 1] ?? ""),
  );
  if (argv[command] !== "jq") return [...argv];
  const folded = argv.slice(0, command + 1);
  for (let at = command + 1; at < argv.length; at++) {
    const option = argv[at] ?? "";
    if (option === "--") return [...folded, ...argv.slice(at)];
    if (!PAIRS.has(option)) {
      folded.push(option);
      continue;
    }
    const [name, value] = argv.slice(at + 1, at + 3);
    if (name === undefined || value === undefined)
      throw usageError(`${option} takes a name and a value, e.g. ${option} team platform`);
    folded.push(`${option}=${JSON.stringify([name, value])}`);
    at += 2;
  }
  return folded;
}

/** The pair that `foldArguments` made one argument of. */
export function unfold(argument: string): readonly [name: string, value: string] {
  return JSON.parse(argument) as [string, string];
}
