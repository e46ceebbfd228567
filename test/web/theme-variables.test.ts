import {
  convertCssVariables,
  DEFAULT_THEME,
  deepMerge,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { expect, it } from "vitest";
import { cssVariables, theme } from "../../src/web/app/theme.ts";

type Variables = Readonly<Record<string, string>>;

/** What the theme says other than Mantine's own style sheet. */
const others = (ours: Variables, standard: Variables): Variables =>
  Object.fromEntries(Object.entries(ours).filter(([name, value]) => standard[name] !== value));

const file = new URL("../../src/web/styles/theme-variables.css", import.meta.url).pathname;

it("pages get the variables of the theme from a style sheet; `vitest -u` writes it anew", async () => {
  const whole = mergeMantineTheme(DEFAULT_THEME, theme);
  const ours = deepMerge(defaultCssVariablesResolver(whole), cssVariables(whole));
  const standard = defaultCssVariablesResolver(DEFAULT_THEME);
  const css = convertCssVariables(
    {
      variables: others(ours.variables, standard.variables),
      dark: others(ours.dark, standard.dark),
      light: others(ours.light, standard.light),
    },
    ":root",
  );
  // As the formatter has it.
  const text = css
    .replace(/\{/g, " {\n  ")
    .replace(/;(?!\})/g, ";\n  ")
    .replace(/;\}/g, ";\n}")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^( {2}--[\w-]+:) (?=.{90})/gm, "$1\n    ");
  await expect(`${text.trim()}\n`).toMatchFileSnapshot(file);
});
