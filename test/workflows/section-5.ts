/** The paragraphs of §5 (scorecards), each under the words that its tests' titles begin with. */
export const SECTION_5 = {} as const;
