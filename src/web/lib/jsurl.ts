/** Values in an address as Port's links have them (JSURL): `~(name~'shop~size~3)`. */

const PLAIN = /[^\w.-]/g;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

function encodeText(text: string): string {
  return text.replace(PLAIN, (char) => {
    if (char === "$") return "!";
    const code = char.charCodeAt(0);
    return code < 0x100 ? `*${hex(code, 2)}` : `**${hex(code, 4)}`;
  });
}

export function encodeJsurl(value: unknown): string {
  if (typeof value === "number") return Number.isFinite(value) ? `~${value}` : "~null";
  if (typeof value === "boolean") return `~${value}`;
  if (typeof value === "string") return `~'${encodeText(value)}`;
  if (Array.isArray(value)) return `~(${value.length === 0 ? "~" : value.map(encodeJsurl).join("")})`;
  if (typeof value !== "object" || value === null) return "~null";
  const pairs = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => encodeText(key) + encodeJsurl(one));
  return `~(${pairs.join("~")})`;
}

const MAX_DEPTH = 50;

/** undefined for what is not JSURL. */
export function decodeJsurl(text: string): unknown {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`no JSURL at ${at}`);
  };
  const eat = (char: string): void => {
    if (text[at] !== char) fail();
    at++;
  };
  const readText = (): string => {
    const start = at;
    while (at < text.length && text[at] !== "~" && text[at] !== ")") at++;
    return text
      .slice(start, at)
      .replace(/\*\*([0-9a-fA-F]{4})|\*([0-9a-fA-F]{2})|!/g, (all, long?: string, short?: string) =>
        all === "!" ? "$" : String.fromCharCode(Number.parseInt(long ?? short ?? "", 16)),
      );
  };
  const read = (depth: number): unknown => {
    if (depth > MAX_DEPTH) fail();
    eat("~");
    if (text[at] === "'") {
      at++;
      return readText();
    }
    if (text[at] !== "(") {
      const word = readText();
      if (word === "true" || word === "false") return word === "true";
      if (word === "null") return null;
      const number = Number(word);
      return word === "" || Number.isNaN(number) ? fail() : number;
    }
    at++;
    if (text[at] === "~") {
      const list: unknown[] = [];
      if (text[at + 1] === ")") at++;
      else while (text[at] === "~") list.push(read(depth + 1));
      eat(")");
      return list;
    }
    const pairs: [string, unknown][] = [];
    while (text[at] !== ")") {
      const key = readText();
      pairs.push([key, read(depth + 1)]);
      if (text[at] === "~") at++;
      else if (text[at] !== ")") fail();
    }
    at++;
    return Object.fromEntries(pairs);
  };
  try {
    const value = read(0);
    return at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
