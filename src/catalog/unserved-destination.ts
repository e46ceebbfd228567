/** What is kept of a blueprint, but not served without a broker. */
import { isObject, type JsonObject } from "../model/json.ts";

/** @returns warnings, for a server that has no broker */
export function unservedDestination(blueprint: JsonObject): string[] {
  const { changelogDestination: destination } = blueprint;
  return isObject(destination) && destination["type"] === "KAFKA"
    ? [
        "changelogDestination is kept, but nothing is posted to it: this server has no broker (FAIRWAY_KAFKA_BROKERS is not set)",
      ]
    : [];
}
