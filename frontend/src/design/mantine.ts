import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#f6f6f7",
  "#f0f0f2",
  "#e7e7eb",
  "#d5d5db",
  "#8c8c97",
  "#6d6d78",
  "#55555f",
  "#313136",
  "#18181b",
  "#0c0c0e",
];

/** Mantine in our clothes: 30 px controls, 6 px corners, ink for everything primary. */
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  primaryColor: "ink",
  primaryShade: 8,
  colors: { ink },
  defaultRadius: 6,
  fontSizes: { xs: "12.5px", sm: "13px", md: "13px", lg: "14px", xl: "20px" },
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: Object.fromEntries(
    [
      "TextInput",
      "PasswordInput",
      "Textarea",
      "NumberInput",
      "Select",
      "MultiSelect",
      "TagsInput",
      "Autocomplete",
      "Switch",
      "Checkbox",
    ].map((name) => [name, { defaultProps: { size: "xs" } }]),
  ),
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--text-3)",
  "--mantine-color-placeholder": "var(--text-3)",
  "--mantine-color-anchor": "var(--focus)",
  "--mantine-color-error": "var(--st-fail)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-disabled": "var(--sunken)",
  "--mantine-color-disabled-color": "var(--text-3)",
  "--mantine-primary-color-filled": "var(--ink)",
  "--mantine-primary-color-filled-hover": "var(--ink-hover)",
  "--mantine-primary-color-contrast": "var(--on-ink)",
  "--mantine-color-ink-filled": "var(--ink)",
};

export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
