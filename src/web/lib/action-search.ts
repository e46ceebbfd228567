/** What the screens of actions and runs show, as their addresses say it. */

type Raw = Record<string, unknown>;
const MAX = 20_000;

function texts<Key extends string>(raw: Raw, keys: readonly Key[]): { [key in Key]?: string } {
  const result: { [key in Key]?: string } = {};
  for (const key of keys) {
    const value = raw[key];
    if (typeof value === "string" && value !== "" && value.length <= MAX) result[key] = value;
  }
  return result;
}

export interface HubSearch {
  readonly q?: string;
  readonly operation?: string;
  readonly blueprint?: string;
  /** Whose form is open. */
  readonly action?: string;
  /** JSURL of what is filled in; `$targetEntity` is the entity. */
  readonly actionInputs?: string;
  /** What is edited: an identifier, or `new`. */
  readonly edit?: string;
}

export const pickHubSearch = (raw: Raw): HubSearch =>
  texts(raw, ["q", "operation", "blueprint", "action", "actionInputs", "edit"]);

export interface RunsSearch {
  readonly q?: string;
  readonly status?: string;
  readonly action?: string;
  readonly source?: string;
  readonly by?: string;
}

export const pickRunsSearch = (raw: Raw): RunsSearch => texts(raw, ["q", "status", "action", "source", "by"]);

export interface AutomationsSearch {
  readonly q?: string;
  /** `alerts`, `messages`, or the automations. */
  readonly tab?: string;
  /** What is edited: an identifier, or `new`. */
  readonly edit?: string;
  /** Which messages: their delivery, what tells, the channel, what they are of. */
  readonly state?: string;
  readonly kind?: string;
  readonly channel?: string;
  readonly of?: string;
}

export const pickAutomationsSearch = (raw: Raw): AutomationsSearch =>
  texts(raw, ["q", "tab", "edit", "state", "kind", "channel", "of"]);
