/** Documents of pages and folders as clients send them (workflows.md §6.1): what is known is checked, the rest is kept. */
import { invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseQuery } from "./query.ts";
import { checkWidgets } from "./widget.ts";
import { objects, oneOf, optionalOneOf, optionalText, requiredText, texts } from "./widget-fields.ts";

/** `home` and `entity` pages are there from the start; they are changed, not created. */
const PAGE_TYPES = ["dashboard", "blueprint-entities", "home", "entity"] as const;

const FOLDER = "folder";

const IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=$-]+$/u;
/** Longer than the page of the longest identifier of a blueprint. */
const MAX_IDENTIFIER = 200;
const MAX_TITLE = 100;
const MAX_DESCRIPTION = 5000;
/** The server's own; what a client read and sends back of them is dropped. */
const SERVER_KEYS = ["identifier", "createdAt", "createdBy", "updatedAt", "updatedBy", "id", "_id"];

/** @throws AppError invalid_request */
export function checkPageIdentifier(value: unknown, field: string): string {
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (value.length > MAX_IDENTIFIER || !IDENTIFIER.test(value))
    throw invalid(
      `${field} ${show(value)} must have 1 to ${MAX_IDENTIFIER} characters: letters, digits and @ _ . + : \\ / = $ -, and not be "." or ".."`,
    );
  return value;
}

/** Made of a title: `DORA metrics` → `dora_metrics`. */
export function identifierOfTitle(title: string): string {
  const text = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}0-9]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return text === "" ? "page" : text.slice(0, MAX_TITLE);
}

/** What is stored of a page: everything but its identifier. @throws AppError invalid_request */
export function parsePageDocument(body: JsonObject): JsonObject {
  checkJson(body, "");
  const type = oneOf(body, "type", "page", PAGE_TYPES);
  checkTitle(body, "page", false);
  optionalText(body, "icon", "page");
  const description = optionalText(body, "description", "page");
  if (description !== null && description.length > MAX_DESCRIPTION)
    throw invalid(`page.description has more than ${MAX_DESCRIPTION} characters`);
  if (type === "blueprint-entities" || type === "entity") requiredText(body, "blueprint", "page");
  else if (optionalText(body, "blueprint", "page") !== null)
    throw invalid(
      `page.blueprint ${show(body["blueprint"])} belongs to pages of a blueprint, not to a ${type}`,
    );
  checkPlace(body, "page");
  for (const key of ["locked", "showInSidebar", "protected"])
    if (![undefined, null, true, false].includes(body[key] as boolean | null | undefined))
      throw invalid(`page.${key} must be true or false, not ${show(body[key])}`);
  optionalText(body, "section", "page");
  optionalOneOf(body, "visibility", "page", ["org", "private"]);
  texts(body, "requiredQueryParams", "page");
  if (body["widgets"] !== undefined && body["widgets"] !== null)
    checkWidgets(body["widgets"], "page.widgets");
  checkFilters(body);
  return stored(body);
}

/** Port lets filters of a dashboard have conditions that are not those of a search; only their frame is checked. */
function checkFilters(body: JsonObject): void {
  for (const [i, filter] of objects(body, "pageFilters", "page").entries()) {
    const field = `page.pageFilters[${i}]`;
    optionalText(filter, "identifier", field);
    optionalText(filter, "title", field);
    const { query } = filter;
    if (query === undefined || query === null) continue;
    if (!isObject(query)) throw invalid(`${field}.query must be an object, not ${kindOf(query)}`);
    optionalText(query, "blueprint", `${field}.query`);
    parseQuery({ combinator: query["combinator"] ?? "and", rules: query["rules"] ?? [] }, `${field}.query`);
  }
}

function checkTitle(body: JsonObject, field: string, isRequired: boolean): void {
  const title = isRequired ? requiredText(body, "title", field) : optionalText(body, "title", field);
  if (title !== null && (title.trim() === "" || title.length > MAX_TITLE))
    throw invalid(`${field}.title ${show(title)} must have 1 to ${MAX_TITLE} characters`);
}

function checkPlace(body: JsonObject, field: string): void {
  for (const key of ["parent", "after"]) {
    const at = optionalText(body, key, field);
    if (at !== null) checkPageIdentifier(at, `${field}.${key}`);
  }
}

/** What is stored of a folder. @throws AppError invalid_request */
export function parseFolderDocument(body: JsonObject): JsonObject {
  checkJson(body, "");
  checkTitle(body, "folder", true);
  optionalText(body, "icon", "folder");
  checkPlace(body, "folder");
  return { ...stored(body), type: FOLDER };
}

function stored(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !SERVER_KEYS.includes(key)));
}

export const isFolder = (document: JsonObject): boolean => document["type"] === FOLDER;

/** A key that is a text, or null. */
export function textIn(document: JsonObject, key: string): string | null {
  const value = document[key];
  return typeof value === "string" && value !== "" ? value : null;
}
