import type { Target } from "../target.ts";
import { csv } from "./csv.ts";
import { git } from "./git.ts";
import { jq } from "./jq.ts";
import { json } from "./json.ts";
import { jwt } from "./jwt.ts";
import { oidc } from "./oidc.ts";
import { scim } from "./scim.ts";
import { signature } from "./signature.ts";
import { yaml } from "./yaml.ts";

/** Every parser of what comes from outside. */
export const TARGETS: readonly Target[] = [yaml, json, jq, csv, git, signature, scim, jwt, oidc];
