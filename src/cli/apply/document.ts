import type { JsonObject } from "../client.ts";

/** Where a document stands, for messages: `catalog/team.yaml:12`. */
export interface Origin {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** One thing that a file declares. */
export type Declared = BlueprintDocument | EntityDocument | ScorecardDocument;

export interface BlueprintDocument {
  readonly kind: "blueprint";
  readonly identifier: string;
  readonly body: JsonObject;
  readonly origin: Origin;
}

export interface ScorecardDocument {
  readonly kind: "scorecard";
  readonly blueprint: string;
  readonly identifier: string;
  /** As sent: without `blueprint`. */
  readonly body: JsonObject;
  readonly origin: Origin;
}

export interface EntityDocument {
  readonly kind: "entity";
  readonly blueprint: string;
  readonly identifier: string;
  /** As sent: without `blueprint`. */
  readonly body: JsonObject;
  readonly origin: Origin;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const place = ({ file, line }: Origin): string => `${file}:${line}`;
