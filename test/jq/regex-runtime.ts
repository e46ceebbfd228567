import { JqError } from "../../src/jq/errors.ts";
import { matchAll } from "../../src/jq/regex/results.ts";
import type { Runtime } from "../../src/jq/runtime.ts";
import type { Json } from "../../src/jq/value.ts";
import { makeRuntime } from "./values-runtime.ts";

interface Part {
  readonly offset: number;
  readonly length: number;
  readonly string: string | null;
}
interface Capture extends Part {
  readonly name: string | null;
}
interface Match extends Part {
  readonly captures: readonly Capture[];
}

const showPart = ({ offset, length, string }: Part): string =>
  string === null ? "-" : `${offset}+${length} ${string}`;

/** `offset+length text (name=offset+length text, -)` for each match, with its groups. */
function showMatches(matches: Json): string {
  const shown = (matches as unknown as Match[]).map((match) => {
    const groups = match.captures.map(
      (capture) => (capture.name === null ? "" : `${capture.name}=`) + showPart(capture),
    );
    return showPart(match) + (groups.length === 0 ? "" : ` (${groups.join(", ")})`);
  });
  return shown.join(" | ") || "none";
}

/** The matches as `showMatches` shows them, or `! ` and the message, in which `/` stands for `Regex failure:`. */
export function matchesOf(pattern: string, flags: string, text: string, rt: Runtime = makeRuntime()): string {
  try {
    return showMatches(matchAll(text, pattern, flags === "" ? null : flags, false, rt));
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return error.code === "jq_limit" ? "! limit" : `! ${error.message.replace(/^Regex failure: /, "/ ")}`;
  }
}
