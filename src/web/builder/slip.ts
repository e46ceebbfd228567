/** What is wrong with a text, and where: characters from its beginning. */
export interface Slip {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}
