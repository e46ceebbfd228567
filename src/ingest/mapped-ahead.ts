/**
 * Events that were mapped when they came in, while their body was parsed anyway: who works them off need not read and
 * parse it again. Only a shortcut: what is not here is mapped from what is stored.
 */
import type { Mapped } from "./mapping.ts";
import type { EventMapper } from "./event-mapper.ts";

/** What waits longer than this many newer events is forgotten, as is what exceeds the characters of their bodies. */
const MAX_KEPT = 2000;
const MAX_CHARS = 16_000_000;
/** Larger bodies are not mapped while their sender waits. */
const MAX_BODY = 65_536;
const MAX_ENTITIES = 8;

interface Kept {
  readonly source: string;
  readonly deliveryId: string;
  readonly mapper: EventMapper;
  readonly mapped: Mapped;
  readonly chars: number;
}

export class MappedAhead {
  /** In the order of coming. */
  readonly #bySource = new Map<string, Map<string, Kept>>();
  readonly #all = new Set<Kept>();
  #chars = 0;

  /** To be called when the event is stored. */
  keep(source: string, deliveryId: string, mapper: EventMapper, mapped: Mapped, chars: number): void {
    this.#drop(source, deliveryId);
    if (mapped.entities.length > MAX_ENTITIES) return;
    const kept = { source, deliveryId, mapper, mapped, chars };
    this.#all.add(kept);
    this.#chars += chars;
    const own = this.#bySource.get(source);
    if (own === undefined) this.#bySource.set(source, new Map([[deliveryId, kept]]));
    else own.set(deliveryId, kept);
    for (const oldest of this.#all) {
      if (this.#all.size <= MAX_KEPT && this.#chars <= MAX_CHARS) break;
      this.#drop(oldest.source, oldest.deliveryId);
    }
  }

  /** The next `limit` that were mapped by the mapper as it is now, by delivery id. */
  next(source: string, mapper: EventMapper | null, limit: number): ReadonlyMap<string, Mapped> {
    const found = new Map<string, Mapped>();
    for (const kept of this.#bySource.get(source)?.values() ?? []) {
      if (found.size === limit) break;
      if (kept.mapper === mapper) found.set(kept.deliveryId, kept.mapped);
    }
    return found;
  }

  /**
   * To be called when events are being worked off. Of what `next` gave, those before one of them are no longer waiting
   * either: another process had them.
   * @param isAll whether no other events wait
   */
  taken(source: string, next: ReadonlyMap<string, Mapped>, events: readonly string[], isAll: boolean): void {
    const read = new Set(events);
    let isPast = isAll;
    for (const deliveryId of [...next.keys()].reverse()) {
      isPast ||= read.has(deliveryId);
      if (isPast) this.#drop(source, deliveryId);
    }
    for (const deliveryId of events) this.#drop(source, deliveryId);
  }

  #drop(source: string, deliveryId: string): void {
    const own = this.#bySource.get(source);
    const kept = own?.get(deliveryId);
    if (own === undefined || kept === undefined) return;
    own.delete(deliveryId);
    if (own.size === 0) this.#bySource.delete(source);
    this.#all.delete(kept);
    this.#chars -= kept.chars;
  }
}

/** null: left to who works the event off, who also tells what is wrong with it. */
export function mapAhead(
  mapper: EventMapper,
  event: { readonly deliveryId: string; readonly request: string; readonly body: unknown },
  chars: number,
  now: Date,
): Mapped | null {
  if (chars > MAX_BODY) return null;
  try {
    // As it will be read back: what is no JSON is gone.
    const request = JSON.parse(event.request) as Readonly<Record<string, unknown>>;
    return mapper.map({ ...event, request }, now);
  } catch {
    return null;
  }
}
