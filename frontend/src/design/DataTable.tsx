import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { classes } from "./classes";
import styles from "./DataTable.module.css";
import { useStored } from "./useStored";

export interface Column<Row> {
  id: string;
  title: string;
  /** What the head shows when it is not the title. */
  head?: ReactNode;
  width: number;
  /** Takes what is left of the line. */
  grow?: boolean;
  align?: "start" | "end";
  /** The name the server sorts by. */
  sortKey?: string;
  render: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  /** The accessible name; also the key of remembered widths. */
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Server order: `name` or `-name`. */
  sort?: string;
  onSort?: (sort: string) => void;
  onOpen?: (row: Row) => void;
  /** Called when the end comes near. */
  onEnd?: () => void;
  loadingMore?: boolean;
  rowHeight?: number;
  /** Grows with its rows instead of filling its parent. */
  inline?: boolean;
}

/** A table of objects: virtual rows, server order, columns that can be widened. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  onOpen,
  onEnd,
  loadingMore,
  rowHeight = 32,
  inline,
}: DataTableProps<Row>) {
  const scroll = useRef<HTMLDivElement>(null);
  const [widths, setWidths] = useStored<Record<string, number>>(`columns-${label}`, {});
  const [drag, setDrag] = useState<{ id: string; width: number } | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: !inline,
  });
  const items = inline
    ? rows.map((_, index) => ({ index, start: index * rowHeight }))
    : virtual.getVirtualItems().map(({ index, start }) => ({ index, start }));
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);

  const widthOf = (column: Column<Row>) =>
    drag?.id === column.id ? drag.width : (widths[column.id] ?? column.width);
  const styleOf = (column: Column<Row>): CSSProperties => {
    const width = widthOf(column);
    return column.grow && widths[column.id] === undefined && drag?.id !== column.id
      ? { width, flex: `1 0 ${width}px` }
      : { width };
  };
  const resize = (column: Column<Row>) => (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    const from = event.clientX;
    const before = handle.parentElement?.getBoundingClientRect().width ?? column.width;
    let width = before;
    handle.setPointerCapture(event.pointerId);
    const moved = (now: globalThis.PointerEvent) => {
      width = Math.max(56, Math.round(before + now.clientX - from));
      setDrag({ id: column.id, width });
    };
    const done = () => {
      handle.removeEventListener("pointermove", moved);
      handle.removeEventListener("lostpointercapture", done);
      setDrag(null);
      setWidths({ ...widths, [column.id]: width });
    };
    handle.addEventListener("pointermove", moved);
    handle.addEventListener("lostpointercapture", done);
  };
  const onRowKey = (row: Row) => (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(row);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.target === event.currentTarget) {
      event.preventDefault();
      const sibling =
        step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
      (sibling as HTMLElement | null)?.focus();
    }
  };
  const sortKey = sort?.replace(/^-/, "");
  const descending = sort?.startsWith("-");
  return (
    <div ref={scroll} className={styles.scroll} style={inline ? { height: "auto" } : undefined}>
      <div className={styles.table} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" style={{ position: "sticky", top: 0, zIndex: 2 }}>
          <div role="row" className={styles.head} aria-rowindex={1}>
            {columns.map((column) => {
              const sorted = column.sortKey !== undefined && column.sortKey === sortKey;
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  className={classes(styles.headCell, column.align === "end" && styles.end)}
                  style={styleOf(column)}
                  aria-sort={sorted ? (descending ? "descending" : "ascending") : undefined}
                >
                  {column.sortKey && onSort ? (
                    <button
                      type="button"
                      className={classes(styles.sort, sorted && styles.sorted)}
                      title={column.title}
                      onClick={() =>
                        onSort(sorted && !descending ? `-${column.sortKey}` : (column.sortKey ?? ""))
                      }
                    >
                      <span className={styles.label}>{column.head ?? column.title}</span>
                      {sorted &&
                        (descending ? (
                          <ArrowDown size={13} aria-hidden="true" />
                        ) : (
                          <ArrowUp size={13} aria-hidden="true" />
                        ))}
                    </button>
                  ) : (
                    <span className={styles.label} title={column.title}>
                      {column.head ?? column.title}
                    </span>
                  )}
                  <span className={styles.handle} aria-hidden="true" onPointerDown={resize(column)} />
                </div>
              );
            })}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          style={{ height: inline ? rows.length * rowHeight : virtual.getTotalSize() }}
        >
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={rowKey(row)}
                role="row"
                aria-rowindex={index + 2}
                tabIndex={onOpen ? 0 : undefined}
                data-link={Boolean(onOpen)}
                className={styles.row}
                style={{ top: start, height: rowHeight }}
                onClick={(event) => {
                  // Buttons, links and menus inside the row do their own work.
                  if ((event.target as HTMLElement).closest("a,button,input,label,[role=menuitem]")) return;
                  onOpen?.(row);
                }}
                onKeyDown={onRowKey(row)}
              >
                {columns.map((column) => (
                  <div
                    key={column.id}
                    role="cell"
                    className={classes(styles.cell, column.align === "end" && styles.end)}
                    style={styleOf(column)}
                  >
                    {column.render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {loadingMore && <p className={styles.more}>Loading more</p>}
    </div>
  );
}
