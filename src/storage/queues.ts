/** Names of the queues; a name is used by the code that marks work and by the code that does it. */

/** Raw commit deliveries, keyed by delivery id (also the inbox source). */
export const COMMITS_QUEUE = "commits";
/** Derivation of the numbers of one service, keyed by its identifier. */
export const DERIVE_QUEUE = "dora";
/** Migrations of all entities of a blueprint, keyed by migration id. */
export const MIGRATIONS_QUEUE = "migrations";
/** Events of data sources, keyed by source (`webhook:<identifier>:<random>`, `integration:<installation>`); see events.ts. */
export const INGEST_QUEUE = "ingest";
/** Data sources with deliveries to process or pages to list, keyed by the source's id. */
export const SOURCES_QUEUE = "sources";
/** Runs of actions that the server carries out itself, keyed by run id. */
export const RUNS_QUEUE = "runs";
/** Changelogs with messages that wait, keyed by the identifier of their runs' action: one after the other, in their order. */
export const CHANGELOGS_QUEUE = "changelogs";
/** Runs whose workflow or pipeline is asked for its end, keyed by run id. */
export const RUN_REPORTS_QUEUE = "run-reports";
/** Runs that wait for approval, and of which approvers are to be told, keyed by run id. */
export const RUN_NOTICES_QUEUE = "run-notices";
/** People whose address is being replaced in what is told of the past, keyed by the pseudonym. */
export const ERASURES_QUEUE = "erasures";
