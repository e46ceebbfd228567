/** Who does something: a person on the web, machine credentials, or the system itself. */
export interface Actor {
  readonly kind: "user" | "machine" | "system";
  /** User id or client id; what `createdBy` and `updatedBy` show. */
  readonly id: string;
  /** `$datasource`: the User-Agent of the last writer; null on the web. */
  readonly datasource: string | null;
  /** What the audit log calls it; absent: what follows from the rest. */
  readonly origin?: string;
  /** The person, or service account, that asks; absent for apps and the system, which may do everything. */
  readonly person?: Person;
  /** What the token that is used is limited to (model/scope.ts); absent: not limited. */
  readonly scopes?: readonly string[];
  /** They signed in on the web too long ago for what takes a fresh proof of who they are. */
  readonly isProofOld?: boolean;
}

/** What `{context: "user" | "userTeams"}` in queries and permissions ask about. */
export interface Person {
  readonly email: string;
  readonly name: string;
  /** "Admin", "Member"; and `<blueprint>-moderator` for blueprints they look after. */
  readonly roles: readonly string[];
  /** Identifiers of their teams. */
  readonly teams: readonly string[];
}

export const SYSTEM_ACTOR: Actor = { kind: "system", id: "fairway", datasource: null };

/** What follows from other changes, without anybody doing it. */
export const DERIVATION_ACTOR: Actor = { kind: "system", id: "fairway:derivation", datasource: null };

/** Exporters name themselves in the User-Agent (data-model.md §1.2); what they write is shown as theirs. */
const EXPORTERS =
  /^(port-ocean|port-k8s-exporter|github-action|port-agent|terraform-provider-port|fairway-integration)\b/;

export const isExporter = (actor: Actor): boolean =>
  actor.kind === "machine" && actor.datasource !== null && EXPORTERS.test(actor.datasource);

/** Where a change comes from, as the audit log shows it: `UI`, `API`, `AUTOMATION`, or the exporter's User-Agent. */
export function originOf(actor: Actor): string {
  if (actor.origin !== undefined) return actor.origin;
  if (actor.kind === "user") return "UI";
  if (actor.kind === "system") return "AUTOMATION";
  return isExporter(actor) ? (actor.datasource ?? "API") : "API";
}
