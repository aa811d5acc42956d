import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

/** The theme on screen, the person's choice and the switch. */
export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme("light", { getInitialValueInEffect: false });
  return { choice: colorScheme, theme: shown, setTheme: setColorScheme };
}
