import {
  Checkbox,
  type CheckboxProps,
  Select,
  type SelectProps,
  Switch,
  type SwitchProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from "@mantine/core";
import { ChevronsUpDown, Search } from "lucide-react";

const opener = <ChevronsUpDown size={13} strokeWidth={1.75} aria-hidden="true" />;
const dropdown = { shadow: undefined, transitionProps: { duration: 0 } } as const;

export const TextField = (props: TextInputProps) => <TextInput {...props} />;
export const TextAreaField = (props: TextareaProps) => (
  <Textarea autosize minRows={3} maxRows={12} {...props} />
);
export const SelectField = (props: SelectProps) => (
  <Select
    allowDeselect={false}
    rightSection={opener}
    comboboxProps={dropdown}
    maxDropdownHeight={280}
    {...props}
  />
);
export const SwitchField = (props: SwitchProps) => <Switch {...props} />;
export const CheckboxField = (props: CheckboxProps) => <Checkbox {...props} />;

/** A search box; its name is the placeholder unless a label says otherwise. */
export function SearchField({ placeholder = "Search", ...props }: TextInputProps) {
  return (
    <TextInput
      type="search"
      placeholder={placeholder}
      aria-label={placeholder}
      leftSection={<Search size={14} strokeWidth={1.75} aria-hidden="true" />}
      {...props}
    />
  );
}
