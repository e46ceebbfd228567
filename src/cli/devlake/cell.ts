import type { CsvRecord } from "./read-csv.ts";

/** The value of a column; null where there is none. */
export const textOf = ({ cells }: CsvRecord, column: string): string | null => {
  const text = cells[column]?.trim() ?? "";
  return text === "" ? null : text;
};

/** As ISO text; null where the cell is empty. Times without a zone are UTC. @throws RangeError for anything else */
export function timeOf(record: CsvRecord, column: string): string | null {
  const text = textOf(record, column);
  if (text === null) return null;
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(\.\d{1,9})? ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text,
    );
  const [, year, month = "", day = "", hour = "", minute, second, fraction = "", zone = "Z"] = match ?? [];
  const two = (part: string): string => part.padStart(2, "0");
  const offset =
    zone === "UTC" || zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}`;
  const time = new Date(
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${fraction.slice(0, 4)}${offset}`,
  );
  if (match === null || Number.isNaN(time.getTime()))
    throw new RangeError(`${column}: ${JSON.stringify(text.slice(0, 50))} is no time`);
  return time.toISOString();
}

/** `https://user@github.com:443/acme/shop.git` and `git@github.com:acme/shop` are `github.com/acme/shop`. */
export function repositoryOf(url: string): string {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(url);
  const plain = url.includes("://")
    ? url.replace(/^[a-z+]+:\/\/([^@/]*@)?/i, "").replace(/^([^/:]+):\d+\//, "$1/")
    : scp === null
      ? url
      : `${scp[1]}/${scp[2]}`;
  return plain.replace(/[?#].*$/, "").replace(/(\.git)?\/*$/, "");
}
