/** How a number chart writes its value, and what it says of it (workflows.md §6.3). */
import { unitText } from "../../catalog/unit.ts";
import { decimal, number } from "../../lib/format.ts";
import { numberFormat } from "../../lib/formatters.ts";
import type { WidgetDoc } from "../widget-kind.ts";

export interface ShownNumber {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

const CURRENCIES = new Set(["$", "€", "£"]);

/**
 * Currencies stand before the number, other units after it, unless the widget says on which side.
 * @param property whose name tells the unit where the widget says neither a unit, be it none, nor its digits; null: none
 */
export function shownNumber(value: number, widget: WidgetDoc, property: string | null = null): ShownNumber {
  const unit = widget["unit"] === "custom" ? widget["unitCustom"] : widget["unit"];
  const name = typeof unit === "string" && unit !== "none" ? unit : "";
  const isOpen = (widget["unit"] ?? null) === null && (widget["displayFormatting"] ?? null) === null;
  const own = isOpen && property !== null ? unitText(property, value) : null;
  if (own !== null) return { before: "", text: own, after: "" };
  const isLeft = (widget["unitAlignment"] ?? (CURRENCIES.has(name) ? "left" : "right")) === "left";
  return { before: isLeft ? name : "", text: digits(value, widget), after: isLeft ? "" : name };
}

function digits(value: number, widget: WidgetDoc): string {
  switch (widget["displayFormatting"]) {
    case "round":
      return number(Math.round(value));
    case "custom": {
      const places = Number(widget["decimalPlaces"] ?? 0);
      return numberFormat({ minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
    }
    case "none":
      return number(value);
    default:
      return decimal(value);
  }
}

export interface Verdict {
  readonly message: string;
  readonly color: string;
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
};

/** Of the first condition that holds. */
export function verdictOf(value: number, conditions: unknown): Verdict | null {
  if (!Array.isArray(conditions)) return null;
  for (const condition of conditions as Readonly<Record<string, unknown>>[]) {
    const { operator, value: limit, message, description, color } = condition;
    if (COMPARE[String(operator)]?.(value, Number(limit)) !== true) continue;
    const text = [message, description].find((one) => typeof one === "string" && one !== "");
    const name = typeof color === "string" ? color : "";
    return { message: typeof text === "string" ? text : `${String(operator)} ${String(limit)}`, color: name };
  }
  return null;
}
