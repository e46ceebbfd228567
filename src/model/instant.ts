/**
 * Date-times as values: RFC 3339 with a mandatory offset, as ajv's `date-time` takes them (a space or `t` for `T`,
 * offsets without a colon, as GitLab and Jira send). The same text is a JavaScript and a PostgreSQL expression, and
 * everything it matches can be cast to timestamptz: a stored text that is no instant must not fail a whole search.
 */
const LEAP_YEAR = "(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
const DAY = [
  "[0-9]{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
  "[0-9]{4}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
  "[0-9]{4}-02-(?:0[1-9]|1[0-9]|2[0-8])",
  `${LEAP_YEAR}-02-29`,
].join("|");
export const INSTANT_PATTERN = `^(?!0000)(?:${DAY})[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:[Zz]|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)$`;

const INSTANT = new RegExp(INSTANT_PATTERN);
const PARTS = /^(\d{4}-\d\d-\d\d).(\d\d:\d\d:\d\d)(\.\d+)?(?:[Zz]|([+-]\d\d):?(\d\d)?)$/;

export function isInstant(text: string): boolean {
  return text.length <= 40 && INSTANT.test(text);
}

/** Milliseconds since 1970, or null when `text` is no instant. Digits beyond milliseconds are cut. */
export function parseInstant(text: string): number | null {
  if (!isInstant(text)) return null;
  const [, day, time, fraction, hours, minutes] = PARTS.exec(text) ?? [];
  const offset = hours === undefined ? "Z" : `${hours}:${minutes ?? "00"}`;
  return Date.parse(`${day}T${time}${(fraction ?? ".0").slice(0, 4)}${offset}`);
}

/** As the database has it: milliseconds since 1970 with microseconds as a fraction, rounded as it rounds; null when `text` is no instant. */
export function parseExactInstant(text: string): number | null {
  const ms = parseInstant(text);
  const fraction = ms === null ? undefined : PARTS.exec(text)?.[3];
  if (ms === null || fraction === undefined || fraction.length <= 4) return ms;
  const exact = Number(fraction) * 1e6;
  const up = Math.round(exact);
  // Halves go to the even side.
  const micros = up - exact === 0.5 && up % 2 === 1 ? up - 1 : up;
  return (ms * 1000 + micros - Number(fraction.slice(1, 4)) * 1000) / 1000;
}
