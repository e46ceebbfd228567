/** Section 2 of the definition: what each deployment ships. Rows in, rows out. */
import type { DerivationSettings, ServiceFacts } from "../../../src/dora/facts.ts";
import { change, commit, DAY0, deploy, h, sha } from "../support/facts.ts";
import type { Clause } from "./clauses.ts";

export interface AttributionCase {
  readonly clause: Clause;
  readonly name: string;
  readonly given: Partial<ServiceFacts>;
  readonly baseline?: DerivationSettings["baseline"];
  readonly shipped: readonly string[];
  readonly notes?: readonly string[];
  readonly entities?: readonly string[];
}

const base = commit("ba5e", [], 0, "Initial commit");
const first = deploy("v1", 1, "ba5e");
const patchId = "p1";

export const ATTRIBUTION: readonly AttributionCase[] = [
  {
    clause: "2.1 graph",
    name: "single commits on a trunk",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 3, "two")],
      deployments: [first, deploy("v2", 4, "a2")],
    },
    shipped: ["v2: commit:a100000 commit:a200000"],
    notes: ["v1: first_deployment 1"],
  },
  {
    clause: "11 unit of change",
    name: "a merged pull request is one change; the merge itself is none",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "one"),
        commit("b2", ["b1"], 3, "two"),
        commit("c1", ["ba5e"], 3, "direct"),
        commit("d1", ["c1", "b2"], 4, "Merge pull request #12 from acme/topic\n\nTopic"),
      ],
      deployments: [first, deploy("v2", 5, "d1")],
    },
    shipped: ["v2: commit:c100000 pr:shop#12"],
  },
  {
    clause: "11 unit of change",
    name: "a merge that lands no request brings its commits one by one",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "one"),
        commit("b2", ["b1"], 3, "two"),
        commit("d1", ["ba5e", "b2"], 4, "Merge branch 'topic'"),
      ],
      deployments: [first, deploy("v2", 5, "d1")],
    },
    shipped: ["v2: commit:b100000 commit:b200000"],
  },
  {
    clause: "11 unit of change",
    name: "a request merged into the branch of another keeps its own commits, whichever tip is youngest",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "outer"),
        commit("c1", ["b1"], 3, "inner"),
        commit("b2", ["b1", "c1"], 4, "Merge pull request #13 from acme/inner"),
        commit("d1", ["ba5e", "b2"], 5, "Merge pull request #12 from acme/outer"),
        commit("e1", ["b2"], 9, "the outer branch lives on"),
      ],
      deployments: [first, deploy("v2", 10, "d1")],
    },
    shipped: ["v2: pr:shop#12 pr:shop#13"],
  },
  {
    clause: "11 unit of change",
    name: "a release request full of merged requests is no change of its own",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "one (#1)"),
        commit("b2", ["b1"], 3, "two (#2)"),
        commit("d1", ["ba5e", "b2"], 4, "Merge pull request #3 from acme/develop"),
      ],
      changes: [change("3", { number: 3, mergeSha: sha("d1"), mergedAt: h(4) })],
      deployments: [first, deploy("v2", 5, "d1")],
    },
    shipped: ["v2: pr:shop#1 pr:shop#2"],
  },
  {
    clause: "2.1 trailers",
    name: "commits of main merged into a topic branch stay their own",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "topic"),
        commit("a1", ["ba5e"], 3, "main"),
        commit("b2", ["b1", "a1"], 4, "Merge branch 'main' into topic"),
        commit("d1", ["a1", "b2"], 5, "Merge pull request #12 from acme/topic"),
      ],
      deployments: [first, deploy("v2", 6, "d1")],
    },
    shipped: ["v2: commit:a100000 pr:shop#12"],
  },
  {
    clause: "2.1 trailers",
    name: "squash: the number at the end of the subject",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "Topic (#7)\n\n* one\n* two")],
      deployments: [first, deploy("v2", 3, "a1")],
    },
    shipped: ["v2: pr:shop#7"],
  },
  {
    clause: "2.1 patch id",
    name: "rebase: equal patch ids carry the request of the branch over, known by the host's head sha",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "one", { patchId: "p1" }),
        commit("b2", ["b1"], 3, "two", { patchId: "p2" }),
        commit("a1", ["ba5e"], 4, "main"),
        commit("a2", ["a1"], 5, "one", { patchId: "p1", authoredAt: h(2) }),
        commit("a3", ["a2"], 5, "two", { patchId: "p2", authoredAt: h(3) }),
      ],
      changes: [change("7", { number: 7, mergeSha: sha("a3"), headSha: sha("b2"), mergedAt: h(5) })],
      deployments: [first, deploy("v2", 6, "a3")],
    },
    shipped: ["v2: commit:a100000 pr:shop#7"],
  },
  {
    clause: "2.1 trailers",
    name: "cherry pick: shipped from the release branch first, not again from main",
    given: {
      commits: [
        base,
        commit("a1", ["ba5e"], 2, "fix: it"),
        commit("a2", ["a1"], 3, "more"),
        commit("c1", ["ba5e"], 4, `fix: it\n\n(cherry picked from commit ${sha("a1")})`),
      ],
      deployments: [first, deploy("v1.1", 5, "c1"), deploy("v2", 6, "a2")],
    },
    shipped: ["v1.1: commit:a100000", "v2: commit:a200000"],
    notes: ["v1: first_deployment 1", "v2: already_shipped 1"],
  },
  {
    clause: "11 same work",
    name: "equal Change-Id and equal patch id are one work each",
    given: {
      commits: [
        base,
        commit("a1", ["ba5e"], 2, "one\n\nChange-Id: I0123456789abcdef0123456789abcdef01234567"),
        commit("a2", ["a1"], 2, "two", { patchId }),
        commit("c1", ["ba5e"], 3, "one again\n\nChange-Id: I0123456789abcdef0123456789abcdef01234567"),
        commit("c2", ["c1"], 3, "two again", { patchId }),
      ],
      deployments: [first, deploy("v2", 4, "a2"), deploy("v3", 5, "c2")],
    },
    shipped: ["v2: commit:a100000 commit:a200000"],
    notes: ["v1: first_deployment 1", "v3: already_shipped 2"],
  },
  {
    clause: "2.1 rollback",
    name: "a rollback ships nothing, and going forward again counts nothing twice",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 6, "two")],
      deployments: [first, deploy("v2", 3, "a1"), deploy("back", 4, "ba5e"), deploy("v3", 7, "a2")],
    },
    shipped: ["v2: commit:a100000", "v3: commit:a200000"],
  },
  {
    clause: "11 same instant",
    name: "two deployments in one instant: the ancestor first, whatever the ids",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 3, "two")],
      deployments: [first, deploy("a", 4, "a2"), deploy("b", 4, "a1")],
    },
    shipped: ["b: commit:a100000", "a: commit:a200000"],
  },
  {
    clause: "2 successful",
    name: "a failed deployment ships nothing; its retry does",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [first, deploy("v2", 3, "a1", { status: "failure" }), deploy("v2b", 4, "a1")],
    },
    shipped: ["v2b: commit:a100000"],
  },
  {
    clause: "2.1 environment",
    name: "environments count apart",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [
        first,
        deploy("s1", 1, "ba5e", { environment: "Staging" }),
        deploy("s2", 3, "a1", { environment: "Staging" }),
        deploy("v2", 5, "a1"),
      ],
    },
    shipped: ["v2: commit:a100000", "s2: commit:a100000"],
  },
  {
    clause: "2.1 graph",
    name: "shallow history: nothing is guessed, the cut is noted",
    given: {
      commits: [
        base,
        commit("a1", ["dead"], 2, "cut off"),
        commit("a2", ["ba5e", "beef"], 3, "Merge pull request #5 from acme/x"),
        commit("a3", ["a2", "a1"], 3, "Merge branch 'y'"),
      ],
      deployments: [first, deploy("v2", 4, "a3")],
    },
    shipped: ["v2: commit:a100000 pr:shop#5"],
    notes: ["v1: first_deployment 1", "v2: shallow_history 2"],
  },
  {
    clause: "2 monorepo",
    name: "monorepo: only what touches the service, shared paths too",
    given: {
      paths: ["services/shop/**", "lib/*"],
      commits: [
        { ...base, paths: ["services/shop/x"] },
        commit("a1", ["ba5e"], 2, "shop", { paths: ["services/shop/deep/x.ts"] }),
        commit("a2", ["a1"], 2, "cart", { paths: ["services/cart/x.ts"] }),
        commit("a3", ["a2"], 2, "lib (#4)", { paths: ["lib/x.ts"] }),
        commit("a4", ["a3"], 2, "deep lib", { paths: ["lib/deep/x.ts"] }),
        commit("a5", ["a4"], 2, "unknown paths"),
      ],
      deployments: [first, deploy("v2", 3, "a5")],
    },
    shipped: ["v2: commit:a100000 commit:a500000 pr:shop#4"],
    notes: ["v1: first_deployment 1", "v2: other_paths 2"],
  },
  {
    clause: "2.2 relation",
    name: "explicit relation, without shas; the first one counts too",
    given: {
      changes: [
        change("x", { mergedAt: h(1) }),
        change("y", { mergedAt: h(2) }),
        change("z", { mergedAt: h(2) }),
      ],
      deployments: [
        deploy("v1", 3, null, { changeIds: ["x"] }),
        deploy("v2", 4, null, { changeIds: ["x", "y", "elsewhere"] }),
      ],
    },
    shipped: ["v1: entity:change/x", "v2: entity:change/y"],
    notes: ["v2: already_shipped 1"],
  },
  {
    clause: "2.3 time",
    name: "by time: after the one before, up to and with this one",
    given: {
      changes: [0, 1, 2, 3, 4].map((at) => change(`c${at}`, { mergedAt: h(at) })),
      deployments: [deploy("v1", 1, null), deploy("v2", 3, null)],
    },
    shipped: ["v2: entity:change/c2 entity:change/c3"],
    notes: ["v1: first_deployment 2"],
  },
  {
    clause: "2.3 time",
    name: "by time: a rollback ships nothing, the next forward one takes what is left",
    given: {
      changes: [2, 4, 6].map((at) => change(`c${at}`, { mergedAt: h(at) })),
      deployments: [
        deploy("v1", 1, null),
        deploy("v2", 3, null),
        deploy("back", 5, null, { trigger: "rollback" }),
        deploy("v3", 7, null),
      ],
    },
    shipped: ["v2: entity:change/c2", "v3: entity:change/c4 entity:change/c6"],
  },
  {
    clause: "2.3 time",
    name: "an unknown sha falls back to time and is told",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 5, "two")],
      deployments: [first, deploy("v2", 3, "feed"), deploy("v3", 6, "a2")],
    },
    shipped: ["v2: commit:a100000", "v3: commit:a200000"],
    notes: ["v1: first_deployment 1", "v2: unknown_sha 1", "v3: already_shipped 1"],
  },
  {
    clause: "2 baseline",
    name: "no known sha before: history is not poured into the first one that has one",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 5, "two")],
      deployments: [deploy("v1", 3, "feed"), deploy("v2", 6, "a2")],
    },
    shipped: ["v2: commit:a200000"],
    notes: ["v1: first_deployment 2", "v1: unknown_sha 1"],
  },
  {
    clause: "2 baseline",
    name: "baseline all",
    given: { commits: [base, commit("a1", ["ba5e"], 2, "one")], deployments: [deploy("v1", 3, "a1")] },
    baseline: { policy: "all" },
    shipped: ["v1: commit:a100000 commit:ba5e000"],
  },
  {
    clause: "2 baseline",
    name: "baseline since",
    given: { commits: [base, commit("a1", ["ba5e"], 2, "one")], deployments: [deploy("v1", 3, "a1")] },
    baseline: { policy: "since", value: DAY0 + 3_600_000 },
    shipped: ["v1: commit:a100000"],
    notes: ["v1: first_deployment 1"],
  },
  {
    clause: "2 baseline",
    name: "baseline tag",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [deploy("s", 1, "ba5e", { environment: "Staging", ref: "v0.9.0" }), deploy("v1", 3, "a1")],
    },
    baseline: { policy: "tag", value: "v0.9.0" },
    shipped: ["v1: commit:a100000"],
    notes: ["v1: first_deployment 1", "s: first_deployment 1"],
  },
  {
    clause: "2 baseline",
    name: "the previous sha of the source bounds the first deployment",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [deploy("v1", 3, "a1", { previousSha: sha("ba5e") })],
    },
    shipped: ["v1: commit:a100000"],
    notes: ["v1: first_deployment 1"],
  },
  {
    clause: "11 status",
    name: "unknown and ignored status take no part",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [
        first,
        deploy("v2", 3, "a1", { status: "unknown" }),
        deploy("v3", 4, "a1", { status: "ignored" }),
      ],
    },
    shipped: [],
  },
  {
    clause: "2.1 host map",
    name: "an entity joins by number though it spells the repository otherwise, or not at all",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "One (#1)"), commit("a2", ["a1"], 3, "Two (#2)")],
      changes: [
        change("first", { number: 1, repository: "Acme/Shop.git", openedAt: h(1) }),
        change("second", { number: 2, repository: null, openedAt: h(1) }),
        change("other", { number: 2, repository: "acme/cart", openedAt: h(1) }),
      ],
      deployments: [first, deploy("v2", 4, "a2")],
    },
    shipped: ["v2: pr:shop#1 pr:shop#2"],
    entities: ["first", "second"],
  },
  {
    clause: "2.1 host map",
    name: "an entity named by merge sha lends its identity to a merge without a number",
    given: {
      commits: [
        base,
        commit("b1", ["ba5e"], 2, "one"),
        commit("d1", ["ba5e", "b1"], 3, "Merge branch 'topic'"),
      ],
      changes: [change("mr", { mergeSha: sha("d1"), openedAt: h(1) })],
      deployments: [first, deploy("v2", 4, "d1")],
    },
    shipped: ["v2: entity:change/mr"],
  },
  {
    clause: "2.1 gitops",
    name: "the tag of the image names the source; the sha beside it is of the configuration repository",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one"), commit("a2", ["a1"], 3, "two")],
      deployments: [first, deploy("v2", 4, "c0ff", { imageShas: ["a200000"] })],
    },
    shipped: ["v2: commit:a100000 commit:a200000"],
    notes: ["v1: first_deployment 1"],
  },
  {
    clause: "2.1 gitops",
    name: "of several images the first that names a known commit: one beside it may come before",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [first, deploy("v2", 4, "c0ff", { imageShas: ["deadbeef", "a100000"] })],
    },
    shipped: ["v2: commit:a100000"],
  },
  {
    clause: "2.1 gitops",
    name: "an image that names no known commit leaves the sha as it is",
    given: {
      commits: [base, commit("a1", ["ba5e"], 2, "one")],
      deployments: [first, deploy("v2", 4, "a1", { imageShas: ["deadbeef"] })],
    },
    shipped: ["v2: commit:a100000"],
  },
  {
    clause: "2.1 gitops",
    name: "an abbreviation that fits one commit is that commit; one that fits two is none",
    given: {
      commits: [
        base,
        commit("a1", ["ba5e"], 2, "one"),
        commit("b1000001", ["a1"], 3, "two"),
        commit("b1000002", ["b1000001"], 4, "three"),
      ],
      deployments: [
        first,
        deploy("v2", 5, null, { sha: "a100000" }),
        deploy("v3", 6, null, { sha: "b100000" }),
      ],
    },
    shipped: ["v2: commit:a100000"],
    notes: ["v1: first_deployment 1", "v3: unknown_sha 1"],
  },
];
