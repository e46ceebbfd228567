/**
 * All rows of an organisation in some environments, kept by day, with what was folded from them before: a question over
 * a year puts together 53 weeks instead of reading a million rows. Exact: every value is there, in ascending lists.
 */
import { isOwned, type Span } from "../ownership.ts";
import { Beginnings } from "./beginnings.ts";
import { type Cell, type Choice, emptyCell, INCIDENT, TABLES } from "./cell.ts";
import type { ServiceColumns } from "./layout.ts";
import { type Part, partOf } from "./part.ts";
import { gapsBetween } from "./part-deployments.ts";

const DAY = 86_400_000;
/** Of folded lists: 128 MB, less where there are few rows. Beyond, they are folded again. */
const MAX_VALUES = 16_000_000;
const LEAST_VALUES = 1_000_000;
/** What folding one time zone and interval takes at most, twice. */
const VALUES_PER_ROW = 16;
/** What a part takes beside its lists: of many time zones and windows there are many without rows. */
const VALUES_PER_PART = 300;

/** Names and titles of incidents: 10 MB. */
const LEAST_TEXTS = 100_000;
const TEXTS_PER_ROW = 4;

/** More of them have rows on most days. */
const FEW_SERVICES = 4;

/** How the rows of a service belong to a selection. */
const [ALWAYS, SOMETIMES] = [1, 2];

type TableName = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as TableName[];

/** Rows by day, one after another. */
type ByDay = Map<number, Record<TableName, number[]>>;

/** Services whose rows are asked for, and when these were theirs; null: always. */
export type Selection = ReadonlyMap<string, readonly Span[] | null>;

/** By service, in the order of time. */
export type CellsByService = ReadonlyMap<number, Cell>;

export class OrganisationColumns {
  readonly #numbers = new Map<string, number>();
  readonly #services: string[] = [];
  /** Days on which a service has rows. */
  readonly #days = new Map<number, ReadonlySet<number>>();
  readonly #cells = new Map<number, Cell>();
  readonly #texts = new Map<string, number>();
  readonly #parts = new Map<string, { readonly stamp: number; readonly part: Part; readonly size: number }>();
  readonly #beginnings = new Beginnings();
  #rows = 0;
  #values = 0;
  #stamp = 0;

  /** Of all tables. */
  get rows(): number {
    return this.#rows;
  }

  /** What is kept of folded lists and parts, in numbers. */
  get keptValues(): number {
    return this.#values;
  }

  /** Whether each incident began on one instant, whichever of its services tells; days fold to the same as rows only then. */
  get isAgreed(): boolean {
    return this.#beginnings.areAgreed;
  }

  /** Whether most of the texts that are kept are of incidents that went: they are not given back one by one. */
  get isWorn(): boolean {
    return this.#texts.size > LEAST_TEXTS + TEXTS_PER_ROW * this.#rows;
  }

  /** Takes the place of what the service had. Days on which nothing changed keep what was folded. */
  put(service: string, columns: ServiceColumns): void {
    const number = this.#numberOf(service);
    const rows = this.#byDay(columns);
    const before = this.#days.get(number) ?? new Set<number>();
    const nothing: Record<TableName, number[]> = { changes: [], deployments: [], notes: [], incidents: [] };
    for (const day of new Set([...before, ...rows.keys()])) {
      const cell = this.#cellOf(day);
      const next = rows.get(day) ?? nothing;
      const isKnown = before.has(day);
      let isChanged = false;
      for (const name of NAMES) {
        const old = isKnown ? cell[name].rowsOf(number) : [];
        if (isSame(old, next[name])) continue;
        if (old.length > 0) cell[name].remove(number);
        cell[name].add(number, next[name]);
        this.#rows += (next[name].length - old.length) / TABLES[name];
        if (name === "incidents") this.#tellBeginnings(old, next[name]);
        isChanged = true;
      }
      if (isChanged) cell.stamp = ++this.#stamp;
    }
    this.#days.set(number, new Set(rows.keys()));
  }

  remove(service: string): void {
    const nothing = new Float64Array(0);
    this.put(service, { changes: nothing, deployments: nothing, notes: nothing, incidents: [] });
  }

  /** What is folded from [from, to) of all services; kept, for spans that will be asked for again. */
  part(from: number, to: number, until = Infinity): Part {
    const cells = this.#cellsIn(from, to);
    if (cells.length === 0) return NOTHING;
    const stamp = cells.reduce((newest, cell) => Math.max(newest, cell.stamp), 0);
    const key = `${from} ${to}`;
    const known = this.#parts.get(key);
    const part =
      known?.stamp === stamp ? known.part : this.#keep(key, stamp, this.#fold(cells, from, to, Infinity));
    return part.lastEnd <= until ? part : this.#fold(cells, from, to, until);
  }

  /** A span that no other question will have: whole days of it are folded once, and its ends each time. */
  pieces(from: number, to: number, until = Infinity): Part[] {
    const first = Math.ceil(from / DAY) * DAY;
    const last = Math.floor(to / DAY) * DAY;
    const fresh = (start: number, end: number): Part =>
      this.#fold(this.#cellsIn(start, end), start, end, until);
    if (first >= last) return [fresh(from, to)];
    const pieces = [];
    if (from < first) pieces.push(fresh(from, first));
    for (let day = first; day < last; day += DAY)
      if (this.#cells.has(day / DAY)) pieces.push(this.part(day, day + DAY, until));
    if (last < to) pieces.push(fresh(last, to));
    return pieces;
  }

  /** What is folded from the rows that are asked for, of the organisation or of some cells of it. */
  partOf(choice: Choice, cells: readonly Cell[] = this.#cellsFor(choice)): Part {
    return partOf(cells, choice, this.#name);
  }

  gaps(choice: Choice): Float64Array {
    return gapsBetween(this.#cellsFor(choice), choice);
  }

  /** Whether a row belongs to the selection. By the number of its service: it is asked of every row of a window. */
  isAsked(selection: Selection): (service: number, at: number) => boolean {
    const how = new Uint8Array(this.#services.length);
    const spans = new Map<number, readonly Span[]>();
    for (const [service, own] of selection) {
      const number = this.#numbers.get(service);
      if (number === undefined) continue;
      how[number] = own === null ? ALWAYS : SOMETIMES;
      if (own !== null) spans.set(number, own);
    }
    return (service, at) => {
      const asked = how[service];
      return asked === ALWAYS || (asked === SOMETIMES && isOwned(spans.get(service) ?? [], at));
    };
  }

  /** The numbers of the services of a selection that have any rows. */
  numbersOf(selection: Selection): readonly number[] {
    return [...selection.keys()].flatMap((service) => this.#numbers.get(service) ?? []);
  }

  numberOf(service: string): number | undefined {
    return this.#numbers.get(service);
  }

  /** The rows in [from, to), service by service: what many entities are folded from. A day a step. */
  *byService(from: number, to: number): Generator<void, CellsByService> {
    const cells = new Map<number, Cell>();
    for (const cell of this.#cellsIn(from, to)) {
      for (const name of NAMES)
        cell[name].copyInto(from, to, (service) => {
          let own = cells.get(service);
          if (own === undefined) cells.set(service, (own = emptyCell()));
          return own[name];
        });
      yield;
    }
    return cells;
  }

  readonly #name = (service: number): string => this.#services[service] as string;

  #fold(cells: readonly Cell[], from: number, to: number, until: number): Part {
    return partOf(cells, { from, to, isAsked: null, until }, this.#name);
  }

  #keep(key: string, stamp: number, part: Part): Part {
    const size = sizeOf(part);
    this.#values += size - (this.#parts.get(key)?.size ?? 0);
    if (this.#values > Math.min(MAX_VALUES, LEAST_VALUES + VALUES_PER_ROW * this.#rows)) {
      this.#parts.clear();
      this.#values = size;
    }
    this.#parts.set(key, { stamp, part, size });
    return part;
  }

  #tellBeginnings(old: readonly number[], next: readonly number[]): void {
    const { width, at, key } = INCIDENT;
    for (let row = 0; row < old.length; row += width)
      this.#beginnings.remove(old[row + key] as number, old[row + at] as number);
    for (let row = 0; row < next.length; row += width)
      this.#beginnings.add(next[row + key] as number, next[row + at] as number);
  }

  #cellsIn(from: number, to: number): Cell[] {
    const cells: Cell[] = [];
    const [first, last] = [Math.floor(from / DAY), Math.floor((to - 1) / DAY)];
    // A window may reach back to the year 1.
    if (last - first > this.#cells.size) {
      const days = [...this.#cells.keys()].filter((day) => day >= first && day <= last);
      return days.sort((left, right) => left - right).map((day) => this.#cells.get(day) as Cell);
    }
    for (let day = first; day <= last; day++) {
      const cell = this.#cells.get(day);
      if (cell !== undefined) cells.push(cell);
    }
    return cells;
  }

  /** Days without rows of the few services that are asked for are left out: of a year that is most of the work. */
  #cellsFor({ from, to, services }: Choice): Cell[] {
    const cells = this.#cellsIn(from, to);
    if (services === undefined || services.length > FEW_SERVICES) return cells;
    const days = services.map((service) => this.#days.get(service));
    return cells.filter(({ day }) => days.some((own) => own?.has(day)));
  }

  #cellOf(day: number): Cell {
    let cell = this.#cells.get(day);
    if (cell === undefined) {
      cell = emptyCell(day);
      this.#cells.set(day, cell);
    }
    return cell;
  }

  #numberOf(service: string): number {
    const known = this.#numbers.get(service);
    if (known !== undefined) return known;
    const number = this.#services.push(service) - 1;
    this.#numbers.set(service, number);
    return number;
  }

  #textOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.size;
    this.#texts.set(text, number);
    return number;
  }

  #byDay({ changes, deployments, notes, incidents }: ServiceColumns): ByDay {
    const days: ByDay = new Map();
    const rowsAt = (at: number): Record<TableName, number[]> => {
      const day = Math.floor(at / DAY);
      let rows = days.get(day);
      if (rows === undefined)
        days.set(day, (rows = { changes: [], deployments: [], notes: [], incidents: [] }));
      return rows;
    };
    const split = (name: "changes" | "deployments" | "notes", data: Float64Array): void => {
      const width = TABLES[name];
      for (let row = 0; row < data.length; row += width) {
        const own = rowsAt(data[row] as number)[name];
        for (let column = 0; column < width; column++) own.push(data[row + column] as number);
      }
    };
    split("changes", changes);
    split("deployments", deployments);
    split("notes", notes);
    for (const { at, end, key, twin, bits } of incidents)
      rowsAt(at).incidents.push(
        ...[at, end ?? Number.NaN, this.#textOf(key), twin === null ? -1 : this.#textOf(twin), bits],
      );
    return days;
  }
}

/** Of days without rows. */
const NOTHING: Part = partOf([], { from: 0, to: 0, isAsked: null, until: Infinity }, () => "");

function sizeOf(part: Part): number {
  const lists = [
    ...[part.lead, part.recovered, part.ended, ...Object.values(part.stages)].map(({ values }) => values),
    ...[part.merged, part.successes, part.gaps, part.previous, part.gapsByPrevious],
    ...[part.unrecovered, part.unended, part.twins, part.unreached, part.again],
    // The lead times themselves where there are no regions.
    ...(part.reached === part.lead ? [] : [part.reached.values]),
  ];
  return lists.reduce((sum, list) => sum + list.length, VALUES_PER_PART);
}

const isSame = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((value, index) => Object.is(value, right[index]));
