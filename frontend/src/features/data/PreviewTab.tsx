import { useQuery } from "@tanstack/react-query";
import { datasetProfileQuery, fetchDatasetPage } from "@/api/datasets";
import { keys } from "@/api/keys";
import type { DatasetVersion } from "@/api/types";
import { DataGrid } from "@/charts/DataGrid";

export function PreviewTab({
  ws,
  id,
  version,
  sort,
  search,
  onView,
}: {
  ws: string;
  id: string;
  version: DatasetVersion;
  sort: string | undefined;
  search: string | undefined;
  onView: (view: { sort?: string; search?: string }) => void;
}) {
  const profile = useQuery(datasetProfileQuery(ws, id, version.version));
  return (
    <DataGrid
      label={`${version.dataset.name}, version ${version.version}`}
      queryKey={keys.datasetPart(ws, id, version.version, "preview")}
      fetchPage={(view, signal) => fetchDatasetPage(ws, id, version.version, view, signal)}
      profile={profile.data?.profile}
      sort={
        sort ? { column: sort.replace(/^-/, ""), direction: sort.startsWith("-") ? "desc" : "asc" } : null
      }
      onSort={(next) =>
        onView({ sort: next ? `${next.direction === "desc" ? "-" : ""}${next.column}` : undefined })
      }
      search={search ?? ""}
      onSearch={(next) => onView({ search: next || undefined })}
    />
  );
}
