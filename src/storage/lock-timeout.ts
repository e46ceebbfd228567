/** How long a statement waits for a lock: of every session to PostgreSQL, but for what may take as long as it needs. */
export const LOCK_TIMEOUT = "30s";
