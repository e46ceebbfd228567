/** Data sources as `/v1/data-sources` tells them (docs/connectors.md). */

export interface SettingInfo {
  readonly name: string;
  readonly title: string;
  readonly secret?: true;
  readonly required?: true | undefined;
  readonly default?: string;
  readonly help: string;
}

export interface StrategyInfo {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Ids of those that tell the same deployments. */
  readonly insteadOf?: readonly string[];
  readonly isDefault: boolean;
}

/** What can be connected. */
export interface ConnectorInfo {
  readonly type: string;
  readonly title: string;
  readonly category: string;
  readonly settings: readonly SettingInfo[];
  readonly kinds: readonly { readonly kind: string; readonly title: string }[];
  readonly strategies: readonly StrategyInfo[];
  readonly webhookHelp: string;
}

export interface RunInfo {
  readonly number: number;
  readonly mode: "full" | "quick";
  readonly status: "running" | "completed" | "failed" | "stopped";
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** When the last run that was completed began: what changed since may be missing. */
  readonly syncedTo: string | null;
  /** 0 to 1. */
  readonly progress: number;
  readonly kinds: readonly {
    readonly kind: string;
    readonly status: "waiting" | "running" | "done" | "skipped" | "failed";
    readonly fetched: number;
    readonly total: number | null;
    readonly message: string | null;
  }[];
  readonly counts: Readonly<
    Record<
      "fetched" | "created" | "updated" | "unchanged" | "filtered" | "deleted" | "failed" | "commits",
      number
    >
  >;
  readonly errors: readonly {
    readonly kind: string;
    readonly key: string;
    readonly field: string;
    readonly reason: string;
  }[];
  readonly message: string | null;
  readonly retryAt: string | null;
  readonly deletion: string | null;
}

export interface DataSource {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Names of those that are set. */
  readonly secretSettings: readonly string[];
  readonly strategies: readonly string[];
  readonly webhookUrl?: string;
  readonly webhookHelp: string;
  readonly run: RunInfo | null;
  /** Between two full syncs; null: never. */
  readonly resyncMinutes: number | null;
  readonly nextResyncAt: string | null;
  readonly lastEventAt: string | null;
  readonly updatedAt: string;
  /** Only of one source. */
  readonly mapping?: { readonly resources: readonly unknown[] };
  readonly deliveries?: Readonly<Record<string, number>>;
}
