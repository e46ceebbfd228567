/** How teams work, in kinds: what makes one service fast and another slow. */
export type Cadence = "merge" | "daily" | "frequent" | "weekly" | "fortnightly" | "monthly";

export interface Habit {
  readonly cadence: Cadence;
  readonly pullsPerWeek: number;
  /** Median working hours: first commit → opened → first review → approved. */
  readonly codingHours: number;
  readonly pickupHours: number;
  readonly reviewHours: number;
  readonly pipelineMinutes: number;
  /** Share of production deployments that go wrong. */
  readonly failureRate: number;
  /** How they go wrong: the deployment itself fails, it is rolled back, it is repaired by another one. */
  readonly causes: { readonly status: number; readonly rollback: number; readonly repair: number };
  /** Median minutes until a failure is noticed, and then until it is repaired. */
  readonly detectMinutes: number;
  readonly repairMinutes: number;
}

export const habits = {
  elite: {
    cadence: "merge",
    pullsPerWeek: 6.4,
    codingHours: 2.4,
    pickupHours: 0.6,
    reviewHours: 0.7,
    pipelineMinutes: 8,
    failureRate: 0.055,
    causes: { status: 2, rollback: 3, repair: 5 },
    detectMinutes: 7,
    repairMinutes: 24,
  },
  daily: {
    cadence: "daily",
    pullsPerWeek: 5.4,
    codingHours: 5,
    pickupHours: 1.8,
    reviewHours: 2.2,
    pipelineMinutes: 15,
    failureRate: 0.1,
    causes: { status: 3, rollback: 3, repair: 4 },
    detectMinutes: 18,
    repairMinutes: 55,
  },
  frequent: {
    cadence: "frequent",
    pullsPerWeek: 4,
    codingHours: 7,
    pickupHours: 3,
    reviewHours: 4,
    pipelineMinutes: 22,
    failureRate: 0.15,
    causes: { status: 3, rollback: 2, repair: 4 },
    detectMinutes: 30,
    repairMinutes: 100,
  },
  weekly: {
    cadence: "weekly",
    pullsPerWeek: 3.2,
    codingHours: 9,
    pickupHours: 5,
    reviewHours: 6,
    pipelineMinutes: 30,
    failureRate: 0.19,
    causes: { status: 2, rollback: 2, repair: 5 },
    detectMinutes: 55,
    repairMinutes: 210,
  },
  fortnightly: {
    cadence: "fortnightly",
    pullsPerWeek: 2.6,
    codingHours: 12,
    pickupHours: 8,
    reviewHours: 8,
    pipelineMinutes: 38,
    failureRate: 0.21,
    causes: { status: 2, rollback: 2, repair: 5 },
    detectMinutes: 80,
    repairMinutes: 290,
  },
  monthly: {
    cadence: "monthly",
    pullsPerWeek: 2,
    codingHours: 15,
    pickupHours: 11,
    reviewHours: 11,
    pipelineMinutes: 55,
    failureRate: 0.24,
    causes: { status: 3, rollback: 2, repair: 5 },
    detectMinutes: 120,
    repairMinutes: 420,
  },
  monolith: {
    cadence: "monthly",
    pullsPerWeek: 10,
    codingHours: 20,
    pickupHours: 14,
    reviewHours: 16,
    pipelineMinutes: 125,
    failureRate: 0.5,
    causes: { status: 2, rollback: 2, repair: 6 },
    detectMinutes: 170,
    repairMinutes: 560,
  },
} as const satisfies Record<string, Habit>;

export type HabitName = keyof typeof habits;

/** From `share` of the year on, the team works like this. */
export interface Phase {
  readonly from: number;
  readonly habit: HabitName;
  /** Multiplies the failure rate; 1 when absent. */
  readonly failures?: number;
}

export const steady = (habit: HabitName, failures = 1): readonly Phase[] => [{ from: 0, habit, failures }];

/** Scales a habit: no two teams of a kind are alike. `pace` > 1 is slower. */
export function adjustHabit(habit: Habit, by: { pace: number; volume: number; failures: number }): Habit {
  return {
    ...habit,
    pullsPerWeek: habit.pullsPerWeek * by.volume,
    codingHours: habit.codingHours * by.pace,
    pickupHours: habit.pickupHours * by.pace,
    reviewHours: habit.reviewHours * by.pace,
    pipelineMinutes: habit.pipelineMinutes * by.pace,
    failureRate: Math.min(0.6, habit.failureRate * by.failures),
    detectMinutes: habit.detectMinutes * by.pace,
    repairMinutes: habit.repairMinutes * by.pace,
  };
}
