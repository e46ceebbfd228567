import { expect, test } from "vitest";
import type { EventMapper } from "../../src/ingest/event-mapper.ts";
import { mapAhead, MappedAhead } from "../../src/ingest/mapped-ahead.ts";
import type { Mapped } from "../../src/ingest/mapping.ts";

const mapped = (n: number): Mapped => ({ entities: [], deletes: [], errors: [], filtered: n });
const mapper = (): EventMapper => ({
  source: {
    ...{ id: "s", datasource: "webhook/s", title: "S", createMissingRelatedEntities: false },
    ...{ enableMergeEntity: true, deletesOwnOnly: false },
  },
  map: ({ request }) => mapped(Number(request["n"])),
});

function filled(by: EventMapper, count: number): MappedAhead {
  const ahead = new MappedAhead();
  for (let n = 0; n < count; n++) ahead.keep("s", `d${n}`, by, mapped(n), 10);
  return ahead;
}

test("the next are given in the order of coming, up to a limit, of the asked source only", () => {
  const by = mapper();
  const ahead = filled(by, 5);
  ahead.keep("other", "d9", by, mapped(9), 10);
  expect([...ahead.next("s", by, 3)]).toEqual([0, 1, 2].map((n) => [`d${n}`, mapped(n)]));
  expect([...ahead.next("gone", by, 3)]).toEqual([]);
});

test("what an older definition mapped is of no use", () => {
  const ahead = filled(mapper(), 3);
  expect(ahead.next("s", mapper(), 3).size).toBe(0);
  expect(ahead.next("s", null, 3).size).toBe(0);
});

test("what is worked off is forgotten, and what another process worked off before it", () => {
  const by = mapper();
  const ahead = filled(by, 6);
  ahead.taken("s", ahead.next("s", by, 4), ["d0", "d2"], false);
  expect([...ahead.next("s", by, 10).keys()]).toEqual(["d3", "d4", "d5"]);
  ahead.taken("s", ahead.next("s", by, 10), [], true);
  expect(ahead.next("s", by, 10).size).toBe(0);
});

test("neither many events nor large ones pile up: the oldest go", () => {
  const by = mapper();
  const ahead = filled(by, 2005);
  expect([...ahead.next("s", by, 1).keys()]).toEqual(["d5"]);
  ahead.keep("s", "large", by, mapped(1), 16_000_000);
  expect([...ahead.next("s", by, 10).keys()]).toEqual(["large"]);
});

test("left to the worker: large bodies, and what cannot be mapped", () => {
  const event = { deliveryId: "d", request: '{"n":3}', body: null };
  const now = new Date(0);
  expect(mapAhead(mapper(), event, 10, now)).toEqual(mapped(3));
  expect(mapAhead(mapper(), event, 65_537, now)).toBeNull();
  const broken: EventMapper = {
    ...mapper(),
    map: () => {
      throw new Error("no");
    },
  };
  expect(mapAhead(broken, event, 10, now)).toBeNull();
});
