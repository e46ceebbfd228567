/** Mappings as texts. JSON is a part of YAML: one reader takes both. */
import { parseDocument, stringify } from "yaml";
import type { Slip } from "../builder/slip.ts";

export type MappingLanguage = "yaml" | "json";

/** Aliases may not blow a small text up. */
const MAX_ALIASES = 100;

/** Lists begin where their key does, so that the resources which guides print fit below those that are there. */
export function writeMapping(value: unknown, language: MappingLanguage): string {
  return language === "json"
    ? JSON.stringify(value, null, 2)
    : stringify(value, { indentSeq: false, lineWidth: 0 });
}

export type ReadMapping = { readonly value: unknown; readonly problem: null } | { readonly problem: string };

export function readMapping(text: string): ReadMapping {
  const document = parseDocument(text, { logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) return { problem: firstLine(error.message) };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, problem: null };
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : "This is no YAML." };
  }
}

/** What is no YAML, and where. */
export function slipsOf(text: string): Slip[] {
  return parseDocument(text, { logLevel: "error" }).errors.map(({ pos: [from, to], message }) => ({
    from: Math.min(from, text.length),
    to: Math.min(to, text.length),
    message: firstLine(message),
  }));
}

const firstLine = (message: string): string =>
  (message.split("\n")[0] ?? "").replace(/:$/, "").replace(/\.?$/, ".");
