import { ApiError, postJson } from "./client.ts";

/** Whether it is refused because they signed in too long ago for it. */
export const takesFreshProof = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.body as { readonly reason?: unknown } | null)?.reason === "sign_in_again";

/** Out and in again, back to where they are. */
export async function signInAgain(): Promise<void> {
  const { pathname, search } = window.location;
  await postJson("/auth/logout").catch(() => null);
  window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
}
