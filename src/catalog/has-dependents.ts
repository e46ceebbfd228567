/** The refusal to delete what others need (decision 18). */
import { AppError } from "../model/error.ts";

/** First so many dependents are listed. */
export const LISTED = 20;

export interface Dependent {
  readonly kind: string;
  readonly blueprint: string;
  readonly identifier: string;
}

/** @param dependents at least the first ones, `count` all of them */
export function hasDependents(message: string, dependents: readonly Dependent[], count: number): AppError {
  return new AppError("has_dependents", `${message} (${count} in all; has_dependents)`, {
    dependents: dependents.slice(0, LISTED),
    count,
  });
}
