/** Dated notes on DORA charts, as people send them: what stands beside the numbers and explains a step in them. */
import { invalid } from "./error.ts";
import { checkJson, show } from "./json.ts";

/** What a note is about: one entity; null where it is the whole organisation. */
export interface AnnotationScope {
  readonly blueprint: string;
  readonly entity: string;
}

export interface Annotation {
  /** A calendar day: the same one in every time zone. */
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  readonly scope: AnnotationScope | null;
}

/** Of the shape that the API checks. */
export interface AnnotationBody {
  readonly day: string;
  readonly text: string;
  readonly url?: string | null;
  readonly scope?: AnnotationScope | null;
}

const FIRST_YEAR = 1970;

/** @throws AppError invalid_request naming field, value and rule */
export function parseAnnotation(body: AnnotationBody): Annotation {
  checkJson(body, "body");
  const { day, text, url, scope } = body;
  if (!isDay(day)) throw invalid(`body.day ${show(day)} must be a day of the calendar such as 2026-10-01`);
  const words = text.trim();
  if (words === "") throw invalid("body.text must say in words what happened on that day");
  return { day, text: words, url: linkOf(url ?? null), scope: scope ?? null };
}

export function checkAnnotationIdentifier(identifier: string): void {
  if (!/^[A-Za-z0-9@_.+:=-]{1,100}$/.test(identifier))
    throw invalid(
      `body.identifier ${show(identifier)} must have 1 to 100 characters: letters, digits and @ _ . + : = -`,
    );
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  const year = Number(text.slice(0, 4));
  return year >= FIRST_YEAR && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Readers click it: nothing but the web. */
function linkOf(url: string | null): string | null {
  if (url === null || url === "") return null;
  if (!/^https?:\/\/[^\s/]\S*$/i.test(url))
    throw invalid(`body.url ${show(url)} must be an address that begins with https:// or http://`);
  return url;
}
