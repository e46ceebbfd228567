import type { CommitFact, DerivationSettings, ServiceFacts } from "../../dora/facts.ts";
import type { PackedCommit } from "../../storage/commits.ts";
import type { FactsMessage } from "./derive-protocol.ts";

/** Puts together what a thread is sent of one service. */
export class FactsOfService {
  #start: Extract<FactsMessage, { kind: "start" }> | null = null;
  #commits: CommitFact[] = [];

  add(message: FactsMessage): void {
    if (message.kind === "start") {
      this.#start = message;
      this.#commits = [];
    } else
      for (const packed of JSON.parse(message.json) as readonly PackedCommit[])
        this.#commits.push(commitFact(packed));
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

function commitFact(packed: PackedCommit): CommitFact {
  const [repository, sha, parents, authoredAt, committedAt, author, patchId, message, paths] = packed;
  return { repository, sha, parents, authoredAt, committedAt, author, patchId, message, paths };
}
