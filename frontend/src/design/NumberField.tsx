import { NumberInput, type NumberInputProps } from "@mantine/core";

// In a file of its own: its parser weighs 9 kB, which pages without numbers should not carry.
export const NumberField = (props: NumberInputProps) => <NumberInput {...props} />;
