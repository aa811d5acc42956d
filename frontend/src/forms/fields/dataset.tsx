import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datasetQuery, datasetsQuery } from "@/api/datasets";
import type { DatasetReference, Json } from "@/api/types";
import { SelectField } from "@/design/Field";
import { formatNumber } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import type { ParameterFieldProps } from "../field";

/** A reference by id, or by name alone, as in a pipeline that came from elsewhere. */
function referenceOf(value: Json): (Omit<DatasetReference, "id"> & { id?: string }) | null {
  return value && typeof value === "object" && ("id" in value || "name" in value)
    ? (value as unknown as DatasetReference)
    : null;
}

/** A dataset of the workspace and its version, fixed or always the latest. */
export function DatasetField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
  workspace,
}: ParameterFieldProps) {
  const reference = referenceOf(value);
  const [search, setSearch] = useState("");
  const typed = reference && search === reference.name ? "" : search;
  const kind = parameter.kind === "file" ? "file" : "table";
  const list = useInfiniteQuery(datasetsQuery(workspace, { search: typed || undefined, kind }));
  const named = useInfiniteQuery({
    ...datasetsQuery(workspace, { search: reference?.name, kind }),
    enabled: Boolean(reference && !reference.id),
  });
  const byName = named.data?.pages
    .flatMap((page) => page.results)
    .find((dataset) => dataset.name === reference?.name);
  const chosen = reference?.id ?? byName?.id ?? "";
  const detail = useQuery({ ...datasetQuery(workspace, chosen), enabled: Boolean(chosen) });
  const found = list.data?.pages.flatMap((page) => page.results) ?? [];
  const options = found.map((dataset) => ({ value: dataset.id, label: dataset.name }));
  if (reference && chosen && !options.some((option) => option.value === chosen))
    options.unshift({ value: chosen, label: detail.data?.name ?? reference.name });
  const versions = detail.data?.versions ?? [];
  return (
    <div style={{ display: "grid", gap: 6 }}>
      <SelectField
        id={id}
        aria-describedby={describedBy}
        error={invalid}
        readOnly={readOnly}
        searchable
        placeholder={parameter.placeholder ?? `Choose a ${kind === "file" ? "file dataset" : "dataset"}`}
        nothingFoundMessage={
          list.isPending
            ? "Loading"
            : kind === "file"
              ? "No file dataset has this name."
              : "No dataset has this name."
        }
        data={options}
        // The server has searched already.
        filter={({ options: all }) => all}
        value={chosen || null}
        onSearchChange={setSearch}
        onChange={(next) => {
          const dataset = found.find((each) => each.id === next);
          if (dataset) onChange({ id: dataset.id, name: dataset.name, version: "latest" });
        }}
      />
      {reference && (
        <SelectField
          aria-label={`Version of ${parameter.title}`}
          readOnly={readOnly}
          data={[
            {
              value: "latest",
              label: detail.data?.latest_version ? `Latest (${detail.data.latest_version} now)` : "Latest",
            },
            ...versions
              .filter((version) => version.status === "completed" || version.version === reference.version)
              .map((version) => ({
                value: String(version.version),
                label: `Version ${version.version}${version.rows === null ? "" : ` · ${formatNumber(version.rows)} rows`}`,
              })),
          ]}
          value={String(reference.version)}
          onChange={(next) =>
            onChange({
              ...reference,
              id: chosen,
              version: next === "latest" || next === null ? "latest" : Number(next),
            })
          }
        />
      )}
      {list.isError && <ProblemCard problem={list.error} onRetry={() => list.refetch()} />}
      {detail.isError && <ProblemCard problem={detail.error} onRetry={() => detail.refetch()} />}
    </div>
  );
}
