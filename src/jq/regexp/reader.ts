/** A place in the text of an expression, by code points. */
export class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The character here; the empty text at the end. */
  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  next(): string {
    const character = this.peek();
    this.#at += character.length;
    return character;
  }

  /** Goes over `text` when it is here. */
  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Everything from here on. */
  rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Goes over what was found at the beginning of `rest`. */
  skip(found: string): void {
    this.#at += found.length;
  }
}
