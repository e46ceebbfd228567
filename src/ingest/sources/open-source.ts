/** A stored data source made ready for work: its connector, session and mapping. */
import { connectors } from "../../integrations/index.ts";
import type { Connector, Session, Settings } from "../../integrations/connector.ts";
import { createOutbound, type Outbound } from "../../integrations/outbound.ts";
import { invalid } from "../../model/error.ts";
import { SEAL_NAMES } from "../../model/seal-names.ts";
import type { DataSourceRow } from "../../storage/data-sources.ts";
import type { Source } from "../apply-mapped.ts";
import { compileIntegrationMapping, type MappingPlan } from "../mapping.ts";
import type { RunState } from "./run-state.ts";

export { createOutbound } from "../../integrations/outbound.ts";

/** Encrypts and decrypts with the installation's key; a text under one name does not open under another. */
export interface SecretBox {
  seal(org: string, name: string, text: string): Buffer;
  /** @throws when the key is another one */
  open(org: string, name: string, sealed: Uint8Array): string;
}

/** What it takes to reach the systems. */
export interface SourceMeans {
  readonly box: SecretBox;
  readonly outbound: Outbound;
}

/** @param allow what may be asked besides public addresses (`FAIRWAY_OUTBOUND_ALLOW`) */
export const sourceMeans = (box: SecretBox, allow: readonly string[]): SourceMeans => ({
  ...{ box, outbound: createOutbound(allow) },
});

export interface OpenSource {
  readonly id: string;
  readonly row: DataSourceRow;
  readonly run: RunState | null;
  readonly connector: Connector;
  readonly settings: Settings;
  readonly session: Session;
  readonly plan: MappingPlan;
  /** Who writes. */
  readonly writer: Source;
}

export const secretsName = SEAL_NAMES["data source"];
export const webhookSecretName = SEAL_NAMES["webhook of a data source"];
/** The inbox's name of what was sent to the data source. */
export const inboxOf = (id: string): string => `data-source:${id}`;

/** Whose entities are its own. */
export const datasourceOf = ({ type, id }: Pick<DataSourceRow, "type" | "id">): string =>
  `fairway-integration/${type}/${id}/exporter`;

/** @throws AppError when there is no such connector (any more) */
export function connectorOf(type: string): Connector {
  const connector = connectors.get(type);
  if (connector === undefined)
    throw invalid(
      `type ${JSON.stringify(type.slice(0, 60))} is none of ${[...connectors.keys()].join(", ")}`,
    );
  return connector;
}

export function settingsOf(row: DataSourceRow, box: SecretBox): Settings {
  const secrets = JSON.parse(box.open(row.org, secretsName(row.id), row.secrets)) as Record<string, string>;
  return { ...row.settings, ...secrets };
}

/** Sessions hold short-lived tokens, and plans are compiled: both are kept until the source changes. */
export class SourceCache {
  readonly #means: SourceMeans;
  readonly #opened = new Map<
    string,
    { readonly version: number; readonly source: Omit<OpenSource, "row" | "run"> }
  >();

  constructor(means: SourceMeans) {
    this.#means = means;
  }

  /** @throws AppError when its settings or mapping cannot be used */
  open(row: DataSourceRow): OpenSource {
    const version = row.updated_at.getTime();
    const key = `${row.org} ${row.id}`;
    let entry = this.#opened.get(key);
    if (entry?.version !== version) {
      const connector = connectorOf(row.type);
      const { box, outbound } = this.#means;
      const settings = settingsOf(row, box);
      const plan = compileIntegrationMapping(row.mapping);
      entry = {
        version,
        source: {
          ...{ id: row.id, connector, settings, plan },
          session: connector.open(settings, outbound),
          writer: {
            ...{ id: row.id, names: inboxOf(row.id), datasource: datasourceOf(row) },
            title: row.title,
            createMissingRelatedEntities: plan.createMissingRelatedEntities,
            enableMergeEntity: plan.enableMergeEntity,
            deletesOwnOnly: true,
          },
        },
      };
      if (this.#opened.size >= MAX_OPEN) this.#opened.clear();
      this.#opened.set(key, entry);
    }
    return { ...entry.source, row, run: row.run as RunState | null };
  }
}

const MAX_OPEN = 500;
