import type { FastForm } from "./fast/form.ts";
import { loops } from "./fast/loops.ts";
import { regexes } from "./fast/regex.ts";
import { searches } from "./fast/searches.ts";
import { updates } from "./fast/updates.ts";
import { walks } from "./fast/walk.ts";

const FORMS: ReadonlyMap<string, FastForm> = new Map([
  ...loops,
  ...searches,
  ...updates,
  ...regexes,
  ...walks,
]);

/** The direct form of a builtin that is defined in jq, if there is one. */
export const fastForm = (key: string): FastForm | undefined => FORMS.get(key);
