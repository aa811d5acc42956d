import { useMemo } from "react";
import { EmptyState } from "@/design/EmptyState";
import { SelectField } from "@/design/Field";
import { formatBytes } from "@/design/format";
import { chosenOutput, type OutputChoice, outputChoices } from "../model/outputs";
import { DocumentsPart } from "./DocumentsPart";
import { RunHead } from "./RunHead";
import sections from "./Sections.module.css";
import { TablesPart } from "./TablesPart";
import type { PartProps, View } from "./view";

/** One output of a step in all runs: tables beside each other, distributions and reports over each other. */
export function OutputsTab({ view }: PartProps) {
  const { data, shown, search, set } = view;
  const choices = useMemo(() => outputChoices(data, shown), [data, shown]);
  const choice = chosenOutput(choices, search.step, search.port);
  if (!choice)
    return (
      <EmptyState
        tight
        title="No outputs"
        why={
          shown.length
            ? "No step of these runs has left anything yet."
            : "All runs are hidden. Show some of them at the left."
        }
      />
    );
  const groups = new Map<string, { group: string; items: { value: string; label: string }[] }>();
  for (const each of choices) {
    const group = groups.get(each.step) ?? { group: each.stepTitle, items: [] };
    group.items.push({ value: each.value, label: `${each.stepTitle}: ${each.title}` });
    groups.set(each.step, group);
  }
  const without = shown.filter((line) => !choice.runs.some((run) => run.line.id === line.id));
  return (
    <div className={sections.section}>
      <div className={sections.bar}>
        <SelectField
          label="Output"
          w={320}
          searchable
          nothingFoundMessage="No output has this name."
          data={[...groups.values()]}
          value={choice.value}
          onChange={(value) => {
            const found = choices.find((each) => each.value === value);
            if (found) set({ step: found.step, port: found.port, column: undefined });
          }}
        />
      </div>
      {without.length > 0 && (
        <p className={sections.note}>
          {without.map((line) => line.name).join(", ")} {without.length === 1 ? "has" : "have"} no such
          output.
        </p>
      )}
      {choice.type === "table" ? (
        <TablesPart view={view} choice={choice} />
      ) : choice.runs.some((run) => run.output.has_document) ? (
        <DocumentsPart view={view} choice={choice} />
      ) : (
        <FileFacts view={view} choice={choice} />
      )}
    </div>
  );
}

/** What is known of outputs that cannot be drawn. */
function FileFacts({ view, choice }: { view: View; choice: OutputChoice }) {
  const first = choice.runs[0]?.output.digest;
  return (
    <div className={sections.scroll}>
      <table className={sections.table} aria-label={`${choice.stepTitle}: ${choice.title}`}>
        <thead>
          <tr>
            <th scope="col">Output</th>
            {choice.runs.map(({ line }) => (
              <th key={line.id} scope="col">
                <RunHead line={line} ws={view.ws} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Size</th>
            {choice.runs.map(({ line, output }) => (
              <td key={line.id}>{formatBytes(output.size_bytes)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">Content</th>
            {choice.runs.map(({ line, output }, i) => (
              <td key={line.id}>{i === 0 ? "–" : output.digest === first ? "the same bytes" : "differs"}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
