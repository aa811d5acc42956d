import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { datasetProfileQuery } from "@/api/datasets";
import type { ProfileColumn } from "@/api/types";
import { ColumnHistogram, TopValues } from "@/charts/ColumnHistogram";
import { DtypeIcon } from "@/charts/DtypeIcon";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { SearchField, SelectField } from "@/design/Field";
import { formatNumber, formatPercent, plural, sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { SkeletonRows } from "@/design/Skeleton";
import { Tag } from "@/design/Tag";
import { Time } from "@/design/Time";
import styles from "./Data.module.css";

const STEP = 60;
const ORDERS = [
  { value: "table", label: "Order of the table" },
  { value: "name", label: "Name" },
  { value: "missing", label: "Most missing" },
  { value: "unique", label: "Most unique" },
];

export function ProfileTab({ ws, id, version }: { ws: string; id: string; version: number }) {
  const answer = useQuery(datasetProfileQuery(ws, id, version));
  const [wanted, setWanted] = useState("");
  const [order, setOrder] = useState("table");
  const [shown, setShown] = useState(STEP);
  const profile = answer.data?.profile;
  const columns = useMemo(() => {
    const kept = (profile?.columns ?? []).filter((column) =>
      column.name.toLowerCase().includes(wanted.toLowerCase()),
    );
    if (order === "name") kept.sort((a, b) => a.name.localeCompare(b.name));
    if (order === "missing") kept.sort((a, b) => b.missing - a.missing);
    if (order === "unique") kept.sort((a, b) => (b.unique ?? 0) - (a.unique ?? 0));
    return kept;
  }, [profile, wanted, order]);
  if (answer.isError)
    return (
      <div className={styles.pad}>
        <ProblemCard problem={answer.error} onRetry={() => answer.refetch()} />
      </div>
    );
  if (answer.isPending)
    return (
      <div className={styles.pad}>
        <SkeletonRows count={8} />
      </div>
    );
  if (!profile) {
    const activity = answer.data.activity;
    return (
      <div className={styles.pad}>
        {activity?.failure ? (
          <ProblemCard problem={activity.failure} onRetry={() => answer.refetch()} />
        ) : (
          <EmptyState
            title="The profile is being made"
            why={
              activity?.phase ||
              "Each column is read once, outside the web process. It shows up here by itself."
            }
            action={
              <div style={{ width: 240 }}>
                <Progress value={activity?.progress} label="Making the profile" />
              </div>
            }
          />
        )}
      </div>
    );
  }
  return (
    <div className={styles.pad}>
      <div className={styles.toolbar}>
        <div className={styles.search}>
          <SearchField
            placeholder="Search columns"
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        </div>
        <div className={styles.version} style={{ width: 180 }}>
          <SelectField
            aria-label="Order"
            data={ORDERS}
            value={order}
            onChange={(value) => setOrder(value ?? "table")}
          />
        </div>
        <span>
          {plural(profile.row_count, "row")}, {plural(columns.length, "column")}. Computed{" "}
          <Time at={profile.computed_at} />
        </span>
      </div>
      <div className={styles.grid}>
        {columns.slice(0, shown).map((column) => (
          <ColumnCard key={column.name} column={column} rows={profile.row_count} />
        ))}
      </div>
      {columns.length > shown && (
        <div className={styles.more}>
          <Button onClick={() => setShown(shown + STEP)}>
            Show {Math.min(STEP, columns.length - shown)} more of {formatNumber(columns.length - shown)}
          </Button>
        </div>
      )}
      {!columns.length && <EmptyState tight title={`No column has ${wanted} in its name`} />}
    </div>
  );
}

const PICTURED: ReadonlySet<string> = new Set(["unique", "constant", "all_missing"]);

function ColumnCard({ column, rows }: { column: ProfileColumn; rows: number }) {
  const quartiles = column.quartiles ?? [];
  const stats: [string, string][] = [
    ["Values", formatNumber(column.count)],
    [
      "Missing",
      column.missing
        ? `${formatNumber(column.missing)} (${formatPercent(column.missing / Math.max(1, rows))})`
        : "0",
    ],
    ["Unique", `${column.unique_is_estimate ? "about " : ""}${formatNumber(column.unique)}`],
  ];
  const add = (name: string, value: number | string | null | undefined) => {
    if (value !== null && value !== undefined) stats.push([name, formatNumber(value)]);
  };
  add("SD", column.sd);
  add("Min", column.min);
  add("Max", column.max);
  add("25%", quartiles[0]);
  add("75%", quartiles[2]);
  add("Mean", column.mean);
  add("Median", quartiles[1]);
  // The picture says these already.
  const notes = column.notes.filter((note) => !PICTURED.has(note) || (note === "unique" && column.histogram));
  return (
    <section className={styles.column} aria-label={column.name}>
      <h2 className={styles.columnHead}>
        <DtypeIcon dtype={column.dtype} unique={column.notes.includes("unique")} size={14} />
        <span title={column.name}>{column.name}</span>
        <span style={{ color: "var(--text-3)", fontWeight: 400, fontSize: 12 }}>{column.dtype}</span>
      </h2>
      {notes.length > 0 && (
        <div style={{ display: "flex", gap: 4, flexWrap: "wrap" }}>
          {notes.map((note) => (
            <Tag key={note} tone={note === "unique" ? undefined : "warn"}>
              {sentence(note)}
            </Tag>
          ))}
        </div>
      )}
      <ColumnHistogram column={column} height={72} />
      <dl className={styles.stats}>
        {stats.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      {column.histogram && column.top && column.top.length > 0 && !column.notes.includes("unique") && (
        <TopValues column={column} limit={5} />
      )}
    </section>
  );
}
