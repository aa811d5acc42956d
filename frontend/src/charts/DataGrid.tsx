import { useQueries } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import type { TableView } from "@/api/datasets";
import type { Cell, Dtype, Profile, ProfileColumn, TablePage } from "@/api/types";
import { announce } from "@/design/announce";
import { copyText } from "@/design/copy";
import { EmptyState } from "@/design/EmptyState";
import { SearchField, SelectField } from "@/design/Field";
import { formatNumber, formatPercent, plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { ColumnHistogram } from "./ColumnHistogram";
import styles from "./DataGrid.module.css";
import { DtypeIcon } from "./DtypeIcon";

export interface GridSort {
  column: string;
  direction: "asc" | "desc";
}

export interface DataGridProps {
  /** The accessible name. */
  label: string;
  /** Identity of the table in the query cache: its pages hang below this key. */
  queryKey: readonly unknown[];
  fetchPage: (view: TableView & { offset: number; limit: number }, signal: AbortSignal) => Promise<TablePage>;
  profile?: Profile | null;
  /** Controlled order and search, for a page whose address holds them. */
  sort?: GridSort | null;
  onSort?: (sort: GridSort | null) => void;
  search?: string;
  onSearch?: (search: string) => void;
  /** Without the bar above: the dock has its own. */
  bare?: boolean;
  /** Takes the element that scrolls, for tables that scroll together. */
  scroller?: (element: HTMLDivElement | null) => void;
}

const PAGE = 100;
const ROW = 27;
const INDEX = 56;
/** Browsers stop at about 33 million pixels; a longer table scrolls in larger steps. */
const TALLEST = 12_000_000;
const NUMERIC: ReadonlySet<Dtype> = new Set(["integer", "float"]);

function cellText(value: Cell, dtype: Dtype, decimals: number | undefined, plain: boolean): string {
  if (value === null) return "missing";
  if (plain) return String(value);
  if (NUMERIC.has(dtype)) {
    if (dtype === "float" && typeof value === "number" && decimals !== undefined)
      return formatNumber(value, { decimals });
    return formatNumber(value as number | string, { digits: 6 });
  }
  if (dtype === "datetime" && typeof value === "string") return value.replace("T", " ");
  return String(value);
}

/** Years and codes: four digits throughout, which no one reads in groups. */
function isPlain(column: ProfileColumn | undefined): boolean {
  if (column?.dtype !== "integer") return false;
  return (
    typeof column.min === "number" &&
    typeof column.max === "number" &&
    column.min >= 1000 &&
    column.max <= 9999
  );
}

/** Decimals that fit what a page shows, so that a column's points line up. */
function decimalsOf(rows: Cell[][], column: number): number | undefined {
  let most = 0;
  for (const row of rows.slice(0, 40)) {
    const value = row[column];
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e9)) return undefined;
    most = Math.max(most, /\.(\d+)/.exec(String(value))?.[1]?.length ?? 0);
  }
  return Math.min(most, 4);
}

function widthOf(name: string, dtype: Dtype): number {
  const base = NUMERIC.has(dtype) ? 132 : dtype === "datetime" ? 168 : dtype === "boolean" ? 108 : 140;
  return Math.min(240, Math.max(base, 52 + name.length * 7.2));
}

/** `count` counts values; missing ones come on top. */
function missingShare(profile: { count: number; missing: number }): number {
  return profile.missing / Math.max(1, profile.count + profile.missing);
}

/** A table of any size: virtual rows and columns, pages and order from the server, a picture of each column. */
export function DataGrid({ label, queryKey, fetchPage, profile, bare, scroller, ...view }: DataGridProps) {
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ top: 0, left: 0, width: 900, height: 480 });
  const [ownSort, setOwnSort] = useState<GridSort | null>(null);
  const [ownSearch, setOwnSearch] = useState("");
  const sort = view.onSort ? (view.sort ?? null) : ownSort;
  const setSort = view.onSort ?? setOwnSort;
  const search = view.onSearch ? (view.search ?? "") : ownSearch;
  const [typed, setTyped] = useState(search);
  const setSearch = view.onSearch ?? setOwnSearch;
  const [active, setActive] = useState<{ row: number; column: number } | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== search) setSearch(typed);
    }, 300);
    return () => clearTimeout(timer);
  }, [typed, search, setSearch]);

  useEffect(() => {
    const element = scroll.current;
    if (!element) return;
    const measure = () =>
      setBox({
        top: element.scrollTop,
        left: element.scrollLeft,
        width: element.clientWidth,
        height: element.clientHeight,
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    let frame = 0;
    const scrolled = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", scrolled);
    };
  }, []);

  // The last first page stays while another order or search is fetched.
  const [known, setKnown] = useState<TablePage | null>(null);
  const headHeight = profile ? 84 : 34;
  const total = known?.total_rows ?? 0;
  const full = total * ROW;
  const tall = Math.min(full, TALLEST);
  const inner = Math.max(1, box.height - headHeight);
  const factor = full > TALLEST ? (full - inner) / (TALLEST - inner) : 1;
  const offset = box.top * factor;
  const firstRow = Math.max(0, Math.floor(offset / ROW) - 6);
  const lastRow = Math.min(Math.max(0, total - 1), Math.ceil((offset + inner) / ROW) + 6);

  // Pages are asked for where the scrolling rests, not for each it passes.
  const wanted = useDeferredValue(`${Math.floor(firstRow / PAGE)}-${Math.floor(lastRow / PAGE)}`);
  const [fromPage = 0, toPage = 0] = wanted.split("-").map(Number);
  const pages = useMemo(() => {
    const all = new Set([0]);
    for (let page = fromPage; page <= toPage; page += 1) all.add(page);
    return [...all];
  }, [fromPage, toPage]);
  const request = { sort: sort?.column, direction: sort?.direction, search: search || undefined };
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKey, "page", request, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        fetchPage({ ...request, offset: page * PAGE, limit: PAGE }, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
    })),
  });
  const byPage = new Map(pages.map((page, i) => [page, results[i]?.data]));
  const first = byPage.get(0);
  if (first && first !== known) setKnown(first);
  const table = first ?? known;
  const failure = results.find((result) => result.isError);

  const columns = useMemo(() => {
    const profiles = new Map(profile?.columns.map((column) => [column.name, column]));
    let left = INDEX;
    return (table?.columns ?? []).map((column, i) => {
      const width = widthOf(column.name, column.dtype);
      const placed = { ...column, index: i, left, width, profile: profiles.get(column.name) };
      left += width;
      return placed;
    });
  }, [table?.columns, profile]);
  const decimals = useMemo(
    () =>
      columns.map((column) =>
        column.dtype === "float" ? decimalsOf(table?.rows ?? [], column.index) : undefined,
      ),
    [columns, table?.rows],
  );
  const wide = (columns.at(-1)?.left ?? INDEX) + (columns.at(-1)?.width ?? 0);
  const visible = columns.filter(
    (column) => column.left + column.width > box.left - 200 && column.left < box.left + box.width + 200,
  );

  const cell = (row: number, column: number): Cell | undefined =>
    byPage.get(Math.floor(row / PAGE))?.rows[row % PAGE]?.[column];

  const reveal = useCallback(
    (row: number, column: number) => {
      const element = scroll.current;
      const place = columns[column];
      if (!element || !place) return;
      const y = (row * ROW) / factor;
      const shown = element.clientHeight - headHeight;
      if (y < element.scrollTop) element.scrollTop = y;
      else if (y + ROW > element.scrollTop + shown) element.scrollTop = y + ROW - shown;
      if (place.left - INDEX < element.scrollLeft) element.scrollLeft = place.left - INDEX;
      else if (place.left + place.width > element.scrollLeft + element.clientWidth)
        element.scrollLeft = place.left + place.width - element.clientWidth;
    },
    [columns, factor, headHeight],
  );
  const onKey = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement) !== scroll.current) return;
    const at = active ?? { row: Math.max(0, Math.floor(offset / ROW)), column: 0 };
    if ((event.ctrlKey || event.metaKey) && event.key === "c" && active) {
      const value = cell(active.row, active.column);
      if (value !== undefined && !getSelection()?.toString())
        void copyText(value === null ? "" : String(value));
      return;
    }
    const per = Math.max(1, Math.floor(inner / ROW) - 1);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [per, 0],
      PageUp: [-per, 0],
      Home: [0, -columns.length],
      End: [0, columns.length],
    };
    const move = moves[event.key];
    if (!move || !columns.length || !total) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(total - 1, active ? at.row + move[0] : at.row));
    const column = Math.max(0, Math.min(columns.length - 1, active ? at.column + move[1] : at.column));
    setActive({ row, column });
    reveal(row, column);
  };
  const orderBy = (column: string) => {
    const next: GridSort | null =
      sort?.column !== column
        ? { column, direction: "asc" }
        : sort.direction === "asc"
          ? { column, direction: "desc" }
          : null;
    setSort(next);
    announce(
      next
        ? `Sorted by ${column}, ${next.direction === "asc" ? "ascending" : "descending"}`
        : "In the table's own order",
    );
  };

  const rows: number[] = [];
  for (let row = firstRow; row <= lastRow && row < total; row += 1) rows.push(row);
  return (
    <section
      className={styles.frame}
      style={bare ? { gridTemplateRows: "minmax(0, 1fr)" } : undefined}
      aria-label={label}
    >
      {!bare && (
        <div className={styles.bar}>
          <div className={styles.search}>
            <SearchField
              placeholder="Search rows"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
          {columns.length > 6 && (
            <div className={styles.jump}>
              <SelectField
                aria-label="Go to column"
                placeholder="Go to column"
                searchable
                limit={300}
                nothingFoundMessage="No column has this name."
                data={[...new Set(columns.map((column) => column.name))]}
                value={null}
                onChange={(name) => {
                  const found = columns.find((column) => column.name === name);
                  if (found && scroll.current) scroll.current.scrollLeft = found.left - INDEX;
                }}
              />
            </div>
          )}
          <span className={styles.spacer} />
          {table && (
            <span className={styles.note} role="status">
              {plural(table.total_rows, "row")}
              {search ? ` with ${search}` : ""} · {plural(table.total_columns, "column")}
            </span>
          )}
        </div>
      )}
      <div
        ref={(element) => {
          scroll.current = element;
          scroller?.(element);
        }}
        className={styles.scroll}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-busy={!table}
        aria-activedescendant={active ? `${id}-${active.row}-${active.column}` : undefined}
        onKeyDown={onKey}
      >
        {failure && !table ? (
          <div className={styles.problem}>
            <ProblemCard problem={failure.error} onRetry={() => failure.refetch()} />
          </div>
        ) : (
          <div
            className={styles.canvas}
            style={{ width: wide, height: headHeight + Math.max(tall, table ? 0 : 10 * ROW) }}
          >
            <div role="rowgroup" className={styles.head} style={{ height: headHeight, width: wide }}>
              <div role="row" aria-rowindex={1} style={{ height: "100%" }}>
                <div role="columnheader" className={styles.corner} style={{ width: INDEX }}>
                  <span className="visually-hidden">Row</span>
                </div>
                {visible.map((column) => {
                  const sorted = sort?.column === column.name ? sort.direction : null;
                  const missing = column.profile ? missingShare(column.profile) : 0;
                  return (
                    <div
                      key={column.index}
                      role="columnheader"
                      aria-colindex={column.index + 2}
                      aria-sort={
                        sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined
                      }
                      className={styles.headCell}
                      style={{ left: column.left, width: column.width }}
                    >
                      <button
                        type="button"
                        className={styles.name}
                        title={`${column.name}, ${column.dtype}${column.role ? `, ${column.role}` : ""}. Sort`}
                        onClick={() => orderBy(column.name)}
                      >
                        <DtypeIcon dtype={column.dtype} unique={column.profile?.notes.includes("unique")} />
                        <span className={styles.label}>{column.name}</span>
                        {sorted &&
                          (sorted === "asc" ? (
                            <ArrowUp size={12} aria-hidden="true" />
                          ) : (
                            <ArrowDown size={12} aria-hidden="true" />
                          ))}
                        {column.role && <span className={styles.role}>{column.role}</span>}
                        {missing > 0 && (
                          <span
                            className={styles.missing}
                            title={`${plural(column.profile?.missing ?? 0, "missing value")}`}
                          >
                            {formatPercent(missing)}
                          </span>
                        )}
                      </button>
                      {column.profile && <ColumnHistogram column={column.profile} />}
                    </div>
                  );
                })}
              </div>
            </div>
            <div role="rowgroup">
              {(table ? rows : Array.from({ length: 10 }, (_, i) => i)).map((row) => (
                <div
                  key={row}
                  role="row"
                  aria-rowindex={row + 2}
                  className={styles.row}
                  style={{
                    top: headHeight + box.top + row * ROW - offset,
                    height: ROW,
                    width: wide,
                    lineHeight: `${ROW - 1}px`,
                  }}
                >
                  <span role="rowheader" className={styles.index} style={{ width: INDEX, height: ROW }}>
                    {formatNumber(row + 1)}
                  </span>
                  {visible.map((column) => {
                    const value = cell(row, column.index);
                    const text =
                      value === undefined
                        ? ""
                        : cellText(value, column.dtype, decimals[column.index], isPlain(column.profile));
                    return (
                      // biome-ignore lint/a11y/useKeyWithClickEvents: arrows move the active cell
                      <div
                        key={column.index}
                        id={`${id}-${row}-${column.index}`}
                        role="gridcell"
                        aria-colindex={column.index + 2}
                        className={styles.cell}
                        style={{ left: column.left, width: column.width, height: ROW }}
                        data-number={NUMERIC.has(column.dtype)}
                        data-missing={value === null}
                        data-loading={value === undefined}
                        data-active={active?.row === row && active.column === column.index}
                        title={text.length > 16 ? String(value).slice(0, 2000) : undefined}
                        onClick={() => setActive({ row, column: column.index })}
                      >
                        {text}
                      </div>
                    );
                  })}
                </div>
              ))}
            </div>
          </div>
        )}
        {failure && table && (
          <div className={styles.problem} style={{ position: "sticky", bottom: 0 }}>
            <ProblemCard problem={failure.error} onRetry={() => failure.refetch()} />
          </div>
        )}
        {table && total === 0 && (
          <div style={{ position: "sticky", left: 0, width: box.width }}>
            <EmptyState
              tight
              title={search ? `No row has ${search}` : "The table has no rows"}
              why={search ? "Search looks at every column, as text." : "Its columns are above."}
            />
          </div>
        )}
      </div>
    </section>
  );
}
