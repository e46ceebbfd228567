import { MantineContext, MantineThemeProvider, useProviderColorScheme } from "@mantine/core";
import { type ReactNode, useLayoutEffect, useMemo } from "react";
import { colorSchemeManager, theme } from "./theme.ts";

const getRootElement = () => document.documentElement;

/**
 * What Mantine's components need around them. Its own provider works out hundreds of colours with each start, twice, a
 * tenth of what a page takes; ours are in `styles/theme-variables.css`, which `theme-variables.test.ts` holds to the theme.
 */
export function Mantine({ nonce, children }: { nonce: string; children: ReactNode }) {
  const { colorScheme, setColorScheme, clearColorScheme } = useProviderColorScheme({
    manager: colorSchemeManager,
    defaultColorScheme: "auto",
    getRootElement,
    forceColorScheme: undefined,
  });
  useLayoutEffect(() => {
    if (theme.respectReducedMotion) getRootElement().dataset["respectReducedMotion"] = "true";
  }, []);
  const value = useMemo(
    () => ({
      ...{ colorScheme, setColorScheme, clearColorScheme, getRootElement },
      getStyleNonce: () => nonce,
      classNamesPrefix: "mantine",
      cssVariablesSelector: ":root",
      withStaticClasses: true,
    }),
    [colorScheme, setColorScheme, clearColorScheme, nonce],
  );
  return (
    <MantineContext value={value}>
      <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>
    </MantineContext>
  );
}
