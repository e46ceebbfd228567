import type { Source } from "./apply-mapped.ts";
import type { Mapped } from "./mapping.ts";

/** How the events of one source are mapped. */
export interface EventMapper {
  readonly source: Source;
  /** Pure but for time. @throws AppError: the event cannot be mapped */
  map(event: SourceEvent, now: Date): Mapped;
}

export interface SourceEvent {
  readonly deliveryId: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** The parsed body. */
  readonly body: unknown;
}
