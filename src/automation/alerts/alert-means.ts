/** What alerts need of parts that this folder may not know; put together by serve.ts. */
import type { AlertMetric } from "../../model/alert.ts";
import type { Ctx } from "../../storage/context.ts";

export interface MetricQuestion {
  readonly blueprint?: string;
  readonly entity?: string;
  readonly last: string;
  readonly environment?: string;
  readonly compare?: string;
  /** The only one that is looked at. */
  readonly metric?: AlertMetric;
  /** Whether its tier is looked at, and so on how much it rests (`covered`). */
  readonly isTierAsked?: boolean;
  /** The answer as it was at this instant. */
  readonly asOf?: string;
}

/** One metric as `GET /v1/dora/metrics` answers it. */
export interface MetricValue {
  readonly value: number | null;
  readonly tier?: string | null;
  /** Fewer than ten observations. */
  readonly few?: boolean;
  /** False: what is known is less than the floor. */
  readonly covered?: boolean | null;
  readonly n?: number;
  readonly total?: number;
  readonly count?: number;
  readonly failed?: number;
  readonly rework?: number;
  readonly previous?: { readonly value: number | null };
  readonly trend?: { readonly delta: number | null; readonly significant: boolean | null };
}

export interface MetricRow {
  readonly scope: {
    readonly blueprint: string | null;
    readonly entity: string | null;
    readonly title: string | null;
  };
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly window: { readonly from: string; readonly to: string };
}

export interface AlertMeans {
  /** The DORA numbers of a scope, or of each entity of a blueprint. */
  readonly metrics: (ctx: Ctx, question: MetricQuestion) => Promise<readonly MetricRow[]>;
  /** Address of the pages, for links. */
  readonly publicUrl: () => string;
}
