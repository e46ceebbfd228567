let forms = 0;

/** Whether a form anywhere has something that is saved nowhere. */
export const isAnythingUnsaved = (): boolean => forms > 0;

/** Counts a form as such. @returns what ends it */
export function countUnsaved(): () => void {
  forms += 1;
  return () => void (forms -= 1);
}
