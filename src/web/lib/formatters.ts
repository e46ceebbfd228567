/**
 * Formatters of the browser, each made once: making one takes fifty times as long as a text from it, and a table of the
 * catalog shows hundreds.
 */

/** How numbers and dates are written everywhere. */
const LOCALE = "en-GB";

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

export const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  kept(numbers, JSON.stringify(options), () => new Intl.NumberFormat(LOCALE, options));

/** @throws RangeError for an unknown time zone */
export const dateFormat = (options: Intl.DateTimeFormatOptions, locale = LOCALE): Intl.DateTimeFormat =>
  kept(dates, `${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));

function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const known = all.get(key);
  if (known !== undefined) return known;
  const made = make();
  all.set(key, made);
  return made;
}
