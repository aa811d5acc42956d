import type { Json, Parameter, TableSchema } from "@/api/types";

/** What every field of a parameter kind gets. */
export interface ParameterFieldProps {
  parameter: Parameter;
  value: Json;
  onChange: (value: Json) => void;
  /** For label and description of the control. */
  id: string;
  labelId: string;
  describedBy: string | undefined;
  invalid: boolean;
  readOnly: boolean;
  workspace: string;
  /** Columns that reach the port named by `columns_of`; null when they cannot be known yet. */
  schema: TableSchema | null;
  /** Columns known at each input port, for fields whose parts name ports of their own. */
  schemas: Record<string, TableSchema | null>;
}
