import { FileCheck2, FileUp, Pause, Play, X } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "@/design/Button";
import { formatBytes, formatDuration, formatPercent } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import styles from "./Import.module.css";
import type { Uploader } from "./Uploader";
import type { UploadState } from "./uploadMachine";

/** Time left from the speed since sending began. */
function useRest(upload: UploadState): string {
  const from = useRef<{ at: number; offset: number } | null>(null);
  if (upload.phase !== "sending") {
    from.current = null;
    return "";
  }
  from.current ??= { at: Date.now(), offset: upload.offset };
  const seconds = (Date.now() - from.current.at) / 1000;
  const speed = (upload.offset - from.current.offset) / seconds;
  if (seconds < 2 || speed <= 0) return "";
  return `${formatBytes(speed)}/s, ${formatDuration((upload.size - upload.offset) / speed)} left`;
}

export function UploadProgress({
  uploader,
  upload,
  onCancel,
}: {
  uploader: Uploader;
  upload: UploadState;
  onCancel: () => void;
}) {
  const rest = useRest(upload);
  const done = upload.phase === "complete";
  const share = upload.size ? upload.offset / upload.size : done ? 1 : 0;
  const word = {
    creating: "Starting",
    sending: `${formatBytes(upload.offset)} of ${formatBytes(upload.size)}, ${formatPercent(share)}${rest ? `. ${rest}` : ""}`,
    paused: `Paused at ${formatPercent(share)}`,
    waiting: "The connection was lost. Trying again",
    complete: formatBytes(upload.size),
    failed: `Stopped at ${formatPercent(share)}`,
    canceled: "Canceled",
  }[upload.phase];
  const Icon = done ? FileCheck2 : FileUp;
  return (
    <>
      <div className={styles.file}>
        <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
        <span className={styles.fileName} title={uploader.file.name}>
          {uploader.file.name}
        </span>
        <span className={styles.fileMeta} role="status">
          {word}
        </span>
        <span className={styles.fileTools}>
          {(upload.phase === "sending" || upload.phase === "waiting") && (
            <IconButton label="Pause upload" size="compact" onClick={() => uploader.pause()}>
              <Pause size={14} />
            </IconButton>
          )}
          {(upload.phase === "paused" || upload.phase === "failed" || upload.phase === "waiting") && (
            <IconButton label="Resume upload" size="compact" onClick={() => uploader.resume()}>
              <Play size={14} />
            </IconButton>
          )}
          <IconButton
            label={done ? "Choose another file" : "Cancel upload"}
            size="compact"
            onClick={onCancel}
          >
            <X size={15} />
          </IconButton>
        </span>
        {!done && (
          <span className={styles.fileBar}>
            <Progress
              value={share}
              label={`Upload of ${uploader.file.name}`}
              tone={upload.phase === "failed" ? "fail" : upload.phase === "paused" ? "queued" : "running"}
            />
          </span>
        )}
      </div>
      {upload.phase === "failed" && upload.problem && (
        <ProblemCard problem={upload.problem} onRetry={() => uploader.resume()} />
      )}
    </>
  );
}
