import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { tagsToList } from "@/api/tags";
import type { DatasetSummary } from "@/api/types";
import { Avatar, userName } from "@/design/Avatar";
import { Button } from "@/design/Button";
import { type Column, DataTable } from "@/design/DataTable";
import { EmptyState } from "@/design/EmptyState";
import { SearchField, SwitchField } from "@/design/Field";
import { formatBytes, plural } from "@/design/format";
import { Num } from "@/design/Num";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusMark } from "@/design/StatusMark";
import { Tag } from "@/design/Tag";
import { Time } from "@/design/Time";
import styles from "./Data.module.css";
import imported from "./Import.module.css";
import { ImportSheet } from "./ImportSheet";
import type { DatasetsSearch } from "./search";
import { useFileDrop } from "./useFileDrop";

export function DatasetsPage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/data" });
  const search = useSearch({ from: "/signed-in/w/$ws/data" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.search ?? "");
  const [open, setOpen] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const [sort, setSort] = useState("-updated_at");
  const over = useFileDrop((dropped) => {
    setFile(dropped);
    setOpen(true);
  }, !open);

  const set = useCallback(
    (part: Partial<DatasetsSearch>, replace = false) =>
      void navigate({
        to: "/w/$ws/data",
        params: { ws },
        search: (before: DatasetsSearch) => {
          const next = { ...before, ...part };
          if (!next.search) delete next.search;
          if (!next.archived) delete next.archived;
          return next;
        },
        replace,
      }),
    [navigate, ws],
  );
  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== (search.search ?? "")) set({ search: typed }, true);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, search.search, set]);

  const list = useInfiniteQuery({
    ...datasetsQuery(ws, { search: search.search, archived: search.archived, sort }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.results) ?? [], [list.data]);
  const count = list.data?.pages[0]?.count;
  const columns = useMemo<Column<DatasetSummary>[]>(
    () => [
      {
        id: "name",
        title: "Name",
        width: 240,
        grow: true,
        sortKey: "name",
        render: (dataset) => (
          <>
            <Link
              to="/w/$ws/data/$dataset"
              params={{ ws, dataset: dataset.id }}
              search={{}}
              className={styles.name}
            >
              {dataset.name}
            </Link>
            {dataset.kind === "file" && <Tag>File</Tag>}
            {tagsToList(dataset.tags)
              .slice(0, 2)
              .map((tag) => (
                <Tag key={tag}>{tag}</Tag>
              ))}
          </>
        ),
      },
      {
        id: "status",
        title: "Status",
        width: 128,
        render: (dataset) => (
          <StatusMark status={dataset.status} label={dataset.status === "completed" ? "Ready" : undefined} />
        ),
      },
      {
        id: "version",
        title: "Version",
        width: 78,
        align: "end",
        render: (dataset) => <Num value={dataset.latest_version} />,
      },
      {
        id: "rows",
        title: "Rows",
        width: 104,
        align: "end",
        sortKey: "rows",
        render: (dataset) => <Num value={dataset.rows} />,
      },
      {
        id: "columns",
        title: "Columns",
        width: 84,
        align: "end",
        render: (dataset) => <Num value={dataset.columns} />,
      },
      {
        id: "size",
        title: "Size",
        width: 90,
        align: "end",
        sortKey: "size_bytes",
        render: (dataset) => formatBytes(dataset.size_bytes) || "–",
      },
      {
        id: "description",
        title: "Description",
        width: 240,
        grow: true,
        render: (dataset) => (
          <span className={styles.clip} title={dataset.description}>
            {dataset.description}
          </span>
        ),
      },
      {
        id: "who",
        title: "Who",
        width: 120,
        render: (dataset) => (
          <>
            <Avatar user={dataset.created_by} size={18} />
            <span className={styles.clip}>{userName(dataset.created_by)}</span>
          </>
        ),
      },
      {
        id: "updated",
        title: "Updated",
        width: 100,
        align: "end",
        sortKey: "updated_at",
        render: (dataset) => <Time at={dataset.updated_at} />,
      },
    ],
    [ws],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setOpen(true)}>
      New dataset
    </Button>
  );
  const filtered = Boolean(search.search || search.archived);
  return (
    <div className={styles.list}>
      <PageHeader title="Data" actions={add} />
      <p className={styles.clip}>
        {count === undefined
          ? "\u00a0"
          : `${plural(count, search.archived ? "archived dataset" : "dataset")}${search.search ? ` with ${search.search} in the name` : ""}. Drop a file anywhere to add one.`}
      </p>
      <div style={{ display: "grid", gridTemplateRows: "auto minmax(0, 1fr)", gap: 12, minHeight: 0 }}>
        <div className={styles.bar}>
          <div className={styles.search}>
            <SearchField
              placeholder="Search datasets"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
          <span className={styles.spacer} />
          <SwitchField
            label="Archived"
            checked={Boolean(search.archived)}
            onChange={(event) => set({ archived: event.currentTarget.checked || undefined })}
          />
        </div>
        {list.isPending ? (
          <SkeletonRows count={8} />
        ) : list.isError && !rows.length ? (
          <div>
            <ProblemCard problem={list.error} onRetry={() => list.refetch()} />
          </div>
        ) : rows.length ? (
          <div className={styles.table}>
            <DataTable
              label="Datasets"
              columns={columns}
              rows={rows}
              rowKey={(dataset) => dataset.id}
              sort={sort}
              onSort={setSort}
              onOpen={(dataset) =>
                void navigate({ to: "/w/$ws/data/$dataset", params: { ws, dataset: dataset.id }, search: {} })
              }
              onEnd={onEnd}
              loadingMore={isFetchingNextPage}
            />
          </div>
        ) : filtered ? (
          <EmptyState
            title={
              search.archived && !search.search
                ? "No archived datasets"
                : `No dataset has ${search.search} in its name`
            }
            action={
              <Button
                onClick={() => {
                  setTyped("");
                  set({ search: undefined, archived: undefined });
                }}
              >
                Show all datasets
              </Button>
            }
          />
        ) : (
          <EmptyState
            title="No datasets yet"
            why="Add a file once; every version is kept, profiled and ready for pipelines."
            action={add}
          />
        )}
      </div>
      {over && <div className={imported.over}>Drop to add a dataset</div>}
      {open && (
        <ImportSheet
          ws={ws}
          file={file}
          onClose={() => {
            setOpen(false);
            setFile(null);
          }}
          onCreated={(version) => {
            setOpen(false);
            setFile(null);
            void navigate({
              to: "/w/$ws/data/$dataset",
              params: { ws, dataset: version.dataset.id },
              search: {},
            });
          }}
        />
      )}
    </div>
  );
}
