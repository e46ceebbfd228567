/** What a picture is taken of. */
import type { Page } from "playwright-core";

/** Whose eyes it is seen with; `nobody` is not signed in. */
export type Who = "admin" | "moderator" | "member" | "nobody";

export type State = "empty" | "loading" | "failing" | "forbidden";

export interface Subject {
  /** What a row of the contact sheet is named after: the screen, and what is open or done there. */
  readonly screen: string;
  readonly url: string;
  /** The state of the whole; absent: as it is. */
  readonly state?: State;
  /** Absent: an administrator's. */
  readonly as?: Who;
  /** Before it is opened: answers that are made up. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** What is done there before the picture is taken; it is done again on a phone. */
  readonly act?: (page: Page) => Promise<void>;
}

export interface Picture {
  readonly screen: string;
  /** `light`, `dark`, `phone`, or a state. */
  readonly look: string;
  readonly file: string;
}

/** Of one subject: the same in every run. */
export const keyOf = ({ screen, state, as }: Subject): string =>
  [screen, ...(as === undefined ? [] : [as]), ...(state === undefined ? [] : [state])].join(" ");

export const fileOf = (screen: string, look: string): string =>
  `${screen.replaceAll(/[^\w$-]+/g, "_").replaceAll(/^_+|_+$/g, "") || "home"}--${look}.png`;
