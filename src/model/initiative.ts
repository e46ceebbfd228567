/** Initiatives as people send them: which entities are to reach what of a scorecard, by when, and who answers for it. */
import { checkOneOfAt, checkTextAt, closedAt, isGiven, objectAt } from "./action-fields.ts";
import { isActionIdentifier } from "./action.ts";
import { invalid } from "./error.ts";
import { parseInstant } from "./instant.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseQuery } from "./query.ts";
import { contextRefs } from "./query-nodes.ts";
import type { ScorecardPlan } from "./scorecard.ts";

export interface InitiativeRecipients {
  /** Members of the teams of entities that are not there yet. */
  readonly owners: boolean;
  readonly emails: readonly string[];
  readonly slack: string | null;
  readonly teams: string | null;
  readonly webhook: string | null;
}

export interface Initiative {
  readonly identifier: string;
  readonly title: string;
  readonly description: string | null;
  readonly blueprint: string;
  readonly scorecard: string;
  /** To be reached, or a higher one. null: `rules` say what. */
  readonly level: string | null;
  readonly rules: readonly string[];
  /** Which entities it is about, as a search query; null: all that the scorecard is about. */
  readonly query: JsonObject | null;
  /** E-mail address of a user, or the identifier of a team: at least one. */
  readonly owner: string | null;
  readonly team: string | null;
  readonly dueAt: number;
  /** Days before it is due on which those who are late are reminded, most first. */
  readonly daysBefore: readonly number[];
  /** How often they are when it is overdue. */
  readonly overdue: "day" | "week" | null;
  readonly recipients: InitiativeRecipients;
}

const KEYS = [
  ...["identifier", "title", "description", "blueprint", "scorecard", "level", "rules", "query"],
  ...["owner", "team", "dueDate", "reminders", "recipients"],
];
const SERVER_KEYS = [
  ...["createdAt", "createdBy", "updatedAt", "updatedBy", "automations", "total", "done", "countedAt"],
  ...["status", "problem"],
];
const MAX_IDENTIFIER = 60;
const MAX_RULES = 100;
const MAX_REMINDERS = 20;
const MAX_DAYS = 365;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,255}$/;

/** @throws AppError invalid_request naming field, value and rule */
export function parseInitiative(body: unknown): {
  readonly initiative: Initiative;
  readonly document: JsonObject;
} {
  checkJson(body, "initiative");
  if (!isObject(body)) throw invalid(`the initiative must be an object, not ${kindOf(body)}`);
  closedAt(body, [...KEYS, ...SERVER_KEYS], "initiative");
  const { identifier, query } = body;
  if (typeof identifier !== "string" || identifier.length > MAX_IDENTIFIER || !isActionIdentifier(identifier))
    throw invalid(
      `initiative.identifier ${show(identifier)} must have 1 to ${MAX_IDENTIFIER} characters: letters, digits and @ _ . + : = -`,
    );
  checkTextAt(body["title"], "initiative.title", { required: true, max: 200 });
  checkTextAt(body["description"], "initiative.description", { max: 2000 });
  for (const key of ["blueprint", "scorecard"])
    checkTextAt(body[key], `initiative.${key}`, { required: true, max: 200 });
  for (const key of ["level", "owner", "team"]) checkTextAt(body[key], `initiative.${key}`, { max: 300 });
  const level = textOf(body["level"]);
  const rules = rulesOf(body["rules"]);
  if ((level === null) === (rules.length === 0))
    throw invalid(
      "initiative.level or initiative.rules must say what is to be reached: one of them, not both",
    );
  if (isGiven(query)) checkQuery(query);
  const [owner, team] = [textOf(body["owner"]), textOf(body["team"])];
  if (owner === null && team === null)
    throw invalid(
      "initiative.owner (a user's e-mail address) or initiative.team must say who answers for it",
    );
  const initiative: Initiative = {
    ...{ identifier, level, rules, owner, team },
    title: String(body["title"]),
    description: textOf(body["description"]),
    blueprint: String(body["blueprint"]),
    scorecard: String(body["scorecard"]),
    query: isObject(query) ? query : null,
    dueAt: dueOf(body["dueDate"]),
    ...remindersOf(isGiven(body["reminders"]) ? objectAt(body["reminders"], "initiative.reminders") : {}),
    recipients: recipientsOf(
      isGiven(body["recipients"]) ? objectAt(body["recipients"], "initiative.recipients") : {},
    ),
  };
  const document = Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !SERVER_KEYS.includes(key) && value !== null),
  );
  return { initiative, document };
}

/** What it names must be there. @throws AppError invalid_request */
export function checkGoal(initiative: Initiative, scorecard: ScorecardPlan): void {
  const problem = goalProblem(initiative, scorecard);
  if (problem !== null) throw invalid(`initiative.${problem}`);
}

/** Why it cannot be reached; null: it can. */
export function goalProblem(
  { level, rules, scorecard: name }: Initiative,
  scorecard: ScorecardPlan,
): string | null {
  const place = level === null ? 1 : scorecard.levels.indexOf(level);
  if (place < 0)
    return `level ${show(level)} is not one of the levels ${scorecard.levels.map(show).join(", ")} of scorecard "${name}"`;
  if (place === 0) return `level ${show(level)} is the base level of scorecard "${name}": all have it`;
  const known = new Set(scorecard.rules.map(({ identifier }) => identifier));
  const missing = rules.find((rule) => !known.has(rule));
  return missing === undefined ? null : `rules: ${show(missing)} is no rule of scorecard "${name}"`;
}

function rulesOf(value: unknown): string[] {
  if (!isGiven(value)) return [];
  if (!Array.isArray(value) || value.length > MAX_RULES)
    throw invalid(`initiative.rules must be a list of at most ${MAX_RULES} rules, not ${show(value)}`);
  return value.map((rule: unknown, i) => {
    checkTextAt(rule, `initiative.rules[${i}]`, { required: true, max: 100 });
    return String(rule);
  });
}

function checkQuery(query: unknown): void {
  if (contextRefs(parseQuery(query, "initiative.query")).length > 0)
    throw invalid("initiative.query: context is not allowed here: nobody in particular asks");
}

/** A day is over at its end, by UTC. */
function dueOf(value: unknown): number {
  const isDay = typeof value === "string" && DATE.test(value);
  const at = typeof value === "string" ? parseInstant(isDay ? `${value}T00:00:00Z` : value) : null;
  if (at === null)
    throw invalid(
      `initiative.dueDate ${show(value)} must be a day such as 2027-03-31, or an ISO date-time with an offset`,
    );
  return isDay ? at + DAY_MS : at;
}

function remindersOf(value: JsonObject): Pick<Initiative, "daysBefore" | "overdue"> {
  const at = "initiative.reminders";
  closedAt(value, ["daysBefore", "overdue"], at);
  const days = value["daysBefore"] ?? [];
  if (!Array.isArray(days) || days.length > MAX_REMINDERS)
    throw invalid(`${at}.daysBefore must be a list of at most ${MAX_REMINDERS} numbers, not ${show(days)}`);
  const daysBefore = days.map((day: unknown, i) => {
    if (typeof day !== "number" || !Number.isInteger(day) || day < 0 || day > MAX_DAYS)
      throw invalid(`${at}.daysBefore[${i}] ${show(day)} must be a whole number of days, 0 to ${MAX_DAYS}`);
    return day;
  });
  const overdue = value["overdue"] ?? null;
  if (overdue !== null) checkOneOfAt(overdue, `${at}.overdue`, ["day", "week"]);
  return {
    daysBefore: [...new Set(daysBefore)].sort((a, b) => b - a),
    overdue: overdue as Initiative["overdue"],
  };
}

function recipientsOf(value: JsonObject): InitiativeRecipients {
  const at = "initiative.recipients";
  closedAt(value, ["owners", "emails", "slack", "teams", "webhook"], at);
  const { owners = false, emails = [] } = value;
  if (typeof owners !== "boolean") throw invalid(`${at}.owners must be a boolean, not ${kindOf(owners)}`);
  if (!Array.isArray(emails)) throw invalid(`${at}.emails must be a list, not ${kindOf(emails)}`);
  for (const [i, email] of emails.entries())
    if (typeof email !== "string" || !EMAIL.test(email))
      throw invalid(`${at}.emails[${i}] ${show(email)} is no e-mail address`);
  for (const key of ["slack", "teams", "webhook"]) checkTextAt(value[key], `${at}.${key}`, { max: 2000 });
  return {
    ...{ owners, emails: emails as string[] },
    slack: textOf(value["slack"]),
    teams: textOf(value["teams"]),
    webhook: textOf(value["webhook"]),
  };
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

const PERIODS = { day: DAY_MS, week: 7 * DAY_MS };

/** The last moment up to `now` at which those who are late are reminded; null: none yet. */
export function lastReminder({ dueAt, daysBefore, overdue }: Initiative, now: number): number | null {
  if (now > dueAt && overdue !== null) {
    const period = PERIODS[overdue];
    const times = Math.floor((now - dueAt) / period);
    if (times > 0) return dueAt + times * period;
  }
  const passed = daysBefore.map((days) => dueAt - days * DAY_MS).filter((at) => at <= now);
  return passed.length === 0 ? null : Math.max(...passed);
}

/** Rules of searches: entities that it is about, and of these the ones that are there, and those that are not. */
export function goalRules(
  { scorecard, level, rules, query }: Initiative,
  levels: readonly string[],
): { readonly scope: JsonObject[]; readonly done: JsonObject; readonly open: JsonObject } {
  const scope = [...(query === null ? [] : [query]), { scorecard, operator: "isNotEmpty" }] as JsonObject[];
  if (level !== null) {
    const place = levels.indexOf(level);
    const among = (value: readonly string[]): JsonObject => ({
      scorecard,
      operator: "in",
      value: [...value],
    });
    return {
      scope,
      done: among(place < 0 ? [] : levels.slice(place)),
      open: among(place < 0 ? levels : levels.slice(0, place)),
    };
  }
  const has =
    (status: string) =>
    (rule: string): JsonObject => ({
      ...{ scorecard, scorecardRule: rule, operator: "=", value: status },
    });
  return {
    scope,
    done: { combinator: "and", rules: rules.map(has("SUCCESS")) },
    open: { combinator: "or", rules: rules.map(has("FAILURE")) },
  };
}
