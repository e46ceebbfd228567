import { HttpError } from "./http-client.ts";

/** The answer; null when the system does not know what was asked for (404, 410). */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HttpError && (error.status === 404 || error.status === 410)) return null;
    throw error;
  }
}
