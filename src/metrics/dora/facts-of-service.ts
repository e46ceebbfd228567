import type { CommitFact, DerivationSettings, ServiceFacts } from "../../dora/facts.ts";
import type { CommitRow } from "../../storage/commits.ts";
import type { FactsMessage } from "./derive-protocol.ts";

/** Puts together what a thread is sent of one service. */
export class FactsOfService {
  #start: Extract<FactsMessage, { kind: "start" }> | null = null;
  #commits: CommitFact[] = [];

  add(message: FactsMessage): void {
    if (message.kind === "start") {
      this.#start = message;
      this.#commits = [];
    } else for (const row of message.rows) this.#commits.push(commitFact(row));
  }

  /** What came since the last time; it is forgotten here. */
  take(): { readonly facts: ServiceFacts; readonly settings: DerivationSettings } {
    if (this.#start === null) throw new Error("facts are taken before they came");
    const { kind: _, settings, ...facts } = this.#start;
    const commits = this.#commits;
    this.#start = null;
    this.#commits = [];
    return { facts: { ...facts, commits }, settings };
  }
}

function commitFact(row: CommitRow): CommitFact {
  return {
    repository: row.repository,
    sha: row.sha,
    parents: row.parents,
    authoredAt: row.authored_at.getTime(),
    committedAt: row.committed_at.getTime(),
    author: row.author,
    patchId: row.patch_id,
    message: row.message,
    paths: row.paths,
  };
}
