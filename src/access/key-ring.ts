/** The installation's key, and those of before: what was encrypted or hashed with them is still read. */
export interface KeyRing {
  /** 32 bytes; all that is new is written with it. */
  readonly current: Buffer;
  readonly earlier: readonly Buffer[];
}

export const allKeys = ({ current, earlier }: KeyRing): readonly Buffer[] => [current, ...earlier];
