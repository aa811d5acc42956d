import { lazy, Suspense } from "react";
import { Skeleton } from "@/design/Skeleton";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";

// 170 kB: fetched when a form with code is shown.
const CodeEditor = lazy(async () => ({ default: (await import("../CodeEditor")).CodeEditor }));

export function CodeField({
  parameter,
  value,
  onChange,
  labelId,
  describedBy,
  invalid,
  readOnly,
  schema,
}: ParameterFieldProps) {
  const { text, edit, flush } = useLocalText(typeof value === "string" ? value : "", onChange);
  return (
    <Suspense fallback={<Skeleton height={180} radius={6} />}>
      <CodeEditor
        language={parameter.language ?? "python"}
        value={text}
        onChange={edit}
        onBlur={flush}
        readOnly={readOnly}
        invalid={invalid}
        labelId={labelId}
        describedBy={describedBy}
        words={schema?.columns.map((column) => column.name)}
      />
    </Suspense>
  );
}
