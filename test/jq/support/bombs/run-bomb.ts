import { compile, type Json, JqCompileError, JqError } from "../../../../src/jq/index.ts";
import type { Bomb } from "./bomb.ts";

/** How a bomb ended, in a word and as text. Anything else than an engine's own error is passed on. */
export interface End {
  readonly kind: "limit" | "compile" | "error" | "outputs";
  readonly outputs: readonly Json[];
  readonly text: string;
}

export function runBomb({ program, input }: Bomb): End {
  const text = program();
  const value = input?.() ?? null;
  try {
    const outputs = compile(text).run(value);
    return { kind: "outputs", outputs, text: `${outputs.length} outputs` };
  } catch (error) {
    if (error instanceof JqCompileError)
      return { kind: "compile", outputs: [], text: error.message.slice(0, 100) };
    if (!(error instanceof JqError)) throw error;
    const kind = error.code === "jq_limit" ? "limit" : "error";
    return { kind, outputs: error.outputs, text: error.message.slice(0, 100) };
  }
}

export const endsWell = ({ ends }: Bomb, end: End): boolean =>
  ends.some((allowed) =>
    typeof allowed === "function" ? end.kind === "outputs" && allowed(end.outputs) : allowed === end.kind,
  );
