/** Under which name each kind of secret is encrypted: it is authenticated, so that no row can be moved to another place. */
export type SealedKind = "secret" | "webhook" | "data source" | "webhook of a data source" | "second factor";

export const SEAL_NAMES: Readonly<Record<SealedKind, (id: string) => string>> = {
  secret: (id) => id,
  webhook: (id) => `webhook/${id}`,
  "data source": (id) => `data-source/${id}/settings`,
  "webhook of a data source": (id) => `data-source/${id}/webhook`,
  "second factor": (id) => `second-factor:${id}`,
};
