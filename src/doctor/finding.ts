/** One thing that was looked at: what it is like, why that matters, and what to do. */
export interface Finding {
  /** Machine-readable, e.g. `database.migrations`; the part before the dot is the area. */
  readonly id: string;
  readonly status: "ok" | "warning" | "failed" | "not checked";
  readonly what: string;
  /** null of what is well. */
  readonly why: string | null;
  readonly todo: string | null;
}

export const ok = (id: string, what: string): Finding => ({ id, status: "ok", what, why: null, todo: null });

export const warning = (id: string, what: string, why: string, todo: string): Finding => ({
  ...{ id, status: "warning", what, why, todo },
});

export const failed = (id: string, what: string, why: string, todo: string): Finding => ({
  ...{ id, status: "failed", what, why, todo },
});

/** @param because goes behind "not checked, because …" */
export const notChecked = (id: string, because: string): Finding => ({
  ...{ id, status: "not checked", what: `not checked, because ${because}`, why: null, todo: null },
});

/** What went wrong, in one line; of several causes (both addresses of a host) the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${reasonOf(error.cause)}` : "";
  const text = error.message === "" ? error.name : error.message;
  return `${text}${cause}`.replaceAll(/\s+/g, " ").slice(0, 300);
}

/** What `look` finds; where it cannot look, or not in time, that it was not checked and why. */
export async function attempt(
  id: string,
  limitMs: number,
  look: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`there was no answer within ${limitMs / 1000} s`)), limitMs);
    });
    return await Promise.race([Promise.resolve().then(look), late]);
  } catch (error) {
    return [notChecked(id, reasonOf(error))];
  } finally {
    clearTimeout(timer);
  }
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `1.5 GB` */
export function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** `3 h`, `2 days` */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
