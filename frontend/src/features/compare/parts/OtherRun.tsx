import { SelectField } from "@/design/Field";
import type { RunLine } from "../model/lines";
import type { View } from "./view";

/** The run that is shown beside the baseline: the chosen one, else the first that is not hidden. */
export function otherOf({ lines, shown, search }: View): RunLine | undefined {
  const others = lines.filter((line) => !line.isBaseline);
  return (
    others.find((line) => line.id === search.with) ?? shown.find((line) => !line.isBaseline) ?? others[0]
  );
}

export function baselineOf({ lines }: View): RunLine | undefined {
  return lines.find((line) => line.isBaseline);
}

/** Chooses the other run where only two are shown. */
export function OtherRun({ view }: { view: View }) {
  const other = otherOf(view);
  const base = baselineOf(view);
  return (
    <SelectField
      label={`Against ${base?.name ?? "the baseline"}`}
      w={240}
      data={view.lines
        .filter((line) => !line.isBaseline)
        .map((line) => ({ value: line.id, label: line.name }))}
      value={other?.id ?? null}
      onChange={(id) => view.set({ with: id ?? undefined })}
    />
  );
}
