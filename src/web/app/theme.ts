import {
  createTheme,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

const fairway: MantineColorsTuple = [
  "#e6f5f9",
  "#cde9f1",
  "#a1d5e3",
  "#70bfd4",
  "#46a9c3",
  "#2697b4",
  "#0f86a4",
  "#0b758f",
  "#0a6780",
  "#07495b",
];

/** Mantine's own dark greys are neutral; ours lean to the accent like the rest of the page. */
const dark: MantineColorsTuple = [
  "#e8edf2",
  "#c3cdd7",
  "#a7b4c2",
  "#768597",
  "#3a4754",
  "#2a3540",
  "#1b232c",
  "#171e26",
  "#10151b",
  "#0b0f14",
];

/** Shared by Mantine and `public/theme.js`, which reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "fairway-theme" });

/** Shade 8 everywhere: lighter defaults fail the contrast of WCAG 1.4.3. Closed lists leave the DOM; open ones stay inside their landmark. */
export const theme = createTheme({
  colors: { fairway, dark },
  primaryColor: "fairway",
  primaryShade: { light: 8, dark: 8 },
  fontFamily: `Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif`,
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "md",
  radius: { md: "6px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Select: {
      defaultProps: {
        size: "sm",
        withScrollArea: false,
        // Browsers give what scrolls a Tab stop of its own; it would close under the focus.
        attributes: { options: { tabIndex: -1 } },
        comboboxProps: {
          keepMounted: false,
          withinPortal: false,
          shadow: "md",
          transitionProps: { duration: 0 },
        },
      },
    },
    MultiSelect: {
      defaultProps: {
        withScrollArea: false,
        attributes: { options: { tabIndex: -1 } },
        comboboxProps: { keepMounted: false, shadow: "md", transitionProps: { duration: 0 } },
      },
    },
    TagsInput: { defaultProps: { comboboxProps: { keepMounted: false } } },
    Button: { defaultProps: { size: "sm" } },
    Popover: { defaultProps: { shadow: "md", keepMounted: false, withinPortal: false } },
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: "md",
        keepMounted: false,
        withinPortal: false,
      },
    },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
  },
});

const tokens = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-2)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-hover": "var(--surface-2)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-placeholder": "var(--text-2)",
  "--mantine-color-error": "var(--bad)",
};

/** Mantine takes its surfaces and borders from the tokens in `styles/base.css`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: tokens,
  dark: {
    ...tokens,
    // Mantine's own are nearly white on nearly black: what deletes looks harmless, what acts looks switched off.
    "--mantine-color-red-light-color": "var(--mantine-color-red-4)",
    "--mantine-color-fairway-light": "rgba(38, 151, 180, 0.25)",
    "--mantine-color-fairway-light-hover": "rgba(38, 151, 180, 0.35)",
    "--mantine-color-fairway-light-color": "var(--mantine-color-fairway-2)",
  },
});
