import type { CommitFact, DerivationSettings, ServiceFacts } from "../../dora/facts.ts";
import type { CommitPage } from "../../storage/commits.ts";
import type { FactsMessage } from "./derive-protocol.ts";

/** Puts together what a thread is sent of one service. */
export class FactsOfService {
  #start: Extract<FactsMessage, { kind: "start" }> | null = null;
  #commits: CommitFact[] = [];

  add(message: FactsMessage): void {
    if (message.kind === "start") {
      this.#start = message;
      this.#commits = [];
    } else for (const commit of commitsOf(message.page)) this.#commits.push(commit);
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

function* commitsOf(page: CommitPage): Generator<CommitFact> {
  const { repository } = page;
  const authors = JSON.parse(page.authors) as readonly string[];
  const messages = JSON.parse(page.messages) as readonly string[];
  const paths = JSON.parse(page.paths ?? "[]") as readonly (readonly string[] | null)[];
  const lines = page.lines.split("\n");
  // Otherwise commits would get the words of others.
  if (lines.length !== messages.length) throw new Error(`a sha of ${repository} holds a line break`);
  for (const [index, line] of lines.entries()) {
    const [sha = "", authoredAt, committedAt, patchId = "-", ...parents] = line.split(" ");
    yield {
      ...{ repository, sha, parents: parents.filter((parent) => parent !== "") },
      ...{ authoredAt: Number(authoredAt), committedAt: Number(committedAt) },
      ...{ author: authors[index] ?? "", patchId: patchId === "-" ? null : patchId },
      ...{ message: messages[index] ?? "", paths: paths[index] ?? null },
    };
  }
}
