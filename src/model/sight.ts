/** What of the catalog somebody may see, for code that reads facts derived from entities instead of the entities. */
export interface Sight {
  /** All entities of the blueprint may be seen. */
  readonly isWhole: (blueprint: string) => boolean;
  /** Of these entities of one blueprint those that may be seen. */
  readonly among: (blueprint: string, identifiers: readonly string[]) => Promise<ReadonlySet<string>>;
}
