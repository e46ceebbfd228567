/** Comma-separated values (RFC 4180) with a header line. */
export type CsvRow = Readonly<Record<string, string>>;

/** Rows as objects by column; a missing cell is the empty text. Quotes may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): CsvRow[] {
  const [header, ...rows] = recordsOf(text.replace(/^\uFEFF/, ""));
  if (header === undefined) return [];
  return rows
    .filter((cells) => cells.length > 1 || cells[0] !== "")
    .map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])));
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = (): void => {
    record.push(cell);
    cell = "";
  };
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[index + 1] === '"') cell += text[++index] as string;
      else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === ",") endCell();
    else if (char === "\n") {
      endCell();
      records.push(record);
      record = [];
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || record.length > 0) {
    endCell();
    records.push(record);
  }
  return records;
}
