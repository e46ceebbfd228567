import { createHash } from "node:crypto";
import { DAY } from "./calendar.ts";
import { services } from "./services.ts";
import type { ServiceSpec } from "./services.ts";
import { simulateRepository } from "./simulate-repository.ts";
import type { SimulatedRepository } from "./simulated.ts";
import { teams } from "./teams.ts";
import type { Team } from "./teams.ts";

/** Host and owner of all repositories. */
export const DEMO_HOST = "git.acme.example";
export const DEMO_SEED = "fairway-demo-1";

/** Midnight (UTC) of the day: the demo's year ends there. */
export function demoEnd(now: Date): number {
  return Math.floor(now.getTime() / DAY) * DAY;
}

function teamOf(spec: ServiceSpec): Team {
  const team = teams.find(({ id }) => id === spec.team);
  if (team === undefined) throw new Error(`no team ${spec.team}`);
  return team;
}

export function repositoryOf(spec: ServiceSpec): string {
  return `${DEMO_HOST}/acme/${spec.repository ?? spec.id}`;
}

/** The year of every repository, one after the other, so that the caller can let others work in between. */
export function* generateDemo(end: number): Generator<SimulatedRepository> {
  const byRepository = Map.groupBy(services, repositoryOf);
  // The day is part of the seed: two days' loads share no sha.
  const seed = createHash("sha256").update(`${DEMO_SEED}:${end}`).digest("hex");
  for (const [repository, specs] of byRepository) {
    const [spec] = specs;
    if (spec !== undefined)
      yield simulateRepository({ repository, team: teamOf(spec), services: specs }, end, seed);
  }
}
