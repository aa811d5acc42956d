import { useCallback } from "react";
import { fetchRunLog } from "@/api/runs";
import type { Run, Step } from "@/api/types";
import { EmptyState } from "@/design/EmptyState";
import { LogView } from "@/design/LogView";
import { isFinal } from "@/design/status";
import { subscribe } from "@/live/subscribe";
import { useDesigner } from "../state/store";

/** The log of the chosen step, else of the whole run, followed while it grows. */
export function LogsTab({
  run,
  step,
  title,
}: {
  run: Run | undefined;
  step: Step | undefined;
  title: string | null;
}) {
  const ws = useDesigner((state) => state.ws);
  const shown = step ?? run;
  const id = shown?.id ?? "";
  const fetchPage = useCallback(
    (offset: number, limit: number, signal: AbortSignal) => fetchRunLog(ws, id, offset, limit, signal),
    [ws, id],
  );
  const listen = useCallback(
    (fn: (chunk: { offset: number; text: string }) => void) =>
      subscribe("activity.logged", ({ payload }) => {
        if (payload.id === id) fn(payload);
      }),
    [id],
  );
  if (!shown) return <EmptyState tight title="No log yet" why="A log is written while a step runs." />;
  if (step?.reused_from)
    return (
      <EmptyState
        tight
        title="This step did not run"
        why={`Its result was reused from run ${step.reused_from.number}, and the log is there.`}
      />
    );
  return (
    <LogView
      key={id}
      id={id}
      label={`Log of ${title ?? `run ${run?.number}`}`}
      fetchPage={fetchPage}
      listen={listen}
      live={!isFinal(shown.status)}
    />
  );
}
