/** A webhook data source ready to be created: what a tool sends, mapped to the blueprints of the DORA numbers. */
import type { JsonObject } from "../../model/json.ts";

export interface WebhookTemplate {
  readonly id: string;
  readonly title: string;
  readonly icon: string;
  readonly description: string;
  /** Where to put the address and the secret. */
  readonly help: string;
  /** Without the secret. */
  readonly security: JsonObject;
  readonly mappings: readonly JsonObject[];
  /** What the mappings write to, in an order in which relations have their targets. */
  readonly blueprints: readonly JsonObject[];
}

interface EntityMapping {
  readonly identifier: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly relations?: Readonly<Record<string, unknown>>;
}

/**
 * One mapping of a webhook.
 * @param version jq: the time of the state that the payload carries, so that one that comes late is left out
 */
export const mapping = (
  blueprint: string,
  filter: string,
  entity: EntityMapping,
  version?: string,
): JsonObject => ({
  ...{ blueprint, filter, ...(version === undefined ? {} : { version }), entity: { ...entity } },
});

/** Was it given up before its end? Then it is no deployment, and no failed one either. */
export const wasGivenUp = (status: string): string =>
  `(${status} // "success" | tostring | ascii_downcase | IN("cancelled", "canceled", "skipped", "aborted"))`;

/** Systems that sign nothing carry the secret itself. */
export const OWN_HEADER: JsonObject = {
  signatureHeaderName: "X-Fairway-Secret",
  signatureAlgorithm: "plain",
};
