/** What was refused is in the audit log too, with its reason (data-model.md §8.1). */
import { type AuditEventInput, appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";

/** One request can be refused in thousands of items; these tell enough. */
export const REFUSALS_PER_REQUEST = 20;
const MAX_MESSAGE = 1000;
/** Longer than any identifier. */
const MAX_NAME = 1000;

export interface Refusal extends Pick<AuditEventInput, "kind" | "action"> {
  readonly blueprint?: string | null;
  readonly identifier?: string | null;
  readonly message: string;
}

/** After the refusal; a failure to record does not change the answer. */
export async function recordRefusals(ctx: Ctx, refusals: readonly Refusal[]): Promise<void> {
  try {
    const rows = refusals
      .slice(0, REFUSALS_PER_REQUEST)
      .map(({ message, blueprint, identifier, ...rest }) => ({
        ...rest,
        blueprint: storable(blueprint, MAX_NAME),
        identifier: storable(identifier, MAX_NAME),
        refusal: storable(message, MAX_MESSAGE) ?? "refused",
      }));
    await appendAuditEvents(ctx, rows);
  } catch (error) {
    ctx.log.warn({ err: error }, "a refusal could not be recorded");
  }
}

/** The refused text may hold what text in the database cannot. */
function storable(text: string | null | undefined, length: number): string | null {
  return text?.slice(0, length).replaceAll("\u0000", "\u{fffd}").toWellFormed() ?? null;
}
