import type { NodeOf } from "../../ast.ts";
import type { Kind } from "../environment.ts";
import type { Many, Single, Site } from "../site.ts";

export type Call = NodeOf<"call">;

/** A direct form of a builtin that is defined in jq. */
export interface FastForm {
  /** What it is for arguments of these kinds; null: it does not apply. `recursive` as in classify.ts. */
  kind(args: readonly Kind[], recursive: boolean, node: Call): Kind | null;
  /** Present for those that can be SINGLE. */
  single?(node: Call, site: Site): Single;
  /** Present for those that can be MANY. */
  many?(node: Call, site: Site, next: Many): Many;
}

export type FormEntry = readonly [key: string, form: FastForm];
