import type { ComponentType } from "react";
import type { ParameterKind } from "@/api/types";
import type { ParameterFieldProps } from "../field";
import { BooleanField } from "./boolean";
import { ChoiceField } from "./choice";
import { ChoicesField } from "./choices";
import { CodeField } from "./code";
import { ColumnField } from "./column";
import { ColumnsField } from "./columns";
import { DatasetField } from "./dataset";
import { DatastorePathField } from "./datastore_path";
import { MultilineField } from "./multiline";
import { NumericField } from "./number";
import { NumberListField } from "./number_list";
import { RowsField } from "./rows";
import { SeedField } from "./seed";
import { PlainTextField } from "./text";

export const FIELDS: Record<ParameterKind, ComponentType<ParameterFieldProps>> = {
  number: NumericField,
  integer: NumericField,
  boolean: BooleanField,
  text: PlainTextField,
  multiline: MultilineField,
  code: CodeField,
  choice: ChoiceField,
  choices: ChoicesField,
  column: ColumnField,
  columns: ColumnsField,
  dataset: DatasetField,
  file: DatasetField,
  datastore_path: DatastorePathField,
  seed: SeedField,
  number_list: NumberListField,
  rows: RowsField,
};

/** Kinds made of several controls: their label names a group. */
export const GROUPED: ReadonlySet<ParameterKind> = new Set([
  "columns",
  "code",
  "choice",
  "rows",
  "datastore_path",
]);
