/** The slow twin's view of commits and changes: sets and closures, recomputed whenever asked. */
import { type MessageFacts, readMessage } from "../../src/dora/commit-message.ts";
import type { ChangeFact, CommitFact, ServiceFacts } from "../../src/dora/facts.ts";

export interface TwinChange {
  key: string;
  facts: ChangeFact[];
  commits: string[];
  landing: string | null;
  hollow: boolean;
}

export class TwinChanges {
  readonly commits = new Map<string, CommitFact>();
  readonly changes: TwinChange[] = [];
  readonly merged: TwinChange[];
  readonly #messages = new Map<string, MessageFacts>();
  readonly #reach = new Map<string, ReadonlySet<string>>();
  readonly #work = new Map<string, string>();
  readonly #change = new Map<string, TwinChange>();
  readonly #paths: readonly RegExp[] | null;
  readonly #landed: ReadonlySet<string>;

  constructor(facts: ServiceFacts) {
    for (const commit of facts.commits) this.commits.set(commit.sha, commit);
    for (const commit of this.commits.values()) this.#messages.set(commit.sha, readMessage(commit.message));
    this.#paths = facts.paths === null || facts.paths.length === 0 ? null : facts.paths.map(globToRegExp);
    this.#findWork();
    const trunks = this.#findChanges(facts);
    const deployed = facts.deployments
      .filter(({ status }) => status === "success")
      .flatMap(({ sha }) => (sha === null ? [] : [sha]));
    this.#landed = new Set([...trunks, ...deployed].flatMap((sha) => [...this.reach(sha)]));
    this.merged = this.changes
      .filter((change) => this.mergedAt(change) !== null && !change.hollow)
      .filter((change) =>
        change.commits.length > 0
          ? change.commits.some((sha) => this.touches(sha))
          : change.landing === null || this.touches(change.landing),
      );
  }

  commit(sha: string): CommitFact {
    return this.commits.get(sha) as CommitFact;
  }

  parents(sha: string): string[] {
    return [...new Set(this.commit(sha).parents)];
  }

  isMerge(sha: string): boolean {
    return this.parents(sha).length > 1;
  }

  reach(sha: string): ReadonlySet<string> {
    const known = this.#reach.get(sha);
    if (known !== undefined) return known;
    const all = new Set<string>();
    const visit = (one: string): void => {
      if (all.has(one) || !this.commits.has(one)) return;
      all.add(one);
      for (const parent of this.parents(one)) visit(parent);
    };
    visit(sha);
    this.#reach.set(sha, all);
    return all;
  }

  find(prefix: string): string | null {
    const found = [...this.commits.keys()].filter((sha) => sha.startsWith(prefix));
    return found.length === 1 ? (found[0] as string) : null;
  }

  touches(sha: string): boolean {
    const { paths } = this.commit(sha);
    if (this.#paths === null || paths === null || (this.isMerge(sha) && paths.length === 0)) return true;
    return paths.some((path) => this.#paths?.some((glob) => glob.test(path)));
  }

  workOf(sha: string): string {
    return this.#work.get(sha) as string;
  }

  changeOf(sha: string): TwinChange | null {
    return this.#change.get(sha) ?? null;
  }

  mergedAt(change: TwinChange): number | null {
    const told = pick(change.facts, (fact) => fact.mergedAt);
    if (told !== null) return told;
    if (!change.key.startsWith("commit:"))
      return change.landing === null ? null : this.commit(change.landing).committedAt;
    const times = change.commits
      .filter((sha) => this.#landed.has(sha))
      .map((sha) => this.commit(sha).committedAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  first(shas: readonly string[]): string | null {
    return (
      [...shas].sort((a, b) => {
        const [left, right] = [this.commit(a), this.commit(b)];
        return left.committedAt - right.committedAt || left.authoredAt - right.authoredAt || (a < b ? -1 : 1);
      })[0] ?? null
    );
  }

  tagged(name: string, facts: ServiceFacts): string | null {
    const found = facts.deployments
      .filter(({ ref, sha }) => ref === name && sha !== null && this.commits.has(sha))
      .sort((a, b) => a.finishedAt - b.finishedAt || ((a.sha as string) < (b.sha as string) ? -1 : 1));
    return found[0]?.sha ?? this.find(name);
  }

  /** Commits that are one work: labels spread along every link until nothing changes. */
  #findWork(): void {
    for (const sha of this.commits.keys()) this.#work.set(sha, sha);
    const links: [string, string][] = [];
    for (const a of this.commits.values()) {
      const message = this.#messages.get(a.sha) as MessageFacts;
      for (const copy of message.copies) {
        const source = this.find(copy);
        if (source !== null) links.push([a.sha, source]);
      }
      for (const b of this.commits.values()) {
        const { changeId } = this.#messages.get(b.sha) as MessageFacts;
        if (a.patchId !== null && a.patchId === b.patchId) links.push([a.sha, b.sha]);
        if (changeId !== null && changeId === message.changeId) links.push([a.sha, b.sha]);
      }
    }
    for (let changed = true; changed;) {
      changed = false;
      for (const [a, b] of links) {
        const least = [this.workOf(a), this.workOf(b)].sort()[0] as string;
        if (this.workOf(a) === least && this.workOf(b) === least) continue;
        this.#work.set(a, least);
        this.#work.set(b, least);
        changed = true;
      }
    }
  }

  #findChanges(facts: ServiceFacts): string[] {
    const byKey = new Map<string, TwinChange>();
    const add = (key: string): TwinChange => {
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const change: TwinChange = { key, facts: [], commits: [], landing: null, hollow: false };
      byKey.set(key, change);
      this.changes.push(change);
      return change;
    };
    // Landing commits: the host's merge sha first, then the number in the message.
    const named = new Map<string, TwinChange>();
    const heads = new Map<string, TwinChange>();
    const entities = new Map(facts.changes.map((fact) => [`${fact.blueprint}/${fact.id}`, fact]));
    for (const [, fact] of [...entities].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const merge = fact.mergeSha === null ? undefined : this.commits.get(fact.mergeSha);
      const number =
        fact.number ?? (merge === undefined ? null : (this.#messages.get(merge.sha)?.number ?? null));
      const repository = merge?.repository ?? fact.repository;
      const change = add(
        number === null ? `entity:${fact.blueprint}/${fact.id}` : `pr:${repository}#${number}`,
      );
      change.facts.push(fact);
    }
    for (const change of this.changes) {
      const merge = pick(change.facts, (fact) =>
        this.commits.has(fact.mergeSha ?? "") ? fact.mergeSha : null,
      );
      const head = pick(change.facts, (fact) => (this.commits.has(fact.headSha ?? "") ? fact.headSha : null));
      if (merge !== null && !named.has(merge)) {
        named.set(merge, change);
        change.landing = merge;
      }
      if (head !== null && !heads.has(head)) heads.set(head, change);
    }
    const byHost = new Set(named.keys());
    for (const commit of this.commits.values()) {
      const number = this.#messages.get(commit.sha)?.number ?? null;
      if (number !== null && !named.has(commit.sha))
        named.set(commit.sha, add(`pr:${commit.repository}#${number}`));
    }
    for (const change of this.changes) {
      if (change.landing !== null && byHost.has(change.landing)) continue;
      const candidates = [...named].filter(([, one]) => one === change).map(([sha]) => sha);
      const merges = candidates.filter((sha) => this.isMerge(sha));
      change.landing = this.first(merges.length > 0 ? merges : candidates);
    }

    // Tips in order of mainness, and what each merge on the way brought in.
    const parents = new Set([...this.commits.keys()].flatMap((sha) => this.parents(sha)));
    const chainOf = (sha: string): string[] => {
      const chain: string[] = [];
      for (
        let at: string | undefined = sha;
        at !== undefined && this.commits.has(at);
        at = this.parents(at)[0]
      )
        chain.push(at);
      return chain;
    };
    const brought = new Set([...named.keys()].flatMap((sha) => this.parents(sha).slice(1)));
    const landedOn = (sha: string): number => chainOf(sha).filter((one) => named.has(one)).length;
    const broughtFrom = (sha: string): number => chainOf(sha).filter((one) => brought.has(one)).length;
    const tips = [...this.commits.keys()]
      .filter((sha) => !parents.has(sha))
      .sort(
        (a, b) =>
          Number(heads.has(a)) - Number(heads.has(b)) ||
          broughtFrom(a) - broughtFrom(b) ||
          landedOn(b) - landedOn(a) ||
          this.commit(b).committedAt - this.commit(a).committedAt ||
          (a < b ? -1 : 1),
      );
    const seen = new Set<string>();
    const owner = new Map<string, TwinChange | null>();
    const walk = (head: string, context: TwinChange | null): void => {
      const chain: string[] = [];
      for (let at: string | undefined = head; at !== undefined && this.commits.has(at) && !seen.has(at);)
        at = (chain.push(at), this.parents(at)[0]);
      for (const sha of chain.reverse()) {
        for (const parent of this.parents(sha).slice(1)) walk(parent, named.get(sha) ?? context);
        seen.add(sha);
        owner.set(sha, context);
      }
    };
    for (const tip of tips) walk(tip, heads.get(tip) ?? null);

    const plain = [...this.commits.keys()].filter((sha) => !this.isMerge(sha));
    for (const sha of plain) {
      const change = named.get(sha) ?? owner.get(sha) ?? heads.get(sha);
      if (change !== undefined && change !== null) this.#change.set(sha, change);
    }
    const claimed = new Map(this.#change);
    for (const sha of plain) {
      if (claimed.has(sha)) continue;
      const equal = plain.filter((other) => this.workOf(other) === this.workOf(sha));
      const donor = this.first(equal.filter((other) => claimed.has(other)));
      this.#change.set(
        sha,
        donor === null ? add(`commit:${this.first(equal)}`) : (claimed.get(donor) as TwinChange),
      );
    }
    for (const sha of plain) this.#change.get(sha)?.commits.push(sha);
    for (const [sha, change] of named) {
      if (!this.isMerge(sha) || change.commits.length > 0 || change.landing !== sha) continue;
      if (
        this.parents(sha)
          .slice(1)
          .some((parent) => !this.commits.has(parent))
      )
        this.#change.set(sha, change);
      else change.hollow = true;
    }
    const repositories = new Set<string>();
    return tips.filter((sha) => {
      const { repository } = this.commit(sha);
      return !repositories.has(repository) && repositories.add(repository);
    });
  }
}

/** Enough of a glob for the tests' own patterns. */
function globToRegExp(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replaceAll("**", "\u0001")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\u0001", ".*");
  return new RegExp(`^${source}$`);
}

/** First answer of the entities, in order. */
export function pick<T>(facts: readonly ChangeFact[], read: (fact: ChangeFact) => T | null): T | null {
  for (const fact of facts) {
    const value = read(fact);
    if (value !== null) return value;
  }
  return null;
}
