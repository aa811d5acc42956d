import { Plus } from "lucide-react";
import { datasetDownloadPath } from "@/api/datasets";
import type { Dataset, DatasetVersion, TableSchema } from "@/api/types";
import { userName } from "@/design/Avatar";
import { AnchorButton, Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { formatBytes, formatNumber, plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { StatusMark } from "@/design/StatusMark";
import { isFinal } from "@/design/status";
import { Tag } from "@/design/Tag";
import { Time } from "@/design/Time";
import styles from "./Data.module.css";
import { schemaChange } from "./schemaChange";

export function VersionsTab({
  ws,
  dataset,
  current,
  onOpen,
  onAdd,
}: {
  ws: string;
  dataset: Dataset;
  current: number | null;
  onOpen: (version: number) => void;
  onAdd: () => void;
}) {
  const versions = [...dataset.versions].sort((a, b) => b.version - a.version);
  if (!versions.length)
    return (
      <EmptyState
        title="No versions"
        why="A version is one reading of the source. It never changes, so a run can always be repeated."
        action={
          <Button variant="primary" icon={<Plus size={15} />} onClick={onAdd}>
            New version
          </Button>
        }
      />
    );
  return (
    <ul className={`${styles.versions} ${styles.pad}`} aria-label="Versions">
      {versions.map((version, i) => (
        <Row
          key={version.id}
          ws={ws}
          version={version}
          before={versions[i + 1]?.schema ?? null}
          shown={version.version === current}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

function Row({
  ws,
  version,
  before,
  shown,
  onOpen,
}: {
  ws: string;
  version: DatasetVersion;
  before: TableSchema | null;
  shown: boolean;
  onOpen: (version: number) => void;
}) {
  const ready = version.status === "completed";
  const change = version.schema && before ? schemaChange(before, version.schema) : [];
  const source = version.source.file_name ?? version.source.path ?? version.source.kind;
  return (
    <li className={styles.row}>
      <StatusMark status={version.status} compact />
      <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
        <strong style={{ fontWeight: 600 }}>Version {version.version}</strong>
        {shown && <Tag>Shown</Tag>}
        {version.drifted && <Tag tone="warn">Source changed</Tag>}
      </span>
      {ready ? (
        <AnchorButton
          size="compact"
          variant="quiet"
          href={datasetDownloadPath(ws, version.dataset.id, version.version)}
          download
        >
          Download
        </AnchorButton>
      ) : (
        <span />
      )}
      <Button
        size="compact"
        disabled={!ready}
        onClick={() => onOpen(version.version)}
        aria-label={`Open version ${version.version}`}
      >
        Open
      </Button>
      <small>
        {ready && (
          <span>
            {plural(version.rows ?? 0, "row")}, {formatNumber(version.columns)} columns,{" "}
            {formatBytes(version.size_bytes)}
          </span>
        )}
        <span>
          {userName(version.created_by)}, <Time at={version.created_at} />
        </span>
        {typeof source === "string" && <span>{source}</span>}
        {version.fingerprint && (
          <code title={`Content fingerprint ${version.fingerprint}`}>{version.fingerprint.slice(0, 12)}</code>
        )}
        {change.length > 0 && (
          <span title={change.join("\n")}>
            {change.length === 1 ? change[0] : `${change.length} changes of columns`}
          </span>
        )}
      </small>
      {!isFinal(version.status) && (
        <div className={styles.full}>
          <Progress value={version.activity.progress} label={`Making version ${version.version}`} />
        </div>
      )}
      {version.status === "failed" && version.activity.failure && (
        <div className={styles.full}>
          <ProblemCard problem={version.activity.failure} />
        </div>
      )}
    </li>
  );
}
