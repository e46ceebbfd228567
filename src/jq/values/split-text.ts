import type { Runtime } from "../runtime.ts";

/** The parts of `text` between `separator`s; of "" none; with the separator "" the code points. */
export function splitText(text: string, separator: string, rt: Runtime): string[] {
  rt.meter.chars(text.length);
  if (text === "") return [];
  const parts = separator === "" ? Array.from(text) : text.split(separator);
  rt.meter.items(parts.length);
  return parts;
}
