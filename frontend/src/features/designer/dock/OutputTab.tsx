import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useCallback } from "react";
import { keys } from "@/api/keys";
import { fetchOutputPage, outputDownloadPath, outputProfileQuery, outputQuery } from "@/api/runs";
import type { Output, Step } from "@/api/types";
import { DataGrid, type DataGridProps } from "@/charts/DataGrid";
import { MetricTable } from "@/charts/evaluation/MetricTable";
import { ModelSummary } from "@/charts/ModelSummary";
import { AnchorButton } from "@/design/Button";
import { formatBytes } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { useDesigner } from "../state/store";
import styles from "./Dock.module.css";

/** One output as it is: a table in the grid, a model or report in words, a file to download. */
export function OutputTab({ step, output }: { step: Step; output: Output }) {
  if (output.type === "table") return <TableOutput step={step} output={output} />;
  if (output.has_document) return <DocumentOutput step={step} output={output} />;
  return <FileOutput step={step} output={output} />;
}

function TableOutput({ step, output }: { step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  const profile = useQuery(outputProfileQuery(ws, step.id, output.port));
  const fetchPage = useCallback<DataGridProps["fetchPage"]>(
    (view, signal) => fetchOutputPage(ws, step.id, output.port, view, signal),
    [ws, step.id, output.port],
  );
  return (
    <DataGrid
      label={`${step.title}, ${output.title}`}
      queryKey={keys.output(ws, step.id, output.port)}
      fetchPage={fetchPage}
      profile={profile.data?.profile ?? null}
      bare
    />
  );
}

function DocumentOutput({ step, output }: { step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  const detail = useQuery(outputQuery(ws, step.id, output.port));
  if (detail.error) return <ProblemCard problem={detail.error} onRetry={() => void detail.refetch()} />;
  if (!detail.data) return <SkeletonRows count={4} />;
  const { document } = detail.data;
  if (!document) return <FileOutput step={step} output={output} />;
  return (
    <div className={styles.scroll}>
      {document.kind === "evaluation" ? (
        <MetricTable results={document.results} />
      ) : (
        <ModelSummary document={document} />
      )}
    </div>
  );
}

function FileOutput({ step, output }: { step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  return (
    <div className={styles.download}>
      <p>
        {output.title}: {output.media_type || "a file"}
        {output.digest !== "" && `, ${formatBytes(output.size_bytes)}`}
      </p>
      <AnchorButton
        href={outputDownloadPath(ws, step.id, output.port)}
        download
        icon={<Download size={14} aria-hidden="true" />}
      >
        Download
      </AnchorButton>
    </div>
  );
}
