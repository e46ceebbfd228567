/** Section 4 of the definition: which deployments failed, what repaired them, when service was restored. */
import type { DerivationSettings, ServiceFacts } from "../../../src/dora/facts.ts";
import { change, commit, deploy, sha } from "../support/facts.ts";
import type { Clause } from "./clauses.ts";

export interface FailureCase {
  readonly clause: Clause;
  readonly name: string;
  readonly given: Partial<ServiceFacts>;
  readonly settings?: Partial<DerivationSettings>;
  readonly causes: readonly string[];
  readonly rework: readonly string[];
  /** `failed: restored by`, `open` where it is not. */
  readonly restored: readonly string[];
}

const base = commit("ba5e", [], 0, "Initial commit");
const a1 = commit("a1", ["ba5e"], 2, "feat: one");
const first = deploy("v1.0.0", 1, "ba5e", { ref: "v1.0.0" });
const second = deploy("v1.1.0", 3, "a1", { ref: "v1.1.0" });
const trunk = (
  message: string,
  ref: string,
  at = 5,
  extra: Partial<ServiceFacts> = {},
): Partial<ServiceFacts> => ({
  commits: [base, a1, commit("a2", ["a1"], 4, message), ...(extra.commits ?? [])],
  deployments: [first, second, deploy(ref, at, "a2", { ref }), ...(extra.deployments ?? [])],
  changes: extra.changes ?? [],
});

export const FAILURES: readonly FailureCase[] = [
  {
    clause: "4 failure status",
    name: "status: failed, restored by the next success",
    given: {
      deployments: [
        deploy("d1", 1, null),
        deploy("d2", 2, null, { status: "failure" }),
        deploy("d3", 3, null, { status: "failure" }),
        deploy("d4", 4, null),
      ],
    },
    causes: ["d2: status", "d3: status"],
    rework: [],
    restored: ["d2: d4", "d3: d4"],
  },
  {
    clause: "4 causes",
    name: "status switched off",
    given: { deployments: [deploy("d2", 2, null, { status: "failure" })] },
    settings: { failureCauses: { status: false, incident: true, rollback: true, hotfix: true } },
    causes: [],
    rework: [],
    restored: [],
  },
  {
    clause: "4 restored",
    name: "never restored: open",
    given: { deployments: [deploy("d1", 1, null), deploy("d2", 2, null, { status: "failure" })] },
    causes: ["d2: status"],
    rework: [],
    restored: ["d2: open"],
  },
  {
    clause: "4 failure rollback",
    name: "rollback to an older sha blames what was live, at any distance in time",
    given: {
      commits: [base, a1],
      deployments: [first, second, deploy("back", 300, "ba5e")],
    },
    causes: ["v1.1.0: rollback by back"],
    rework: ["back: rollback of v1.1.0"],
    restored: ["v1.1.0: back"],
  },
  {
    clause: "4 causes",
    name: "rollback switched off still is rework",
    given: { commits: [base, a1], deployments: [first, second, deploy("back", 4, "ba5e")] },
    settings: { failureCauses: { status: true, incident: true, rollback: false, hotfix: true } },
    causes: [],
    rework: ["back: rollback of v1.1.0"],
    restored: [],
  },
  {
    clause: "11 rollback",
    name: "the same sha again is no rollback",
    given: { commits: [base, a1], deployments: [first, second, deploy("again", 4, "a1")] },
    causes: [],
    rework: [],
    restored: [],
  },
  {
    clause: "11 trigger",
    name: "trigger rollback without a sha blames the one just before, whatever its status",
    given: {
      deployments: [
        deploy("d1", 1, null),
        deploy("d2", 2, null, { status: "failure" }),
        deploy("back", 3, null, { trigger: "rollback" }),
      ],
    },
    causes: ["d2: status", "d2: rollback by back"],
    rework: ["back: rollback of d2"],
    restored: ["d2: back"],
  },
  {
    clause: "11 rollback",
    name: "trigger rollback to what is live already blames the one just before",
    given: {
      deployments: [
        deploy("d1", 1, "a1"),
        deploy("d2", 2, "a2", { status: "failure" }),
        deploy("back", 3, "a1", { trigger: "rollback" }),
      ],
    },
    causes: ["d2: status", "d2: rollback by back"],
    rework: ["back: rollback of d2"],
    restored: ["d2: back"],
  },
  {
    clause: "11 hotfix",
    name: "a patch bump that ships a fix commit",
    given: trunk("fix: one", "v1.1.1"),
    causes: ["v1.1.0: hotfix by v1.1.1"],
    rework: ["v1.1.1: hotfix of v1.1.0"],
    restored: ["v1.1.0: v1.1.1"],
  },
  {
    clause: "11 hotfix",
    name: "a patch bump without a fix is none",
    given: trunk("feat: more", "v1.1.1"),
    causes: [],
    rework: [],
    restored: [],
  },
  {
    clause: "11 hotfix",
    name: "a minor bump with a fix is none",
    given: trunk("fix: one", "v1.2.0"),
    causes: [],
    rework: [],
    restored: [],
  },
  {
    clause: "4 failure hotfix",
    name: "a hotfix after the failure window is rework, and no failure",
    given: trunk("Fix the totals", "v1.1.1", 3 + 24.5),
    causes: [],
    rework: ["v1.1.1: hotfix of v1.1.0"],
    restored: [],
  },
  {
    clause: "4 failure hotfix",
    name: "a hotfix at the very end of the window counts",
    given: trunk("Fix the totals", "v1.1.1", 3 + 24),
    causes: ["v1.1.0: hotfix by v1.1.1"],
    rework: ["v1.1.1: hotfix of v1.1.0"],
    restored: ["v1.1.0: v1.1.1"],
  },
  {
    clause: "11 hotfix",
    name: "a patch on a release line blames that line's release, not the latest",
    given: {
      commits: [base, a1, commit("b1", ["ba5e"], 4, "hotfix: old line")],
      deployments: [first, second, deploy("v1.0.1", 5, "b1", { ref: "v1.0.1" })],
    },
    causes: ["v1.0.0: hotfix by v1.0.1"],
    rework: ["v1.0.1: hotfix of v1.0.0"],
    restored: ["v1.0.0: v1.0.1"],
  },
  {
    clause: "4 failure hotfix",
    name: "a revert by sha blames what shipped it, two releases back",
    given: {
      commits: [
        base,
        a1,
        commit("a2", ["a1"], 4, "two"),
        commit("a3", ["a2"], 5, `Revert "feat: one"\n\nThis reverts commit ${sha("a1")}.`),
      ],
      deployments: [first, second, deploy("v1.2.0", 5, "a2"), deploy("v1.3.0", 6, "a3")],
    },
    causes: ["v1.1.0: hotfix by v1.3.0"],
    rework: ["v1.3.0: revert of v1.1.0"],
    restored: ["v1.1.0: v1.3.0"],
  },
  {
    clause: "4 failure hotfix",
    name: "a revert of a pull request by number",
    given: {
      commits: [
        base,
        commit("a1", ["ba5e"], 2, "One (#7)"),
        commit("a2", ["a1"], 4, 'Revert "One (#7)" (#8)\n\nReverts acme/shop#7'),
      ],
      deployments: [first, second, deploy("v1.2.0", 5, "a2")],
    },
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: revert of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "4 failure hotfix",
    name: "a revert by title only",
    given: trunk('Revert "feat: one"', "v1.2.0"),
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: revert of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "4 failure hotfix",
    name: "a revert of something never shipped, or shipped together, repairs nothing",
    given: {
      commits: [
        base,
        a1,
        commit("a2", ["a1"], 4, "two"),
        commit("a3", ["a2"], 4, `Revert "two"\n\nThis reverts commit ${sha("a2")}.`),
        commit("a4", ["a3"], 4, `Revert "x"\n\nThis reverts commit ${sha("dead")}.`),
      ],
      deployments: [first, second, deploy("v1.2.0", 5, "a4")],
    },
    causes: [],
    rework: [],
    restored: [],
  },
  {
    clause: "11 hotfix",
    name: "a revert of a revert lands work again and repairs nothing",
    given: {
      commits: [
        base,
        a1,
        commit("a2", ["a1"], 4, `Revert "feat: one"\n\nThis reverts commit ${sha("a1")}.`),
        commit("a3", ["a2"], 6, `Reapply "feat: one"\n\nThis reverts commit ${sha("a2")}.`),
      ],
      deployments: [first, second, deploy("v1.2.0", 5, "a2"), deploy("v1.3.0", 7, "a3")],
    },
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: revert of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "11 hotfix trailer",
    name: "a Fixes trailer, abbreviated, of a commit that was squashed away",
    given: {
      commits: [
        base,
        commit("b1dead00", ["ba5e"], 1, "wip"),
        commit("a1", ["ba5e"], 2, "One (#7)"),
        commit("a2", ["a1"], 4, `Mend it\n\nFixes: ${sha("b1dead00").slice(0, 9)} ("wip")`),
      ],
      changes: [change("7", { number: 7, headSha: sha("b1dead00"), mergeSha: sha("a1") })],
      deployments: [first, second, deploy("v1.2.0", 5, "a2")],
    },
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: hotfix of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "11 trigger",
    name: "trigger hotfix blames the one just before, whatever its status; the first one repairs nobody knows what",
    given: {
      deployments: [
        deploy("d0", 0, null, { trigger: "hotfix" }),
        deploy("d1", 1, null),
        deploy("d2", 2, null, { status: "failure" }),
        deploy("d3", 3, null, { trigger: "hotfix" }),
      ],
    },
    causes: ["d2: status", "d2: hotfix by d3"],
    rework: ["d0: hotfix of null", "d3: hotfix of d2"],
    restored: ["d2: d3"],
  },
  {
    clause: "1 hotfix patterns",
    name: "a label of the user's pattern makes a hotfix of what was live",
    given: trunk("Totals (#9)", "v1.2.0", 5, {
      changes: [change("9", { number: 9, labels: ["HotFix"] })],
    }),
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: hotfix of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "1 hotfix patterns",
    name: "a branch of the user's pattern",
    given: {
      commits: [
        base,
        a1,
        commit("b1", ["a1"], 4, "x"),
        commit("a2", ["a1", "b1"], 4, "Merge branch 'hotfix/total'"),
      ],
      deployments: [first, second, deploy("v1.2.0", 5, "a2")],
    },
    settings: { hotfixPatterns: { branches: ["hotfix/*"], labels: [], titles: [] } },
    causes: ["v1.1.0: hotfix by v1.2.0"],
    rework: ["v1.2.0: hotfix of v1.1.0"],
    restored: ["v1.1.0: v1.2.0"],
  },
  {
    clause: "4 rework repair",
    name: "a marked hotfix mends the failed deployment before it, not the good one before that",
    given: {
      commits: [
        base,
        a1,
        commit("b1", ["a1"], 4, "x"),
        commit("a2", ["a1", "b1"], 4, "Merge branch 'hotfix/total'"),
      ],
      deployments: [first, deploy("bad", 3, "a1", { status: "failure" }), deploy("mend", 5, "a2")],
    },
    settings: { hotfixPatterns: { branches: ["hotfix/*"], labels: [], titles: [] } },
    causes: ["bad: status", "bad: hotfix by mend"],
    rework: ["mend: hotfix of bad"],
    restored: ["bad: mend"],
  },
  {
    clause: "4 rework repair",
    name: "a marked hotfix after a rollback mends what was rolled back",
    given: {
      commits: [
        base,
        a1,
        commit("b1", ["a1"], 5, "x"),
        commit("a2", ["a1", "b1"], 5, "Merge branch 'hotfix/total'"),
      ],
      deployments: [first, second, deploy("back", 4, "ba5e"), deploy("mend", 6, "a2")],
    },
    settings: { hotfixPatterns: { branches: ["hotfix/*"], labels: [], titles: [] } },
    causes: ["v1.1.0: rollback by back", "v1.1.0: hotfix by mend"],
    rework: ["back: rollback of v1.1.0", "mend: hotfix of v1.1.0"],
    restored: ["v1.1.0: back"],
  },
  {
    clause: "4 restored",
    name: "a repair that failed restores nothing; a later success does",
    given: {
      commits: [base, a1],
      deployments: [
        first,
        second,
        deploy("back", 4, "ba5e", { status: "failure" }),
        deploy("later", 6, "a1"),
      ],
    },
    causes: ["v1.1.0: rollback by back", "back: status"],
    rework: ["back: rollback of v1.1.0"],
    restored: ["v1.1.0: later", "back: later"],
  },
  {
    clause: "4 causes",
    name: "hotfix switched off",
    given: trunk("fix: one", "v1.1.1"),
    settings: { failureCauses: { status: true, incident: true, rollback: true, hotfix: false } },
    causes: [],
    rework: ["v1.1.1: hotfix of v1.1.0"],
    restored: [],
  },
];
