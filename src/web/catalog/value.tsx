/** One value of an entity, as a cell of a table or a line of a page. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { number } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { AnyLink } from "../parts/any-link.tsx";
import { SafeLink } from "../parts/safe-link.tsx";
import { type Column, showValue } from "./blueprint.ts";
import css from "./catalog.module.css";

const SHOWN = 4;
const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

export function Value({ column, value }: { column: Column; value: unknown }): ReactNode {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return <None />;
  switch (column.kind) {
    case "relation":
      return (
        <Relations
          target={column.target ?? ""}
          identifiers={Array.isArray(value) ? value.map(String) : [showValue(value)]}
        />
      );
    case "team":
      return <Tags values={Array.isArray(value) ? value : [value]} colors={column.colors} />;
    default:
      return <Plain column={column} value={value} />;
  }
}

function Plain({ column, value }: { column: Column; value: unknown }): ReactNode {
  if (Array.isArray(value)) return <Tags values={value} colors={column.colors} />;
  switch (typeof value) {
    case "number":
      return <span className="nums">{number(value)}</span>;
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
  return column.options.length > 0 || Object.keys(column.colors).length > 0 ? (
    <Label value={value} colors={column.colors} />
  ) : (
    value
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

function Tags({ values, colors }: { values: readonly unknown[]; colors: Readonly<Record<string, string>> }) {
  const shown = values.slice(0, SHOWN);
  return (
    <span
      className={css["labels"]}
      title={values.length > SHOWN ? values.map(showValue).join(", ") : undefined}
    >
      {[...new Set(shown.map(showValue))].map((value) => (
        <Label key={value} value={value} colors={colors} />
      ))}
      {values.length > SHOWN ? <span className="muted">+{values.length - SHOWN}</span> : null}
    </span>
  );
}

function Relations({ target, identifiers }: { target: string; identifiers: readonly string[] }) {
  return (
    <span className={css["labels"]}>
      {identifiers.slice(0, SHOWN).map((identifier) => (
        <Link key={identifier} to="/c/$blueprint/$id" params={{ blueprint: target, id: identifier }}>
          {identifier}
        </Link>
      ))}
      {identifiers.length > SHOWN ? <span className="muted">+{identifiers.length - SHOWN}</span> : null}
    </span>
  );
}

function ObjectValue({ value }: { value: Record<string, unknown> }) {
  const { url, displayText } = value;
  if (typeof url === "string" && Object.keys(value).every((key) => key === "url" || key === "displayText"))
    return <SafeLink href={url}>{typeof displayText === "string" ? displayText : url}</SafeLink>;
  return <code title={JSON.stringify(value, null, 2)}>{JSON.stringify(value)}</code>;
}
