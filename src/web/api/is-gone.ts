import { ApiError } from "./client.ts";
import { takesFreshProof } from "./sign-in-again.ts";

/** What was asked for is not there, as far as its reader is told. */
export const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** What was asked for was refused because nobody is signed in (any more), not for a wrong password. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && Object(error.body).reason === "not_signed_in";

/** It is there, but not for them; to sign in anew would change nothing. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 403 && !takesFreshProof(error);
