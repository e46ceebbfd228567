import type { CharSet } from "./char-set.ts";
import { wordSet } from "./char-set.ts";
import { stepBack } from "./advance.ts";

/** What finding the grapheme clusters of a text costs by character, in instructions. */
const SEGMENT_WORK = 8;

let words: CharSet | undefined;

const isWord = (text: string, at: number): boolean => {
  words ??= wordSet();
  return words.has(text.codePointAt(at) as number);
};

/** Is `pos` a place of this kind (a number of `Place`)? `origin` is where the search started. */
export function isPlace(place: number, text: string, pos: number, origin: number): boolean {
  const end = text.length;
  switch (place) {
    case 0: // textStart
      return pos === 0;
    case 1: // textEnd
      return pos === end;
    case 2: // textEndOrNewline
      return pos === end || (pos === end - 1 && text.charCodeAt(pos) === 10);
    case 3: // lineStart
      return pos === 0 || (pos !== end && text.charCodeAt(pos - 1) === 10);
    case 4: // lineEnd
      return pos === end || text.charCodeAt(pos) === 10;
    case 5: // wordBoundary
      return wordAfter(text, pos) !== wordBefore(text, pos);
    case 6: // noWordBoundary
      return wordAfter(text, pos) === wordBefore(text, pos);
    case 7: // searchStart
      return pos === origin;
    case 8: // segmentBoundary
      return isSegmentBoundary(text, pos);
    default: // noSegmentBoundary
      return !isSegmentBoundary(text, pos);
  }
}

const wordAfter = (text: string, pos: number): boolean => pos < text.length && isWord(text, pos);
const wordBefore = (text: string, pos: number): boolean => pos > 0 && isWord(text, stepBack(text, pos));

/** What `isPlace` has cost since this was last asked, in instructions. */
export function placeWork(): number {
  const done = work;
  work = 0;
  return done;
}

let work = 0;
let segmenter: Intl.Segmenter | undefined;
/** The boundaries of one text, as a search asks for them again and again. */
let segmented = "";
let boundaries = new Uint8Array(0);

function isSegmentBoundary(text: string, pos: number): boolean {
  if (pos === 0 || pos === text.length) return true;
  if (segmented !== text) {
    segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
    work += text.length * SEGMENT_WORK;
    boundaries = new Uint8Array(text.length + 1);
    for (const { index } of segmenter.segment(text)) boundaries[index] = 1;
    segmented = text;
  }
  return boundaries[pos] === 1;
}
