import { ApiError } from "../client.ts";

/** One thing to send: its identifier for messages, and its JSON text. */
export interface Row {
  readonly id: string;
  readonly json: string;
}

export interface RowError {
  readonly kind: "commit" | "change" | "deployment" | "incident";
  readonly id: string;
  readonly message: string;
}

/** Errors of single rows: all are counted, the first ones are kept to be shown. */
export interface RowErrors {
  readonly first: readonly RowError[];
  readonly count: number;
  add(error: RowError): void;
}

const SHOWN_ERRORS = 20;
/** So many single rows refused with none taken: the server refuses this kind of row, not these rows. */
const SYSTEMATIC = 25;

export function rowErrors(): RowErrors {
  const first: RowError[] = [];
  let count = 0;
  return {
    first,
    get count() {
      return count;
    },
    add: (error) => {
      count += 1;
      if (first.length < SHOWN_ERRORS) first.push(error);
    },
  };
}

function concernsRows(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 400 || error.status === 413 || error.status === 422);
}

/**
 * Sends rows together; when the server refuses the request, sends its halves, down to the single row that is at
 * fault. Returns how many rows were taken.
 */
export function createRowSender(
  kind: RowError["kind"],
  errors: RowErrors,
  post: (rows: readonly Row[]) => Promise<number>,
): (rows: readonly Row[]) => Promise<number> {
  let taken = 0;
  let refused = 0;
  async function send(rows: readonly Row[]): Promise<number> {
    const [only] = rows;
    if (only === undefined) return 0;
    try {
      const count = await post(rows);
      taken += count;
      return count;
    } catch (error) {
      if (!concernsRows(error)) throw error;
      if (rows.length === 1) {
        refused += 1;
        errors.add({ kind, id: only.id, message: error.message });
        if (taken === 0 && refused >= SYSTEMATIC) throw error;
        return 0;
      }
      const half = Math.ceil(rows.length / 2);
      return (await send(rows.slice(0, half))) + (await send(rows.slice(half)));
    }
  }
  return send;
}

export interface Chunker {
  /** Adds a row; gives the full chunk when this row does not fit any more. */
  add(row: Row): readonly Row[] | null;
  /** The rest. */
  flush(): readonly Row[];
}

/** Cuts rows into chunks by count and bytes: the same rows always give the same chunks. */
export function createChunker(maxRows: number, maxBytes: number): Chunker {
  let rows: Row[] = [];
  let bytes = 0;
  function flush(): readonly Row[] {
    const full = rows;
    rows = [];
    bytes = 0;
    return full;
  }
  return {
    add: (row) => {
      const size = Buffer.byteLength(row.json) + 1;
      const full = rows.length > 0 && (rows.length >= maxRows || bytes + size > maxBytes) ? flush() : null;
      rows.push(row);
      bytes += size;
      return full;
    },
    flush,
  };
}
