/** Room for the labels of axes, in pixels: as much as the longest takes, so that none is cut. */

/** A digit of the labels in the widest of the fonts that systems have. */
const CHARACTER = 7.4;
const GAP = 8;

const widest = (labels: readonly string[]): number =>
  Math.max(0, ...labels.map((label) => label.length)) * CHARACTER;

/** @param least what charts beside each other have in common, where their labels are short */
export const roomLeft = (labels: readonly string[], least: number): number =>
  Math.max(least, Math.ceil(widest(labels) + GAP));

/** Half of the last label stands beyond the middle of its bucket. @param step width of a bucket */
export const roomRight = (labels: readonly string[], least: number, step: number): number =>
  Math.max(least, Math.ceil((widest(labels) - step) / 2));
