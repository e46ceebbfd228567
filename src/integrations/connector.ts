/**
 * What a native connector is: data and functions, one folder per system. The runner in `ingest/sources` does the rest:
 * pages, cursors, mapping, live events, reconciliation. How to add one: CONTRIBUTING.md.
 */
import type { JsonObject } from "../model/json.ts";
import type { HttpClient } from "./http-client.ts";
import type { Outbound } from "./outbound.ts";

/** A field of the form that connects the system. */
export interface Setting {
  readonly name: string;
  readonly title: string;
  /** Encrypted at rest and never shown again. */
  readonly secret?: true;
  readonly required?: true;
  readonly default?: string;
  /** What to paste, and where the system shows it. */
  readonly help: string;
}

/** Every setting that was given or has a default, secrets among them. */
export type Settings = Readonly<Record<string, string>>;

/** One connection to the system, for as long as a page or a delivery takes. */
export interface Session {
  readonly http: HttpClient;
  readonly settings: Settings;
}

/** One object as the system tells it. */
export interface RawObject {
  /** Unique among the objects of its kind; never changes. */
  readonly key: string;
  /** Grows with every change of the object (most systems: when it was updated); null: unknown. */
  readonly version: string | null;
  /** What the mapping sees: the vendor's own shape, what was added has a name that begins with `__`. */
  readonly payload: JsonObject;
  /** Key of the object that it was listed under; it goes when that one goes. */
  readonly parent?: string;
  /** What listing the objects under this one needs. */
  readonly ref?: JsonObject;
}

/** A commit for the DORA numbers (`POST /v1/dora/commits`); commits are facts, not entities. */
export interface RawCommit {
  readonly repository: string;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: string;
  readonly committedAt: string;
  /** `Name <mail>`. */
  readonly author: string;
  readonly message: string;
}

export interface Page {
  readonly objects: readonly RawObject[];
  readonly commits?: readonly RawCommit[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
  /** How many objects there are in all pages under this parent, where the system tells. */
  readonly total?: number;
}

export interface ListRequest {
  /** The object to list under; null for kinds that are under none. */
  readonly parent: { readonly key: string; readonly ref: JsonObject } | null;
  readonly cursor: string | null;
  /** Only what changed since (ISO); null: everything. Kinds that cannot tell list everything. */
  readonly since: string | null;
}

export interface Kind {
  readonly kind: string;
  readonly title: string;
  /** The kind under each of whose objects this one is listed. It comes earlier in the list. */
  readonly under?: string;
  /** Gives commits, not objects. */
  readonly feeds?: "commits";
  /** May `since` be sent? Others are listed whole in a quick resync too. */
  readonly incremental?: true;
  /** Refused (403, 404) means "none": the account's plan or the token's scopes leave it out. Says what is missing. */
  readonly optional?: string;
  /**
   * The system throws old ones away by itself: what a listing leaves out is not gone, or the history of deployments
   * would go with it. Only an event, or the object above, takes one away. A function where settings decide.
   */
  readonly forgets?: true | ((settings: Settings) => boolean);
  /** @throws HttpError */
  list(session: Session, request: ListRequest): Promise<Page>;
  /** One object as `list` would give it; null when it is gone. For events that do not carry all of it. */
  fetch?(session: Session, ref: JsonObject): Promise<RawObject | null>;
}

/** What a delivery says. */
export type LiveChange =
  | { readonly op: "upsert"; readonly kind: string; readonly object: RawObject }
  /** The event does not carry the whole object: ask for it. */
  | { readonly op: "refetch"; readonly kind: string; readonly key: string; readonly ref: JsonObject }
  | { readonly op: "delete"; readonly kind: string; readonly key: string; readonly version: string | null }
  /** What is under this object changed: it is listed again. Nothing is deleted by that. */
  | {
      readonly op: "relist";
      readonly kind: string;
      readonly parent: { readonly key: string; readonly ref: JsonObject };
    }
  /** Commits were pushed: the pages that `list` gives for `ref` until one brings nothing new. */
  | { readonly op: "commits"; readonly kind: string; readonly ref: JsonObject }
  /** So much changed (a repository was renamed or transferred) that everything has to be listed again. */
  | { readonly op: "resync" };

export interface Delivery {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A deployment-tracking strategy of the article: resources of the mapping that write `deployment` entities. */
export interface Strategy {
  readonly id: string;
  readonly title: string;
  /** What counts as a deployment, and when to pick it. */
  readonly description: string;
  /** Ids of those that tell the same deployments: together they count twice. */
  readonly insteadOf?: readonly string[];
  readonly resources: readonly JsonObject[];
}

export interface Connector {
  /** `github`; part of the names of what it writes. */
  readonly type: string;
  readonly title: string;
  readonly icon: string;
  readonly category: "source control" | "CI/CD" | "incidents" | "issues";
  readonly settings: readonly Setting[];
  /** In the order in which they are listed: targets of relations first. */
  readonly kinds: readonly Kind[];
  /** @throws AppError `invalid_request` for settings that cannot be used together */
  open(settings: Settings, outbound: Outbound): Session;
  /** Asks the smallest question that proves address and token. @returns whom it is connected as. @throws HttpError */
  check(session: Session): Promise<string>;
  readonly webhook: {
    /** Where to put the address and the secret. */
    readonly help: string;
    /** Does the delivery come from the system? `secret` is the data source's webhook secret. */
    verify(headers: Readonly<Record<string, string>>, rawBody: string, secret: string): boolean;
    /** The system's name of the delivery; null: it has none, the content decides. */
    deliveryId(delivery: Delivery): string | null;
    /** Empty for what is of no interest. @throws AppError `invalid_request` for what this system does not send */
    changes(delivery: Delivery, settings: Settings): readonly LiveChange[];
  };
  readonly defaults: {
    /** In an order in which relations have their targets. */
    readonly blueprints: readonly JsonObject[];
    readonly resources: readonly JsonObject[];
  };
  readonly strategies: readonly Strategy[];
  /** The strategies of a data source that names none. */
  readonly defaultStrategies: readonly string[];
}
