import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell } from "../../src/metrics/dora/csv-cell.ts";
import { evidenceTable } from "../../src/web/dora/evidence-csv.ts";
import { csv } from "../../src/web/lib/csv.ts";

/** A reader of RFC 4180, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text.charAt(at++);
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") {
      row.push(cell);
      cell = "";
    } else if (char === "\r" && text[at + 1] === "\n") {
      at++;
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += char;
  }
  return rows;
}

describe("csv", () => {
  it("quotes what needs it, ends lines with CRLF, starts with a byte-order mark", () => {
    expect(
      csv(
        ["a", "b"],
        [
          ['say "hi"', "x,y"],
          ["two\nlines", 1.5],
          [null, true],
        ],
      ),
    ).toBe('\ufeffa,b\r\n"say ""hi""","x,y"\r\n"two\nlines",1.5\r\n,true\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@cmd", "\tx", "\rx"])("disarms the text %j", (text) => {
    expect(parse(csv(["a"], [[text]]))[1]).toEqual([`'${text}`]);
  });

  it.each([
    ["a;=1+1", "a;'=1+1"],
    ["a\t@cmd;-1", "a\t'@cmd;'-1"],
    ["a\n+1", "a\n'+1"],
    ["\t=1", "'\t'=1"],
    ["a-b; c=d", "a-b; c=d"],
  ])("disarms %j also where others end a cell, as the export of the server does", (text, disarmed) => {
    expect(parse(csv(["a"], [[text]]))[1]).toEqual([disarmed]);
    expect(parse(`${csvCell(text)}\r\n`)[0]).toEqual([disarmed]);
  });

  it("leaves numbers alone, negative ones too", () => {
    expect(csv(["a"], [[-1.5]])).toContain("\r\n-1.5\r\n");
  });

  it("brings any text back, at most with apostrophes more", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        const read = parse(csv(["h"], [cells]))[1];
        const without = (cell: string): string => cell.replaceAll("'", "");
        expect(read?.map(without)).toEqual(cells.map(without));
        for (const cell of read ?? []) expect(cell).not.toMatch(/(^|[;\t\r\n])[=+\-@\t\r]/);
      }),
      { seed: 31, numRuns: 500 },
    );
  });
});

it("the evidence file has every counted and left-out row, raw values and all times", () => {
  const entity = { blueprint: "change", identifier: "shop/12", title: "=HYPERLINK(1)", url: null };
  const text = evidenceTable(
    "changeLeadTime",
    [
      {
        entity,
        service: "checkout",
        value: 164_160.5,
        unit: "seconds",
        why: "git graph",
        timestamps: { deployedAt: "2026-11-01T10:00:00.000Z" },
        links: { deployment: "checkout@v1", sha: "abc" },
      },
    ],
    [
      {
        entity: { blueprint: null, identifier: "commit:1f", title: null, url: null },
        service: "checkout",
        reason: "no_start",
        detail: "no first commit",
        count: 7,
        timestamps: { mergedAt: "2026-10-01T10:00:00.000Z" },
      },
    ],
    "Europe/Berlin",
  );
  const [header, ...rows] = parse(text);
  const records = rows.map((row) => Object.fromEntries(row.map((cell, index) => [header?.[index], cell])));
  expect(records).toMatchObject([
    {
      metric: "changeLeadTime",
      included: "true",
      title: "'=HYPERLINK(1)",
      value: "164160.5",
      deployment: "checkout@v1",
      deployedAt: "2026-11-01T10:00:00.000Z",
      mergedAt: "",
      window_timezone: "Europe/Berlin",
    },
    { included: "false", reason: "no_start", count: "7", value: "", mergedAt: "2026-10-01T10:00:00.000Z" },
  ]);
  for (const row of rows) expect(row).toHaveLength(header?.length ?? 0);
});
