/** Reads a part of a system without writing anything: what a preview looks at. */
import type { Connector, Kind, ListRequest, Page, RawObject, Session } from "../../integrations/connector.ts";
import { HttpError } from "../../integrations/http-client.ts";

export interface Sample {
  readonly kind: string;
  readonly objects: readonly RawObject[];
  readonly pages: number;
  /** Were all objects of the window read? */
  readonly complete: boolean;
  /** Why nothing or not all was read. */
  readonly message: string | null;
}

export interface SampleLimits {
  /** Pages of each kind. */
  readonly pages: number;
  /** Nothing more is asked after this time (ms since 1970). */
  readonly until: number;
  /** Only what changed since, where the system can tell. */
  readonly since: string;
  readonly clock: () => number;
}

/** Kinds by name, each read once; one that is listed under another reads that first. */
export class Sampler {
  readonly #connector: Connector;
  readonly #session: Session;
  readonly #limits: SampleLimits;
  readonly #read = new Map<string, Promise<Sample>>();

  constructor(connector: Connector, session: Session, limits: SampleLimits) {
    this.#connector = connector;
    this.#session = session;
    this.#limits = limits;
  }

  sample(name: string): Promise<Sample> {
    const before = this.#read.get(name);
    if (before !== undefined) return before;
    const kind = this.#connector.kinds.find((one) => one.kind === name);
    const sample = kind === undefined ? Promise.resolve(nothing(name)) : this.#sampleKind(kind);
    this.#read.set(name, sample);
    return sample;
  }

  all(): Promise<Sample[]> {
    return Promise.all(this.#read.values());
  }

  async #sampleKind(kind: Kind): Promise<Sample> {
    const above = kind.under === undefined ? null : await this.sample(kind.under);
    const parents: ListRequest["parent"][] =
      above === null ? [null] : above.objects.map(({ key, ref = {} }) => ({ key, ref }));
    const objects = new Map<string, RawObject>();
    let pages = 0;
    let message = above?.message ?? null;
    let complete = above?.complete ?? true;
    // A list that others hang on is read whole, whenever it changed.
    const isAbove = this.#connector.kinds.some(({ under }) => under === kind.kind);
    const since = kind.incremental === true && !isAbove ? this.#limits.since : null;
    for (const parent of parents) {
      let cursor: string | null = null;
      do {
        if (pages >= this.#limits.pages || this.#limits.clock() > this.#limits.until) {
          const of = kind.under === undefined ? "" : ` of ${parents.length} of ${kind.under}`;
          return {
            ...{ kind: kind.kind, objects: [...objects.values()], pages, complete: false },
            message: `${pages} pages were read${of}`,
          };
        }
        pages += 1;
        let page: Page;
        try {
          page = await kind.list(this.#session, { parent, cursor, since });
        } catch (error) {
          if (!(error instanceof HttpError)) throw error;
          const isLeftOut = kind.optional !== undefined && (error.status === 403 || error.status === 404);
          message = isLeftOut ? `left out: ${kind.optional}` : error.message;
          complete = complete && isLeftOut;
          if (error.status === 401 || error.isPassing)
            return { ...{ kind: kind.kind, pages, message, complete }, objects: [...objects.values()] };
          break;
        }
        for (const object of page.objects) objects.set(object.key, object);
        cursor = page.next;
      } while (cursor !== null);
    }
    return { kind: kind.kind, objects: [...objects.values()], pages, complete, message };
  }
}

const nothing = (kind: string): Sample => ({ kind, objects: [], pages: 0, complete: true, message: null });
