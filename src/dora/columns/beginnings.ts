/**
 * When incidents began, as the rows of their services say. The rows agree, but while one of the services is yet to be
 * derived again after the beginning changed: then one incident lies on two days, and days cannot be put together.
 */
export class Beginnings {
  /** By incident: instants, each followed by how many rows say so. */
  readonly #told = new Map<number, number[]>();
  #disputed = 0;

  get areAgreed(): boolean {
    return this.#disputed === 0;
  }

  add(incident: number, at: number): void {
    const told = this.#told.get(incident);
    if (told === undefined) {
      this.#told.set(incident, [at, 1]);
      return;
    }
    const place = placeOf(told, at);
    if (place === -1) {
      if (told.length === 2) this.#disputed++;
      told.push(at, 1);
    } else told[place + 1] = (told[place + 1] as number) + 1;
  }

  /** Of a row that was added. */
  remove(incident: number, at: number): void {
    const told = this.#told.get(incident) ?? [];
    const place = placeOf(told, at);
    if (place === -1) return;
    const left = (told[place + 1] as number) - 1;
    if (left > 0) {
      told[place + 1] = left;
      return;
    }
    told.splice(place, 2);
    if (told.length === 0) this.#told.delete(incident);
    if (told.length === 2) this.#disputed--;
  }
}

function placeOf(told: readonly number[], at: number): number {
  for (let place = 0; place < told.length; place += 2) if (told[place] === at) return place;
  return -1;
}
