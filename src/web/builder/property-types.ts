/** Types of properties by the names that people know, and what the document says for each. */
import type { Definition } from "./definition-kind.ts";

export interface PropertyTypeInfo {
  readonly id: string;
  readonly label: string;
  readonly says: Definition;
}

const text = (id: string, label: string, more: Definition = {}): PropertyTypeInfo => ({
  id,
  label,
  says: { type: "string", ...more },
});

export const PROPERTY_TYPES: readonly PropertyTypeInfo[] = [
  text("text", "Text"),
  { id: "number", label: "Number", says: { type: "number" } },
  { id: "boolean", label: "Yes or no", says: { type: "boolean" } },
  text("time", "Date and time", { format: "date-time" }),
  text("timer", "Timer", { format: "timer" }),
  text("url", "URL", { format: "url" }),
  text("email", "E-mail address", { format: "email" }),
  text("user", "User", { format: "user" }),
  text("team", "Team", { format: "team" }),
  text("markdown", "Markdown", { format: "markdown" }),
  text("yaml", "YAML", { format: "yaml" }),
  text("proto", "Protocol buffers", { format: "proto" }),
  text("ipv4", "IPv4 address", { format: "ipv4" }),
  text("ipv6", "IPv6 address", { format: "ipv6" }),
  text("idn", "International e-mail address", { format: "idn-email" }),
  text("page", "Embedded page", { format: "url", spec: "embedded-url" }),
  text("openApiUrl", "OpenAPI, by its address", { format: "url", spec: "open-api" }),
  text("openApiText", "OpenAPI as YAML", { format: "yaml", spec: "open-api" }),
  { id: "openApi", label: "OpenAPI as an object", says: { type: "object", spec: "open-api" } },
  { id: "asyncApi", label: "AsyncAPI as an object", says: { type: "object", spec: "async-api" } },
  { id: "object", label: "Object", says: { type: "object" } },
  { id: "link", label: "Link with a text", says: { type: "object", format: "labeled-url" } },
  { id: "texts", label: "List of texts", says: { type: "array", items: { type: "string" } } },
  { id: "urls", label: "List of URLs", says: { type: "array", items: { type: "string", format: "url" } } },
  { id: "numbers", label: "List of numbers", says: { type: "array", items: { type: "number" } } },
  { id: "objects", label: "List of objects", says: { type: "array", items: { type: "object" } } },
  { id: "list", label: "List of anything", says: { type: "array" } },
];

const KEYS = ["type", "format", "spec", "items"];
const part = (definition: Definition): string => JSON.stringify(KEYS.map((key) => definition[key] ?? null));

/** Which of them a definition is; null for one that has no name here. */
export function typeIdOf(definition: Definition): string | null {
  const { items } = definition;
  const plain =
    typeof items === "object" && items !== null
      ? {
          ...definition,
          items: Object.fromEntries(
            Object.entries(items).filter(
              ([key, value]) => (key === "type" || key === "format") && value !== null,
            ),
          ),
        }
      : definition;
  return PROPERTY_TYPES.find(({ says }) => part(says) === part(plain))?.id ?? null;
}

/** The definition as one of that type; what belongs to the former type goes. */
export function withType(definition: Definition, id: string): Definition {
  const says = PROPERTY_TYPES.find((one) => one.id === id)?.says ?? {};
  const { title, description, icon } = definition;
  return Object.fromEntries(
    Object.entries({ title, description, icon, ...says }).filter(([, value]) => value !== undefined),
  );
}
