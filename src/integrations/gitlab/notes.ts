/**
 * What the notes of a merge request tell (docs.gitlab.com: notes API): people's comments, and in GitLab's own words
 * ("system notes", which are not translated) approvals, requests for changes, and that it is no draft any more.
 */
import type { JsonObject } from "../../model/json.ts";
import { objectAt, textAt, utcAt } from "../read-json.ts";

interface NoteReview {
  readonly what: "approval" | "changes_requested" | "comment";
  /** UTC; GitLab writes the offset of its server. */
  readonly at: string;
  /** Null for a user who is gone. */
  readonly user: string | null;
}

const REVIEWS = [
  ["approval", /^approved this merge request/i],
  ["changes_requested", /^requested changes/i],
] as const;

/** The second is what older versions of GitLab say. */
const READY = /^(marked this merge request as \*\*ready\*\*|unmarked as a \*\*Work In Progress\*\*)/i;

const isSystem = (note: JsonObject): boolean => note["system"] === true;

export function reviewsIn(notes: readonly JsonObject[]): NoteReview[] {
  return notes.flatMap((note): NoteReview[] => {
    const at = utcAt(note, "created_at");
    const body = textAt(note, "body") ?? "";
    const what = isSystem(note) ? REVIEWS.find(([, words]) => words.test(body))?.[0] : "comment";
    if (at === null || what === undefined) return [];
    return [{ what, at, user: textAt(objectAt(note, "author"), "username") }];
  });
}

/** When it first stopped being a draft; null where it never was one. */
export function readyForReviewIn(notes: readonly JsonObject[]): string | null {
  const times = notes
    .filter((note) => isSystem(note) && READY.test(textAt(note, "body") ?? ""))
    .flatMap((note) => utcAt(note, "created_at") ?? []);
  return times.sort()[0] ?? null;
}
