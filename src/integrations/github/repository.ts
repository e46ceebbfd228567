/** The part of a repository that its pull requests, runs and releases carry as `.__repository`. */
import type { JsonObject } from "../../model/json.ts";
import type { Settings } from "../connector.ts";
import { listed } from "../listed.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";

export interface RepositoryRef extends JsonObject {
  readonly id: string;
  readonly name: string;
  readonly full_name: string;
  readonly html_url: string;
  readonly default_branch: string;
  readonly owner: { readonly login: string };
}

/** From a repository as REST and webhooks tell it, or from a stored reference. */
export function repositoryRef(repository: JsonObject): RepositoryRef {
  const fullName = textAt(repository, "full_name") ?? "";
  return {
    id: keyAt(repository, "id"),
    name: textAt(repository, "name") ?? "",
    full_name: fullName,
    html_url: textAt(repository, "html_url") ?? "",
    default_branch: textAt(repository, "default_branch") ?? "main",
    owner: { login: textAt(objectAt(repository, "owner"), "login") ?? fullName.split("/")[0] ?? "" },
  };
}

/** `github.com/acme/shop`: what git imports call the repository too. */
export const repositoryName = ({ html_url: url }: RepositoryRef): string => url.replace(/^https?:\/\//, "");

export const repositoryPath = ({ full_name: name }: RepositoryRef): string =>
  `/repos/${name.split("/").map(encodeURIComponent).join("/")}`;

/** The repositories that the data source is limited to; null: all of the owner. */
export function chosenRepositories(settings: Settings): readonly string[] | null {
  const names = listed(settings["repositories"]);
  return names.length === 0 ? null : names;
}

/** Does an event's repository belong to this data source? */
export function isChosen(ref: RepositoryRef, settings: Settings): boolean {
  if (ref.owner.login.toLowerCase() !== (settings["owner"] ?? "").toLowerCase()) return false;
  const chosen = chosenRepositories(settings);
  return chosen === null || chosen.some((name) => name.toLowerCase() === ref.name.toLowerCase());
}
