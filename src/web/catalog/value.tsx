/** One value of an entity, as a cell of a table or a line of a page. */
import type { ReactNode } from "react";
import { number } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { AnyLink } from "../parts/any-link.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { SafeLink } from "../parts/safe-link.tsx";
import { type Column, showValue } from "./blueprint.ts";
import css from "./catalog.module.css";
import { unitText } from "./unit.ts";

const SHOWN = 4;
const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** @param isWhole there is room for all of it, however many lines */
export function Value({
  column,
  value,
  isWhole = false,
}: {
  column: Column;
  value: unknown;
  isWhole?: boolean;
}): ReactNode {
  const most = isWhole ? Number.POSITIVE_INFINITY : SHOWN;
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return <None />;
  switch (column.kind) {
    case "relation":
    case "team":
      return (
        <Relations
          target={column.target ?? ""}
          identifiers={Array.isArray(value) ? value.map(String) : [showValue(value)]}
          most={most}
        />
      );
    default:
      return plain(column, value, most);
  }
}

function plain(column: Column, value: unknown, most: number): ReactNode {
  if (Array.isArray(value)) return <Tags values={value} colors={column.colors} most={most} />;
  switch (typeof value) {
    case "number":
      return <NumberValue id={column.id} value={value} />;
    case "boolean":
      return value ? "Yes" : "No";
    case "object":
      return <ObjectValue value={value as Record<string, unknown>} />;
    case "string":
      break;
    default:
      return null;
  }
  if (column.kind === "time" || (column.kind === "any" && ISO.test(value)))
    return Number.isNaN(Date.parse(value)) ? (
      value
    ) : column.isTimer ? (
      <Countdown iso={value} />
    ) : (
      <Ago iso={value} />
    );
  if (column.kind === "url" || (column.kind === "any" && /^https?:\/\//i.test(value)))
    return <AnyLink href={value}>{value.replace(/^https?:\/\/(www\.)?/i, "")}</AnyLink>;
  if (column.kind === "email") return <a href={`mailto:${value}`}>{value}</a>;
  if (column.options.length > 0 || Object.keys(column.colors).length > 0)
    return <Label value={value} colors={column.colors} />;
  return (
    <span className={most > SHOWN && value.includes("\n") ? css["lines"] : undefined} dir="auto">
      {value}
    </span>
  );
}

/** With its unit where the name tells one; as it is stored on hover, then. */
function NumberValue({ id, value }: { id: string; value: number }) {
  const text = unitText(id, value);
  return (
    <span className="nums" title={text === null ? undefined : number(value)}>
      {text ?? number(value)}
    </span>
  );
}

function None() {
  return (
    <span className="muted">
      <span aria-hidden>–</span>
      <span className="sr">no value</span>
    </span>
  );
}

/** An option with its colour, which only supports what the text says. */
function Label({ value, colors }: { value: string; colors: Readonly<Record<string, string>> }) {
  return (
    <span className={css["label"]} data-color={colors[value]}>
      {value}
    </span>
  );
}

function Tags({
  values,
  colors,
  most,
}: {
  values: readonly unknown[];
  colors: Readonly<Record<string, string>>;
  most: number;
}) {
  const shown = values.slice(0, most);
  return (
    <span
      className={css["labels"]}
      title={values.length > most ? values.map(showValue).join(", ") : undefined}
    >
      {[...new Set(shown.map(showValue))].map((value) =>
        /^https?:\/\//i.test(value) ? (
          <AnyLink key={value} href={value}>
            {value.replace(/^https?:\/\/(www\.)?/i, "")}
          </AnyLink>
        ) : (
          <Label key={value} value={value} colors={colors} />
        ),
      )}
      {values.length > most ? <span className="muted">+{values.length - most}</span> : null}
    </span>
  );
}

function Relations({
  target,
  identifiers,
  most,
}: {
  target: string;
  identifiers: readonly string[];
  most: number;
}) {
  return (
    <span className={css["labels"]}>
      {identifiers.slice(0, most).map((identifier) => (
        <EntityRef key={identifier} blueprint={target} identifier={identifier} />
      ))}
      {identifiers.length > most ? <span className="muted">+{identifiers.length - most}</span> : null}
    </span>
  );
}

/** An address with a text, and nothing else. */
export function isLabeledUrl(value: unknown): value is { url: string; displayText?: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const isOnly = Object.keys(value).every((key) => key === "url" || key === "displayText");
  return isOnly && "url" in value && typeof value.url === "string";
}

function ObjectValue({ value }: { value: Record<string, unknown> }) {
  const { url, displayText } = value;
  if (isLabeledUrl(value) && typeof url === "string")
    return <SafeLink href={url}>{typeof displayText === "string" ? displayText : url}</SafeLink>;
  return <code title={JSON.stringify(value, null, 2)}>{JSON.stringify(value)}</code>;
}
