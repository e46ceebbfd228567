import type { Note } from "./note-queries.ts";

/** A picture of a hundred lines of notes is none of a chart. */
const MAX_NOTES = 20;

/** The notes of a chart as lines below its picture; of many the newest. */
export function notesFoot(notes: readonly Note[]): readonly string[] {
  const newest = notes.slice(-MAX_NOTES).map(({ day, text }) => printable(`${day}: ${text}`));
  const more = notes.length - newest.length;
  return more === 0 ? newest : [`${more} earlier notes are not shown`, ...newest];
}

/** Characters that a picture cannot have (of control, and halves of others) become blanks. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(/\p{Cc}+/gu, " ");
