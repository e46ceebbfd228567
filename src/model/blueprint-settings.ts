/** What a blueprint says of itself besides its properties and relations (data-model.md §3.2, §3.8, §3.9). */
import { MAX_STEPS } from "./derived.ts";
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import { checkOneOf, checkOptionalText, checkText, checkUrl, isGiven } from "./property.ts";

/** @throws AppError `invalid_request` naming field, value and rule */
export function checkSettings(body: JsonObject): void {
  const { title, description, icon, teamInheritance, changelogDestination, includeInGlobalSearch } = body;
  checkText(title, "title", 100, 1);
  checkOptionalText(description, "description", 200);
  checkOptionalText(icon, "icon");
  if (isGiven(includeInGlobalSearch) && typeof includeInGlobalSearch !== "boolean")
    throw invalid(`includeInGlobalSearch must be a boolean, not ${kindOf(includeInGlobalSearch)}`);
  if (isGiven(teamInheritance)) {
    if (!isObject(teamInheritance))
      throw invalid(`teamInheritance must be an object, not ${kindOf(teamInheritance)}`);
    checkText(teamInheritance["path"], "teamInheritance.path", 1000, 1);
    checkLength(teamInheritance["path"] as string, "teamInheritance.path");
  }
  if (isGiven(changelogDestination)) checkDestination(changelogDestination, "changelogDestination");
}

function checkDestination(value: unknown, field: string): void {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  checkOneOf(value["type"], ["WEBHOOK", "KAFKA"], `${field}.type`);
  if (value["type"] === "WEBHOOK") checkUrl(value["url"], `${field}.url`);
  const { agent } = value;
  if (isGiven(agent) && typeof agent !== "boolean")
    throw invalid(`${field}.agent must be a boolean, not ${kindOf(agent)}`);
}

function checkLength(path: string, field: string): void {
  const { length } = path.split(".");
  if (length > MAX_STEPS)
    throw invalid(`${field} leads over ${length} relations; at most ${MAX_STEPS} are allowed`);
}

const PATH = /^[A-Za-z0-9@_=\\-]+(\.[A-Za-z0-9@_=\\-]+)*$/;

/**
 * The first relation of the path is checked; the others belong to blueprints that may be defined later.
 * @param relations the blueprint's own: whether they are many
 */
export function checkOwnership(ownership: unknown, relations: ReadonlyMap<string, boolean>): void {
  if (!isGiven(ownership)) return;
  if (!isObject(ownership)) throw invalid(`ownership must be an object, not ${kindOf(ownership)}`);
  checkOneOf(ownership["type"], ["Direct", "Inherited"], "ownership.type");
  checkOptionalText(ownership["title"], "ownership.title", 100);
  if (ownership["type"] === "Direct") return;
  const { path } = ownership;
  checkText(path, "ownership.path", 1000, 1);
  if (!PATH.test(path as string))
    throw invalid(`ownership.path ${show(path)} must be relations joined by dots, such as service.domain`);
  checkLength(path as string, "ownership.path");
  const first = (path as string).split(".")[0] ?? "";
  const many = relations.get(first);
  if (many === undefined)
    throw invalid(`ownership.path begins with ${show(first)}, which is not a relation of this blueprint`);
  if (many)
    throw invalid(
      `ownership.path begins with ${show(first)}: owners are inherited over single relations only`,
    );
}
