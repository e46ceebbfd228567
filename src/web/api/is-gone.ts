import { ApiError } from "./client.ts";
import { takesFreshProof } from "./sign-in-again.ts";

/** What was asked for is not there, or its reader may not see it. */
export const isGone = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || (error.status === 403 && !takesFreshProof(error)));
