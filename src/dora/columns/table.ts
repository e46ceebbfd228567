/**
 * Rows of numbers of many services, of one day. The first number of a row is the service; rows are in the order of services, and
 * of one service in the order in which they were added.
 */
const FIRST_ROWS = 8;

export class Table {
  readonly width: number;
  #data: Float64Array;
  #rows = 0;

  /** @param width of a row without its service */
  constructor(width: number) {
    this.width = width + 1;
    this.#data = new Float64Array(this.width * FIRST_ROWS);
  }

  get rows(): number {
    return this.#rows;
  }

  get data(): Float64Array {
    return this.#data.subarray(0, this.#rows * this.width);
  }

  /** @param rows without their service */
  add(service: number, rows: readonly number[]): void {
    const width = this.width - 1;
    const count = rows.length / width;
    this.#reserve(count);
    const at = this.#firstAbove(service);
    this.#data.copyWithin((at + count) * this.width, at * this.width, this.#rows * this.width);
    for (let row = 0; row < count; row++) {
      const to = (at + row) * this.width;
      this.#data[to] = service;
      for (let column = 0; column < width; column++)
        this.#data[to + 1 + column] = rows[row * width + column] as number;
    }
    this.#rows += count;
  }

  remove(service: number): void {
    const [start, end] = this.placeOf(service);
    this.#data.copyWithin(start * this.width, end * this.width, this.#rows * this.width);
    this.#rows -= end - start;
  }

  /** The rows of a service: from the first to before the second. */
  placeOf(service: number): readonly [from: number, to: number] {
    return [this.#firstAbove(service - 1), this.#firstAbove(service)];
  }

  /** By halving. Services are whole numbers. */
  #firstAbove(service: number): number {
    let from = 0;
    let to = this.#rows;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#data[middle * this.width] as number) <= service) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #reserve(rows: number): void {
    const needed = (this.#rows + rows) * this.width;
    if (needed <= this.#data.length) return;
    const larger = new Float64Array(Math.max(needed, this.#data.length * 2));
    larger.set(this.data);
    this.#data = larger;
  }

  /** Copies the rows whose first number is in [from, to); rows of one service that follow each other at once. */
  copyInto(from: number, to: number, tableOf: (service: number) => Table): void {
    const { width } = this;
    const data = this.data;
    let start = 0;
    const isIn = (row: number): boolean => {
      const at = data[row + 1] as number;
      return at >= from && at < to;
    };
    for (let row = 0; row <= data.length; row += width) {
      const ends =
        row === data.length || (row > start && (data[row] !== data[start] || !isIn(row) || !isIn(start)));
      if (!ends) continue;
      if (row > start && isIn(start)) tableOf(data[start] as number).#append(data.subarray(start, row));
      start = row;
    }
  }

  /** Of one service, the only one here. */
  #append(rows: Float64Array): void {
    this.#reserve(rows.length / this.width);
    this.#data.set(rows, this.#rows * this.width);
    this.#rows += rows.length / this.width;
  }

  /** The rows of a service, without it. */
  rowsOf(service: number): number[] {
    const found: number[] = [];
    const { width } = this;
    const [start, end] = this.placeOf(service);
    for (let row = start; row < end; row++)
      for (let column = 1; column < width; column++) found.push(this.#data[row * width + column] as number);
    return found;
  }
}
