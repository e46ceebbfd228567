/** Graphs: where nodes stand, what is read, folded and drawn, and the keys that move between nodes. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { blueprintPicture } from "../../src/web/graph/blueprint-picture.ts";
import { legendOf } from "../../src/web/graph/colours.ts";
import { entityPicture } from "../../src/web/graph/entity-picture.ts";
import { keyOf, type GraphNode } from "../../src/web/graph/graph-model.ts";
import { layOut, NODE_HEIGHT, NODE_WIDTH, type Placed } from "../../src/web/graph/hop-layout.ts";
import { layersOf } from "../../src/web/graph/layers.ts";
import { type GraphQuestion, readGraph } from "../../src/web/graph/read-graph.ts";
import { firstCamera, fitted, nextNode, nodeAt, showing, zoomed } from "../../src/web/graph/view-box.ts";
import { decodeGraph, encodeGraph, pickGraphSearch } from "../../src/web/lib/graph-search.ts";

const node = (key: string, column: number): GraphNode => ({
  ...{ key, title: key, note: "", column, colour: "", isGroup: false },
});
const edge = (from: string, to: string) => ({ from, to, label: "" });

describe("layout", () => {
  test("every node has a place, none overlap, columns go from left to right", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 120 }),
        fc.array(fc.tuple(fc.nat(130), fc.nat(130)), { maxLength: 200 }),
        (columns, pairs) => {
          const nodes = columns.map((column, at) => node(`n${at}`, column));
          const { nodes: placed, box } = layOut(
            nodes,
            pairs.map(([a, b]) => edge(`n${a}`, `n${b}`)),
          );
          expect(placed.map(({ key }) => key).sort()).toEqual(nodes.map(({ key }) => key).sort());
          const at = new Set(placed.map(({ x, y }) => `${x} ${y}`));
          expect(at.size).toBe(placed.length);
          for (const a of placed) {
            expect(a.x >= box.x && a.x + NODE_WIDTH <= box.x + box.width + 0.01).toBe(true);
            for (const b of placed) {
              if (a.column < b.column) expect(a.x).toBeLessThan(b.x);
              if (a !== b && Math.abs(a.x - b.x) < NODE_WIDTH)
                expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(NODE_HEIGHT);
            }
          }
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  test("neighbours stand opposite each other", () => {
    const { nodes } = layOut(
      [
        node("m", 0),
        ...["a", "b", "c"].map((key) => node(key, 1)),
        ...["z", "y", "x"].map((key) => node(key, 2)),
      ],
      [edge("a", "m"), edge("b", "m"), edge("c", "m"), edge("z", "a"), edge("y", "b"), edge("x", "c")],
    );
    const y = (key: string) => nodes.find((one) => one.key === key)?.y;
    expect([y("z"), y("y"), y("x")]).toEqual([y("a"), y("b"), y("c")]);
  });

  test("what others point at stands left of them; circles end", () => {
    const layers = layersOf(
      ["a", "b", "c", "d"],
      [edge("a", "b"), edge("b", "c"), edge("c", "b"), edge("d", "d")],
    );
    expect(layers.get("a")).toBeGreaterThan(layers.get("b") ?? 9);
    expect(layers.get("d")).toBe(0);
    const chain = Array.from({ length: 20_000 }, (_, at) => `n${at}`);
    const long = layersOf(
      chain,
      chain.slice(1).map((key, at) => edge(chain[at] as string, key)),
    );
    expect(long.get("n0")).toBe(19_999);
  });
});

describe("what is on the screen", () => {
  const size = { width: 800, height: 600 };
  const placed = (key: string, x: number, y: number): Placed => ({ ...node(key, 0), x, y });

  test("the whole fits; a point under the pointer stays when it is enlarged; a node is brought into view", () => {
    const box = { x: -500, y: -100, width: 4000, height: 900 };
    const all = fitted(box, size);
    expect(all.x + box.x * all.zoom).toBeGreaterThanOrEqual(0);
    expect(all.x + (box.x + box.width) * all.zoom).toBeLessThanOrEqual(size.width);
    const at = { x: 120, y: 70 };
    const big = zoomed(all, 2, at);
    expect((at.x - big.x) / big.zoom).toBeCloseTo((at.x - all.x) / all.zoom);
    const moved = showing({ x: 0, y: 0, zoom: 1 }, placed("n", 2000, -300), size);
    expect(moved.x + 2000 + NODE_WIDTH).toBeLessThanOrEqual(size.width);
    expect(moved.y - 300).toBeGreaterThanOrEqual(0);
    const few = [placed("m", 0, 0), placed("far", 9000, 0)];
    const first = firstCamera({ x: 0, y: 0, width: 9196, height: 44 }, size, few, "m");
    expect(first.zoom).toBeGreaterThan(0.6);
    // Nothing is to the left of it, so the picture begins with it.
    expect(nodeAt(few, first, { x: 40, y: size.height / 2 })?.key).toBe("m");
    // Without a middle too; on a phone a column and the next are there whole.
    const phone = { width: 360, height: 500 };
    const columns = ["a", "b", "c", "d", "e"].map((key, at) => placed(key, at * 280, 0));
    const narrow = firstCamera({ x: 0, y: 0, width: 1316, height: 44 }, phone, columns, null);
    expect(narrow.zoom).toBeGreaterThan(0.6);
    expect(narrow.x).toBeGreaterThan(0);
    expect(narrow.x + (280 + NODE_WIDTH) * narrow.zoom).toBeLessThan(phone.width);
  });

  test("arrow keys go to the nearest node of their direction", () => {
    const m = placed("m", 0, 0);
    const nodes = [m, placed("r", 300, 40), placed("rr", 600, 0), placed("d", 0, 60), placed("l", -300, 500)];
    expect(nextNode(nodes, m, "ArrowRight")?.key).toBe("r");
    expect(nextNode(nodes, m, "ArrowDown")?.key).toBe("d");
    expect(nextNode(nodes, m, "ArrowLeft")?.key).toBe("l");
    expect(nextNode(nodes, m, "ArrowUp")).toBeNull();
  });
});

describe("reading hop by hop", () => {
  afterEach(() => vi.unstubAllGlobals());

  const blueprints = [
    { identifier: "team" },
    {
      identifier: "service",
      relations: { team: { target: "team" }, uses: { target: "service", many: true } },
    },
    { identifier: "deploy", relations: { of: { target: "service" } } },
  ];
  const deploys = Array.from({ length: 40 }, (_, at) => ({
    identifier: `d${at}`,
    relations: { of: "shop" },
  }));
  const data: Record<string, { identifier: string; relations: Record<string, unknown> }[]> = {
    team: [{ identifier: "red", relations: {} }],
    service: [
      { identifier: "shop", relations: { team: "red", uses: ["pay"] } },
      { identifier: "pay", relations: { team: "red", uses: [] } },
      { identifier: "web", relations: { team: null, uses: ["shop"] } },
    ],
    deploy: deploys,
  };

  /** Answers searches as the server does, from the table above. */
  function serve(): void {
    vi.stubGlobal("fetch", (path: string, { body }: { body: string }) => {
      const { query, limit = 1000 } = JSON.parse(body) as {
        query: { rules: Record<string, unknown>[] };
        limit?: number;
      };
      const rule = query.rules.at(-1) ?? {};
      const isCount = path.endsWith("/aggregate");
      const blueprint = isCount ? String(query.rules[0]?.["value"]) : (path.split("/")[3] ?? "");
      const wanted = [rule["value"]].flat();
      const found = (data[blueprint] ?? []).filter(({ identifier, relations }) =>
        rule["relation"] === undefined
          ? wanted.includes(identifier)
          : [relations[rule["relation"] as string]].flat().some((target) => wanted.includes(target)),
      );
      const answer = isCount
        ? { result: found.length }
        : { entities: found.slice(0, limit), ...(found.length > limit ? { next: "more" } : {}) };
      return Promise.resolve(new Response(JSON.stringify({ ok: true, ...answer })));
    });
  }
  const ask = (more: Partial<GraphQuestion> = {}) =>
    readGraph(
      {
        ...{ blueprint: "service", identifier: "shop", hops: 1, fold: true, property: null },
        ...{ hidden: new Set<string>(), open: new Set<string>() },
        ...more,
      },
      blueprints,
      new AbortController().signal,
    );

  test("one hop both ways; many stand folded and are counted", async () => {
    serve();
    const { entities, groups, edges, unread } = await ask();
    expect(entities.map(({ key, column }) => `${key} ${column}`).sort()).toEqual([
      ...["service:pay -1", "service:shop 0", "service:web 1", "team:red -1"],
    ]);
    expect(groups).toMatchObject([{ blueprint: "deploy", relation: "of", count: 40, column: 1 }]);
    expect(edges.map(({ from, to }) => `${from} > ${to}`)).toContain("service:pay > team:red");
    expect(unread).toEqual([]);
    const picture = entityPicture({ entities, groups, edges, unread }, blueprints, null);
    expect(picture.graph.nodes.find(({ isGroup }) => isGroup)?.title).toBe("40 × deploy");
    expect(picture.describe("service:pay")).toBe(
      "pay, service, 1 hop upstream. Depends on 1, 1 depend on it.",
    );
  });

  test("unfolded, hidden, opened; a way keeps its direction", async () => {
    serve();
    expect((await ask({ fold: false })).entities).toHaveLength(44);
    const [group] = (await ask()).groups;
    expect((await ask({ open: new Set([group?.key ?? ""]) })).groups).toEqual([]);
    const hidden = await ask({ hidden: new Set(["deploy", "team"]), hops: 3 });
    expect(hidden.entities.map(({ identifier }) => identifier).sort()).toEqual(["pay", "shop", "web"]);
    // From team downwards lie all services, but up from shop nothing comes down again.
    const ofTeam = await ask({ blueprint: "team", identifier: "red", hidden: new Set(["deploy"]) });
    expect(ofTeam.entities.map(({ identifier }) => identifier).sort()).toEqual(["pay", "red", "shop"]);
    const more = await ask({
      ...{ blueprint: "team", identifier: "red", hidden: new Set(["deploy"]) },
      open: new Set([keyOf("service", "shop")]),
    });
    expect(more.entities.map(({ identifier }) => identifier).sort()).toEqual(["pay", "red", "shop", "web"]);
  });
});

test("colours stay with their value; those of options are the blueprint's", () => {
  const legend = legendOf(["b", "a", "a", "", "c"], { a: "green" });
  expect(legend.entries.map(({ value, count }) => [value, count])).toEqual([
    ["a", 2],
    ["b", 1],
    ["c", 1],
    ["", 1],
  ]);
  expect(legend.colourOf("a")).toBe("#2f9e64");
  expect(legend.colourOf("b")).not.toBe(legend.colourOf("c"));
});

test("the data model: relations of what is shown", () => {
  const picture = blueprintPicture([
    { identifier: "a", title: "A", relations: { b: { target: "b", many: true }, gone: { target: "x" } } },
    { identifier: "b" },
  ]);
  expect(picture.edges).toEqual([{ from: "a", to: "b", label: "b · many" }]);
  expect(picture.describe("b")).toBe("b. Relates to nothing; related from A.");
});

test("the address of a graph goes there and back", () => {
  const view = {
    ...{ hops: 3, hide: ["a,b", "50%2C"], colour: "tier", open: ["s:x", "s:y|down|d.of"] },
    ...{ fold: false, node: "s:x", asList: true },
  };
  expect(decodeGraph(pickGraphSearch(encodeGraph(view)))).toEqual(view);
  expect(encodeGraph(decodeGraph({}))).toEqual({});
  expect(decodeGraph({ hops: "99", fold: "?" })).toMatchObject({ hops: 1, fold: true });
  expect(decodeGraph({ hide: encodeGraph({ ...view, hide: [] }).hide ?? "" }).hide).toEqual([]);
});
