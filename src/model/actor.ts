/** Who does something: a person on the web, machine credentials, or the system itself. */
export interface Actor {
  readonly kind: "user" | "machine" | "system";
  /** User id or client id; what `createdBy` and `updatedBy` show. */
  readonly id: string;
  /** `$datasource`: the User-Agent of the last writer; null on the web. */
  readonly datasource: string | null;
}

export const SYSTEM_ACTOR: Actor = { kind: "system", id: "fairway", datasource: null };
