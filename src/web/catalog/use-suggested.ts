import type { ComboboxItem, OptionsFilter } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { entityTitleQuery } from "./entity-title.ts";
import { type Offered, suggestQuery } from "./queries.ts";

/** Asked once typing rests. */
const REST_MS = 200;
const NOTHING: readonly string[] = [];

interface Wanted {
  /** Identifiers: they stay among the options, whatever is looked for. */
  readonly chosen?: readonly string[];
  /** Which ones are offered, and in which order; all of them by title otherwise. */
  readonly offered?: Offered | undefined;
  readonly enabled?: boolean;
}

interface Suggested {
  /** Why nothing is offered. */
  readonly error: Error | null;
  /** For a `Select` or `MultiSelect`. */
  readonly field: {
    readonly searchable: true;
    readonly data: ComboboxItem[];
    readonly filter: OptionsFilter;
    readonly onSearchChange: (text: string) => void;
    readonly nothingFoundMessage: string;
  };
}

/** Entities of a blueprint as the options of a field: the first of those that the server finds for what is typed. */
export function useSuggested(blueprint: string, wanted: Wanted = {}): Suggested {
  const { chosen = NOTHING, offered, enabled = true } = wanted;
  const [text, setText] = useState("");
  const [typed] = useDebouncedValue(text, REST_MS);
  const found = useQuery({ ...suggestQuery(blueprint, typed, offered), enabled });
  const options = (found.data ?? []).map(({ identifier, title }) => optionOf(identifier, title));
  const others = chosen.filter((identifier) => !options.some(({ value }) => value === identifier));
  const titles = useQueries({
    queries: others.map((identifier) => ({ ...entityTitleQuery(blueprint, identifier), enabled })),
    combine: (answers) => answers.map(({ data }) => data),
  });
  const data = [...options, ...others.map((identifier, at) => optionOf(identifier, titles[at]))];
  return {
    error: found.error,
    field: {
      searchable: true,
      data,
      // The server has filtered already.
      filter: ({ options: all }) => all,
      // A field writes what is chosen where one types: nobody looks for that.
      onSearchChange: (next) =>
        setText(data.some(({ value, label }) => label === next && chosen.includes(value)) ? "" : next),
      nothingFoundMessage: found.isFetching ? "Looking …" : "Nothing found",
    },
  };
}

const optionOf = (identifier: string, title: string | null | undefined): ComboboxItem => ({
  value: identifier,
  label: title && title !== identifier ? `${title} (${identifier})` : identifier,
});

/** The same for a field that takes what is not offered too: identifiers only. */
export function useSuggestedNames(blueprint: string, text: string, enabled = true): string[] {
  const [typed] = useDebouncedValue(text, REST_MS);
  const found = useQuery({ ...suggestQuery(blueprint, typed), enabled });
  return (found.data ?? []).map(({ identifier }) => identifier);
}

/** For the options of such a field. */
export const asFound: OptionsFilter = ({ options }) => options;
