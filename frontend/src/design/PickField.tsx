import { MultiSelect, type MultiSelectProps, TagsInput, type TagsInputProps } from "@mantine/core";
import { ChevronsUpDown } from "lucide-react";

const opener = <ChevronsUpDown size={13} strokeWidth={1.75} aria-hidden="true" />;
const dropdown = { shadow: undefined, transitionProps: { duration: 0 } } as const;

/** Several of a list. */
export const MultiSelectField = (props: MultiSelectProps) => (
  <MultiSelect rightSection={opener} comboboxProps={dropdown} maxDropdownHeight={280} {...props} />
);

/** Several words of one's own. */
export const TagsField = (props: TagsInputProps) => <TagsInput comboboxProps={dropdown} {...props} />;
