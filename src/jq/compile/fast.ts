import type { FastForm } from "./fast/form.ts";
import { loops } from "./fast/loops.ts";
import { replacements } from "./fast/replace.ts";
import { searches } from "./fast/searches.ts";
import { updates } from "./fast/updates.ts";
import { walks } from "./fast/walk.ts";

const FORMS: ReadonlyMap<string, FastForm> = new Map([
  ...loops,
  ...searches,
  ...updates,
  ...replacements,
  ...walks,
]);

/** The direct form of a builtin that is defined in jq, if there is one. */
export const fastForm = (key: string): FastForm | undefined => FORMS.get(key);
