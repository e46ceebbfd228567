import { useMantineColorScheme } from "@mantine/core";

/** The theme of this browser. */
export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return { value: colorScheme, set: setColorScheme };
}
