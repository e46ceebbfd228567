import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Item, rankOf, sectionsOf } from "../../src/web/palette/items.ts";
import { noteVisit, recentVisits, withVisit } from "../../src/web/palette/recent.ts";

const item = (kind: Item["kind"], title: string, rest: Partial<Item> = {}): Item => ({
  key: `${kind} ${title}`,
  kind,
  title,
  go: "/",
  ...rest,
});

describe("what a text leaves of the palette", () => {
  const items = [
    item("recent", "Payments", { hint: "service" }),
    item("page", "Home"),
    item("action", "Restart"),
    item("page", "Deployments"),
    item("page", "Old deployments"),
    item("blueprint", "Deployment", { hint: "deployment" }),
    item("settings", "API credentials", { words: "settings client secret rotate" }),
    item("command", "New dashboard", { words: "create page" }),
  ];

  it("is what was opened lately, pages, actions and commands when there is no text", () => {
    expect(sectionsOf(items, [], " ").map(({ title }) => title)).toEqual([
      "Recent",
      "Pages",
      "Actions",
      "Commands",
    ]);
  });

  it("is by kind, equal and beginning titles first; every word has to be somewhere", () => {
    const found = sectionsOf(items, [item("entity", "deploy@1")], "deploy");
    expect(found.map((section) => [section.title, section.items.map(({ title }) => title)])).toEqual([
      ["Pages", ["Deployments", "Old deployments"]],
      ["Entities", ["deploy@1"]],
      ["Blueprints", ["Deployment"]],
    ]);
    expect(rankOf(items[6] as Item, "rotate secret")).not.toBeNull();
    expect(rankOf(items[6] as Item, "rotate nothing")).toBeNull();
    expect(rankOf(items[3] as Item, "DEPLOYMENTS")).toBe(0);
  });
});

describe("pages that were opened lately", () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    });
  });

  it("are there once, the latest first, twelve at most", () => {
    for (let i = 0; i < 20; i++) noteVisit({ path: `/c/service/s${i % 15}`, title: `S${i % 15}` });
    expect(recentVisits()).toHaveLength(12);
    expect(recentVisits()[0]).toEqual({ path: "/c/service/s4", title: "S4" });
    expect(withVisit(recentVisits(), { path: "/c/service/s3", title: "New" })[0]?.title).toBe("New");
    expect(new Set(recentVisits().map(({ path }) => path)).size).toBe(12);
  });

  it("are none where the storage holds something else, and never lead elsewhere", () => {
    for (const text of [
      "no json",
      "{}",
      '[{"path":"//evil.example","title":"x"}]',
      '[{"path":"https://x","title":"x"}]',
    ]) {
      stored.set("fairway-recent", text);
      expect(recentVisits()).toEqual([]);
    }
  });
});
