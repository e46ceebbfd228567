/** What the server says of its SCIM (RFC 7643 §5–7): constant, and read by providers before they begin. */
import { GROUP_SCHEMA, LIST_SCHEMA, USER_SCHEMA } from "../../model/scim.ts";

export const MAX_RESULTS = 200;

const off = { supported: false };

export const serviceConfig = (base: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { ...off, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_RESULTS },
  changePassword: off,
  sort: off,
  etag: off,
  authenticationSchemes: [
    {
      ...{ type: "oauthbearertoken", name: "Bearer token", primary: true },
      description: "A token of Fairway with the scope scim:write, of an administrator or service account",
    },
  ],
  meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
});

const resourceType = (base: string, id: "User" | "Group", schema: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  ...{ id, name: id, endpoint: `/${id}s`, schema },
  meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${id}` },
});

export const resourceTypes = (base: string) =>
  listed([resourceType(base, "User", USER_SCHEMA), resourceType(base, "Group", GROUP_SCHEMA)]);

const attribute = (name: string, more: object = {}) => ({
  ...{ name, type: "string", multiValued: false, required: false, caseExact: false },
  ...{ mutability: "readWrite", returned: "default", uniqueness: "none" },
  ...more,
});
const readOnly = { mutability: "readOnly" };
const members = [attribute("value"), attribute("display", readOnly), attribute("$ref", readOnly)];

export const schemas = (base: string) =>
  listed([
    {
      ...{ id: USER_SCHEMA, name: "User" },
      attributes: [
        attribute("userName", { required: true, uniqueness: "server" }),
        attribute("externalId", { caseExact: true }),
        attribute("displayName"),
        attribute("name", {
          type: "complex",
          subAttributes: [attribute("formatted"), attribute("givenName"), attribute("familyName")],
        }),
        attribute("active", { type: "boolean" }),
        attribute("emails", {
          ...{ type: "complex", multiValued: true, mutability: "immutable" },
          subAttributes: [attribute("value"), attribute("type"), attribute("primary", { type: "boolean" })],
        }),
        attribute("groups", { type: "complex", multiValued: true, ...readOnly, subAttributes: members }),
      ],
      meta: { resourceType: "Schema", location: `${base}/Schemas/${USER_SCHEMA}` },
    },
    {
      ...{ id: GROUP_SCHEMA, name: "Group" },
      attributes: [
        attribute("displayName", { required: true, uniqueness: "server" }),
        attribute("externalId", { caseExact: true }),
        attribute("members", { type: "complex", multiValued: true, subAttributes: members }),
      ],
      meta: { resourceType: "Schema", location: `${base}/Schemas/${GROUP_SCHEMA}` },
    },
  ]);

function listed(resources: readonly object[]) {
  return {
    ...{ schemas: [LIST_SCHEMA], totalResults: resources.length, startIndex: 1 },
    ...{ itemsPerPage: resources.length, Resources: resources },
  };
}
