import { createCalendar, SECOND } from "./calendar.ts";
import type { Calendar } from "./calendar.ts";
import { createEventQueue } from "./event-queue.ts";
import type { EventQueue } from "./event-queue.ts";
import { createHistory } from "./history.ts";
import type { History } from "./history.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import type { Landing } from "./services.ts";
import type { Injected, SimulatedChange, SimulatedDeployment } from "./simulated.ts";
import type { Team } from "./teams.ts";

/** Work that has reached the main branch (or a release branch). */
export interface Landed {
  /** The commit that a reader opens: squash or merge commit, or the commit itself. */
  readonly sha: string;
  readonly parent: string;
  readonly subject: string;
  readonly services: readonly string[];
  readonly isMerge: boolean;
  /** Updates of dependencies and repairs are not what breaks a release here. */
  readonly isOrdinary: boolean;
}

/** One repository while its year is being simulated. */
export interface Workshop {
  readonly repository: string;
  readonly team: Team;
  readonly landing: Landing;
  readonly random: Random;
  readonly calendar: Calendar;
  readonly queue: EventQueue;
  readonly history: History;
  readonly changes: SimulatedChange[];
  readonly deployments: SimulatedDeployment[];
  readonly injected: Injected;
  /** Number of the next pull request; issues take some in between. */
  nextNumber(): number;
  /** Told of everything that reaches the main branch. */
  readonly listeners: ((landed: Landed, at: number) => void)[];
}

export function createWorkshop(repository: string, team: Team, landing: Landing, seed: string): Workshop {
  const random = createRandom(`${seed}:${repository}`);
  let number = random.whole(40, 2400);
  return {
    repository,
    team,
    landing,
    random,
    calendar: createCalendar(team.offsetHours),
    queue: createEventQueue(),
    history: createHistory(repository, `${seed}:${repository}`, random),
    changes: [],
    deployments: [],
    injected: { failed: new Map(), rework: new Map() },
    nextNumber: () => {
      number += random.weighted([
        [1, 7],
        [2, 2],
        [3, 1],
      ]);
      return number;
    },
    listeners: [],
  };
}

export function wholeSecond(at: number): number {
  return Math.round(at / SECOND) * SECOND;
}
