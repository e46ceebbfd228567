/** A stage with two services of two teams, their people and channels, and change failure rates that the test says. */
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { define, put } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

export interface AlertStage extends Stage {
  /** Change failure rates by service. */
  readonly rates: Map<string, number | null>;
  /** What all of them rest on. */
  readonly basis: { few: boolean; covered: boolean | null };
  /** A minute passes, with these rates. @returns texts of the messages that came of it */
  rate(shop: number | null, mail?: number | null): Promise<string[]>;
}

/** Of the channel of the team, and of its managers. */
export const CFR: JsonObject = {
  ...{ identifier: "cfr", title: "Failure rate" },
  source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
  rule: { type: "threshold", is: "above", value: 0.15, clear: 0.1 },
  recipients: { teamChannel: "channel", managers: true },
};

export async function openAlertStage(): Promise<AlertStage> {
  const s = await openStage();
  const rates = new Map<string, number | null>();
  const basis: AlertStage["basis"] = { few: false, covered: true };
  await ensureSystemBlueprints(s.ctx);
  await changeBlueprint(s.ctx, "_team", { schema: { properties: { channel: { type: "string" } } } });
  for (const team of ["red", "blue"])
    await put(s.ctx, "_team", {
      identifier: team,
      title: team,
      properties: { channel: `${s.url}/team-${team}` },
    });
  const people = [
    ["anna@example.com", "Member", "red"],
    ["mona@example.com", "Moderator", "red"],
    ["bert@example.com", "Admin", "blue"],
  ] as const;
  for (const [identifier, port_role, team] of people)
    await put(s.ctx, "_user", { identifier, team: [team], properties: { port_role, status: "Active" } });
  await define(
    s.ctx,
    "service",
    { seal: { type: "string", format: "timer" }, load: { type: "number" } },
    { ownership: { type: "Direct" } },
  );
  await put(s.ctx, "service", { identifier: "shop", title: "Shop", team: ["red"] });
  await put(s.ctx, "service", { identifier: "mail", title: "Mail", team: ["blue"] });
  s.metrics = () =>
    Promise.resolve(
      [...rates].map(([entity, value]) => ({
        scope: { blueprint: "service", entity, title: entity === "shop" ? "Shop" : "Mail" },
        metrics: {
          changeFailureRate: {
            ...basis,
            ...{ value, tier: value !== null && value > 0.3 ? "low" : "high", failed: 3, total: 13 },
            trend: { delta: value === null ? null : value - 0.1, significant: true },
          },
        },
        window: { from: "2026-02-01T00:00:00Z", to: "2026-03-02T08:00:00Z" },
      })),
    );
  return Object.assign(s, {
    rates,
    basis,
    async rate(shop: number | null, mail: number | null = 0.05) {
      rates.set("shop", shop).set("mail", mail);
      s.advance(60_000);
      await s.settle();
      await s.settle();
      return s.messages();
    },
  });
}
