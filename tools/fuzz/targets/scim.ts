import { AppError } from "../../../src/model/error.ts";
import {
  GROUP_SCHEMA,
  parseScimFilter,
  parseScimPatch,
  patchedScimGroup,
  patchedScimUser,
  ScimError,
  scimGroupOf,
  scimUserOf,
  USER_SCHEMA,
} from "../../../src/model/scim.ts";
import { parseJson } from "../../../src/http/json-body.ts";
import { mutateJson, mutateText } from "../mutate.ts";
import { must, outcome, type Target } from "../target.ts";

/** As Okta and Entra ID send them. */
const DOCUMENTS: readonly unknown[] = [
  {
    ...{
      schemas: [USER_SCHEMA],
      userName: "a@example.com",
      externalId: "00u1",
      active: true,
      displayName: "A B",
    },
    name: { givenName: "A", familyName: "B", formatted: "A B" },
    emails: [{ primary: true, value: "a@example.com", type: "work" }],
    ...{ groups: [], locale: "en-US", [`${USER_SCHEMA}:title`]: "x" },
  },
  {
    schemas: [GROUP_SCHEMA],
    displayName: "Platform",
    externalId: "g1",
    members: [{ value: "id1", display: "A" }],
  },
];
const patch = (...Operations: readonly unknown[]): unknown => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
const PATCHES: readonly unknown[] = [
  patch({ op: "Replace", path: "active", value: "False" }),
  patch({ op: "replace", value: { active: false, "name.givenName": "C" } }),
  patch({ op: "Add", path: 'emails[type eq "work"].value', value: "c@example.com" }),
  patch(
    { op: "add", path: "members", value: [{ value: "id2" }] },
    { op: "remove", path: 'members[value eq "id1"]' },
  ),
  patch(
    { op: "remove", path: "members", value: [{ value: "id1" }] },
    { op: "replace", path: "displayName", value: "X" },
  ),
  patch({ op: "replace", path: `${GROUP_SCHEMA}:members`, value: [] }),
];
const FILTERS = [
  'userName eq "a@example.com"',
  'externalId eq "00u1" and active eq true',
  `${USER_SCHEMA}:userName Eq "a\\"b\\u00e9"`,
  'displayName eq "Platform"',
];
const ALLOWED = ["username", "externalid", "active", "displayname"];

export const scim: Target = {
  name: "scim",
  about: "filters, documents and patches of identity providers (src/model/scim.ts)",
  make(random) {
    if (random.chance(0.4)) {
      const filter = mutateText(random, FILTERS);
      return {
        shown: filter,
        run: () =>
          outcome(() => {
            const found = [...parseScimFilter(filter, ALLOWED)];
            must(
              found.every(([name]) => ALLOWED.includes(name)),
              "it finds an attribute that is not allowed",
            );
            return found;
          }, [ScimError]),
      };
    }
    const whole = random.pick(random.chance(0.5) ? DOCUMENTS : PATCHES);
    let changed = whole;
    for (let left = 1 + random.int(4); left > 0; left -= 1) changed = mutateJson(random, changed);
    const text = random.chance(0.3) ? mutateText(random, [JSON.stringify(whole)]) : JSON.stringify(changed);
    return {
      shown: text,
      run() {
        let body: unknown;
        try {
          body = parseJson(text);
        } catch (error) {
          if (error instanceof AppError) return error.message;
          throw error;
        }
        return [
          outcome(() => scimUserOf(body), [ScimError]),
          outcome(() => scimGroupOf(body), [ScimError]),
          outcome(() => patchedScimUser(parseScimPatch(body)), [ScimError]),
          outcome(() => patchedScimGroup(parseScimPatch(body)), [ScimError]),
        ].join("\n");
      },
    };
  },
};
