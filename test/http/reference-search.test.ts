/** The search of the API reference, as the browser gets it: as text. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { referenceSearch } from "../../src/http/reference-search.ts";

class Rows<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  constructor(rows: Iterable<readonly [string, Row]>) {
    this.rows = new Map(rows);
  }
  get size(): number {
    return this.rows.size;
  }
  filter(keep: (row: Row) => boolean): Rows<Row> {
    return new Rows([...this.rows].filter(([, row]) => keep(row)));
  }
  map(change: (row: Row, key: string) => Row): Rows<Row> {
    return new Rows([...this.rows].map(([key, row]) => [key, change(row, key)] as const));
  }
}

interface Operation {
  get: (key: "method" | "path") => string;
  getIn: () => string | undefined;
}

const operation = (method: string, path: string, summary?: string): Operation => ({
  get: (key) => ({ method, path })[key],
  getIn: () => summary,
});

interface Tagged {
  get: () => Rows<Operation>;
  set: (key: string, operations: Rows<Operation>) => Tagged;
}

const tagged = (operations: Rows<Operation>): Tagged => ({
  get: () => operations,
  set: (_key, next) => tagged(next),
});

const of = (...operations: Operation[]): Tagged =>
  tagged(new Rows(operations.map((one) => [one.get("path"), one] as const)));

test("every word is somewhere in an operation; tags without any are left out; nothing from outside is used", () => {
  const read = runInNewContext(`(${referenceSearch.toString()})`) as (system: object) => {
    fn: { opsFilter: (tags: Rows<Tagged>, text: string) => Rows<Tagged> };
  };
  const { fn } = read({ React: {} });
  const tags = new Rows([
    [
      "Entities",
      of(operation("get", "/v1/entities", "Find"), operation("post", "/v1/blueprints/{b}/entities")),
    ],
    ["Privacy", of(operation("post", "/v1/erasures", "Erase a person"))],
  ]);
  const found = (text: string) =>
    [...fn.opsFilter(tags, text).rows].map(([tag, one]) => [tag, [...one.get().rows.keys()]]);
  expect(found("POST entities")).toEqual([["Entities", ["/v1/blueprints/{b}/entities"]]]);
  expect(found("person")).toEqual([["Privacy", ["/v1/erasures"]]]);
  expect(found("find")).toEqual([["Entities", ["/v1/entities"]]]);
  expect(found("nothing")).toEqual([]);
});
