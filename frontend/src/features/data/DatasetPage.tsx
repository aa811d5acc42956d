import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Download, Ellipsis, Pencil, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { archiveDataset, datasetDownloadPath, datasetQuery, restoreDataset } from "@/api/datasets";
import { keys } from "@/api/keys";
import { tagsToList } from "@/api/tags";
import type { DatasetVersion } from "@/api/types";
import { AnchorButton, Button, IconButton } from "@/design/Button";
import { Confirm } from "@/design/Dialog";
import { SelectField } from "@/design/Field";
import { formatBytes, formatNumber } from "@/design/format";
import { ActionMenu } from "@/design/Menu";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { TabPanel, Tabs } from "@/design/Tabs";
import { Tag } from "@/design/Tag";
import { Time } from "@/design/Time";
import styles from "./Data.module.css";
import { EditDataset } from "./EditDataset";
import { FilesTab } from "./FilesTab";
import { ImportSheet } from "./ImportSheet";
import { LineageTab } from "./LineageTab";
import { PreviewTab } from "./PreviewTab";
import { ProfileTab } from "./ProfileTab";
import type { DatasetSearch, DatasetTab } from "./search";
import { VersionsTab } from "./VersionsTab";

const TABS: { value: DatasetTab; label: string }[] = [
  { value: "preview", label: "Preview" },
  { value: "profile", label: "Profile" },
  { value: "versions", label: "Versions" },
  { value: "lineage", label: "Lineage" },
];

/** A file is not read: there is nothing to preview or to count. */
const FILE_TABS: typeof TABS = [
  { value: "preview", label: "Files" },
  ...TABS.filter(({ value }) => value === "versions" || value === "lineage"),
];

export function DatasetPage() {
  const { ws, dataset: id } = useParams({ from: "/signed-in/w/$ws/data/$dataset" });
  const search = useSearch({ from: "/signed-in/w/$ws/data/$dataset" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const dataset = useQuery(datasetQuery(ws, id));
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const [archiving, setArchiving] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.datasets(ws) });
  const archive = useMutation({
    mutationFn: () => archiveDataset(ws, id),
    onSuccess: async () => {
      setArchiving(false);
      await refresh();
    },
  });
  const restore = useMutation({ mutationFn: () => restoreDataset(ws, id), onSuccess: refresh });
  const set = (part: Partial<DatasetSearch>, replace = false) => {
    const next = { ...search, ...part };
    for (const key of Object.keys(next) as (keyof DatasetSearch)[]) if (!next[key]) delete next[key];
    void navigate({ to: "/w/$ws/data/$dataset", params: { ws, dataset: id }, search: next, replace });
  };
  const crumbs = [{ label: "Data", to: `/w/${ws}/data` }];
  if (dataset.isPending || !dataset.data)
    return (
      <div className={styles.pad}>
        <PageHeader crumbs={crumbs} title="Dataset" />
        {dataset.isError ? (
          <ProblemCard problem={dataset.error} onRetry={() => dataset.refetch()} />
        ) : (
          <SkeletonRows count={10} />
        )}
      </div>
    );
  const found = dataset.data;
  const versions = found.versions;
  const isFile = found.kind === "file";
  const tab = isFile && search.tab === "profile" ? "preview" : (search.tab ?? "preview");
  const latest = versions.find((version) => version.version === found.latest_version) ?? versions.at(0);
  const current = versions.find((version) => version.version === search.version) ?? latest;
  const ready = current?.status === "completed";
  return (
    <div className={styles.page}>
      <PageHeader
        crumbs={crumbs}
        title={found.name}
        actions={
          <>
            {current && ready && (
              <AnchorButton
                href={datasetDownloadPath(ws, id, current.version)}
                icon={<Download size={14} />}
                download
              >
                Download
              </AnchorButton>
            )}
            <ActionMenu
              opener={
                <IconButton label="More actions" variant="secondary">
                  <Ellipsis size={16} />
                </IconButton>
              }
              entries={[
                {
                  label: "Edit name, description and tags",
                  icon: <Pencil size={14} />,
                  onSelect: () => setEditing(true),
                },
                "divider",
                found.archived_at
                  ? { label: "Restore", icon: <ArchiveRestore size={14} />, onSelect: () => restore.mutate() }
                  : {
                      label: "Archive",
                      icon: <Archive size={14} />,
                      danger: true,
                      onSelect: () => setArchiving(true),
                    },
              ]}
            />
            <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
              New version
            </Button>
          </>
        }
      />
      <div className={styles.head}>
        <div className={styles.facts}>
          {versions.length > 0 && current && (
            <div className={styles.version}>
              <SelectField
                aria-label="Version"
                data={versions.map((version) => ({
                  value: String(version.version),
                  label: `Version ${version.version}${version.version === latest?.version ? ", latest" : ""}`,
                }))}
                value={String(current.version)}
                onChange={(value) =>
                  set({
                    version: Number(value) === latest?.version ? undefined : Number(value),
                    sort: undefined,
                  })
                }
              />
            </div>
          )}
          {current && ready && (
            <>
              {!isFile && (
                <>
                  <span>
                    <strong>{formatNumber(current.rows)}</strong> {current.rows === 1 ? "row" : "rows"}
                  </span>
                  <span>
                    <strong>{formatNumber(current.columns)}</strong>{" "}
                    {current.columns === 1 ? "column" : "columns"}
                  </span>
                </>
              )}
              <span>{formatBytes(current.size_bytes)}</span>
            </>
          )}
          {current && (
            <span>
              Made <Time at={current.created_at} />
            </span>
          )}
          {isFile && <Tag>File</Tag>}
          {found.archived_at && <Tag tone="warn">Archived</Tag>}
          {tagsToList(found.tags).map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </div>
        <div className={styles.describe}>
          <span>{found.description || "No description yet."}</span>
          {found.source_note && <span>Source: {found.source_note}</span>}
          {found.license && <span>License: {found.license}</span>}
          <Button size="compact" variant="quiet" icon={<Pencil size={12} />} onClick={() => setEditing(true)}>
            Edit
          </Button>
        </div>
        {current && <VersionNotice version={current} onNewVersion={() => setAdding(true)} />}
        {restore.isError && <ProblemCard problem={restore.error} />}
      </div>
      <div style={{ display: "grid", gridTemplateRows: "auto minmax(0, 1fr)", minHeight: 0 }}>
        <div className={styles.tabs}>
          <Tabs
            id="dataset"
            label={found.name}
            value={tab}
            items={(isFile ? FILE_TABS : TABS).map((item) =>
              item.value === "versions" ? { ...item, count: versions.length } : item,
            )}
            onChange={(value) => set({ tab: value === "preview" ? undefined : value })}
          />
        </div>
        <TabPanel
          id="dataset"
          value={tab}
          className={tab === "preview" && !isFile ? styles.fill : styles.body}
        >
          {tab === "versions" ? (
            <VersionsTab
              ws={ws}
              dataset={found}
              current={current?.version ?? null}
              onOpen={(version) =>
                set({ version: version === latest?.version ? undefined : version, tab: undefined })
              }
              onAdd={() => setAdding(true)}
            />
          ) : !current || !ready ? (
            <div className={styles.pad}>
              <NotReady version={current} />
            </div>
          ) : tab === "preview" && isFile ? (
            <FilesTab ws={ws} id={id} version={current.version} />
          ) : tab === "preview" ? (
            <PreviewTab
              key={current.version}
              ws={ws}
              id={id}
              version={current}
              sort={search.sort}
              search={search.search}
              onView={(view) => set(view, true)}
            />
          ) : tab === "profile" ? (
            <ProfileTab ws={ws} id={id} version={current.version} />
          ) : (
            <LineageTab ws={ws} id={id} version={current.version} />
          )}
        </TabPanel>
      </div>
      {editing && <EditDataset ws={ws} dataset={found} onClose={() => setEditing(false)} />}
      {adding && (
        <ImportSheet
          ws={ws}
          dataset={{ id, name: found.name, kind: found.kind }}
          onClose={() => setAdding(false)}
          onCreated={() => {
            setAdding(false);
            set({ tab: "versions", version: undefined });
          }}
        />
      )}
      <Confirm
        opened={archiving}
        onClose={() => setArchiving(false)}
        title={`Archive dataset ${found.name}?`}
        text="It leaves the lists and can no longer be chosen. Pipelines that use it keep working, and it can be restored."
        verb="Archive"
        danger
        busy={archive.isPending}
        problem={archive.error}
        onConfirm={() => archive.mutate()}
      />
    </div>
  );
}

function VersionNotice({ version, onNewVersion }: { version: DatasetVersion; onNewVersion: () => void }) {
  if (version.status === "failed" && version.activity.failure)
    return (
      <ProblemCard
        problem={version.activity.failure}
        actions={
          <Button size="compact" onClick={onNewVersion}>
            Upload again
          </Button>
        }
      />
    );
  if (!isFinal(version.status))
    return (
      <div className={styles.making} role="status">
        <StatusGlyph status={version.status} progress={version.activity.progress} size={17} />
        <span>
          Version {version.version}:{" "}
          {version.activity.phase || version.activity.wait_reason || statusWord(version.status)}
        </span>
        <Progress value={version.activity.progress} label={`Making version ${version.version}`} />
      </div>
    );
  if (version.drifted)
    return (
      <div className={styles.warn} role="alert">
        <TriangleAlert size={16} aria-hidden="true" />
        <div>
          <strong>The source has changed since this version was made.</strong>
          <p>
            Its fingerprint was <code>{version.drifted.expected.slice(0, 12)}</code> and is now{" "}
            <code>{version.drifted.found.slice(0, 12)}</code>. Runs keep using the table as it was read; make
            a new version to take the change in.
          </p>
        </div>
      </div>
    );
  return null;
}

function NotReady({ version }: { version: DatasetVersion | undefined }) {
  if (!version) return <p>This dataset has no version yet.</p>;
  if (version.status === "failed")
    return (
      <p style={{ color: "var(--text-2)" }}>
        Version {version.version} could not be read; the reason is above.
      </p>
    );
  if (version.status === "canceled")
    return (
      <p style={{ color: "var(--text-2)" }}>Version {version.version} was canceled before it was read.</p>
    );
  return <SkeletonRows count={10} />;
}
