/** The formats of property values (data-model.md §3.4) as ajv takes them. */
import { isIPv4, isIPv6 } from "node:net";
import { isInstant } from "../model/instant.ts";

const MAX_ADDRESS = 320;
const anyText = (): boolean => true;
const email = (text: string): boolean => text.length <= MAX_ADDRESS && /^[^\s@]+@[^\s@]+$/.test(text);
const name = (text: string): boolean => text.trim() !== "" && text.length <= 1000;

export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": isInstant,
  timer: isInstant,
  url: (text) => !/\s/.test(text) && URL.canParse(text),
  email,
  "idn-email": email,
  user: email,
  ipv4: isIPv4,
  ipv6: isIPv6,
  team: name,
  blueprints: name,
  markdown: anyText,
  yaml: anyText,
  proto: anyText,
};

/** What the message says a value of this format is. */
export const FORMAT_HINTS: Readonly<Record<string, string>> = {
  "date-time": "a date-time with an offset, such as 2024-09-01T12:00:00Z",
  timer: "a date-time with an offset, such as 2024-09-01T12:00:00Z",
  url: "an absolute URL, such as https://example.com/path",
  email: "an e-mail address",
  "idn-email": "an e-mail address",
  user: "the e-mail address of a user",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
};
