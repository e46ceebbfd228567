/** Rows of numbers of many services, of one day. The first number of a row is the service. */
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
    const needed = (this.#rows + count) * this.width;
    if (needed > this.#data.length) {
      const larger = new Float64Array(Math.max(needed, this.#data.length * 2));
      larger.set(this.data);
      this.#data = larger;
    }
    for (let row = 0; row < count; row++) {
      const to = (this.#rows + row) * this.width;
      this.#data[to] = service;
      for (let column = 0; column < width; column++)
        this.#data[to + 1 + column] = rows[row * width + column] as number;
    }
    this.#rows += count;
  }

  remove(service: number): void {
    const { width } = this;
    let kept = 0;
    for (let row = 0; row < this.#rows; row++) {
      if (this.#data[row * width] === service) continue;
      if (kept !== row) this.#data.copyWithin(kept * width, row * width, (row + 1) * width);
      kept++;
    }
    this.#rows = kept;
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

  #append(rows: Float64Array): void {
    const needed = this.#rows * this.width + rows.length;
    if (needed > this.#data.length) {
      const larger = new Float64Array(Math.max(needed, this.#data.length * 2));
      larger.set(this.data);
      this.#data = larger;
    }
    this.#data.set(rows, this.#rows * this.width);
    this.#rows += rows.length / this.width;
  }

  /** The rows of a service, without it. */
  rowsOf(service: number): number[] {
    const found: number[] = [];
    const { width } = this;
    for (let row = 0; row < this.#rows; row++) {
      if (this.#data[row * width] !== service) continue;
      for (let column = 1; column < width; column++) found.push(this.#data[row * width + column] as number);
    }
    return found;
  }
}
