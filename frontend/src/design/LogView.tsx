import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, ChevronDown, ChevronUp, CircleAlert, Copy } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { parseAnsi, stripAnsi } from "./ansi";
import { Button, IconButton } from "./Button";
import { copyText } from "./copy";
import { EmptyState } from "./EmptyState";
import { SearchField } from "./Field";
import { formatBytes, formatNumber } from "./format";
import styles from "./LogView.module.css";
import { ProblemCard } from "./ProblemCard";
import { SkeletonRows } from "./Skeleton";
import { type LogSource, useLog } from "./useLog";

export type { LogSource } from "./useLog";

/** A log: virtual lines, follow, search, jump to the first error, terminal colors read. */
export function LogView(props: LogSource & { label?: string }) {
  const log = useLog(props);
  const scroll = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const [query, setQuery] = useState("");
  const [hit, setHit] = useState(0);
  const [pendingError, setPendingError] = useState(false);
  const [marked, setMarked] = useState<number | null>(null);

  const lines = useMemo(() => {
    const all = log.text.split("\n");
    if (all.at(-1) === "") all.pop();
    return all;
  }, [log.text]);
  const hits = useMemo(() => {
    if (!query) return [];
    const wanted = query.toLowerCase();
    return lines.flatMap((line, i) => (stripAnsi(line).toLowerCase().includes(wanted) ? [i] : []));
  }, [lines, query]);
  const hitSet = useMemo(() => new Set(hits), [hits]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 18,
    overscan: 30,
  });

  useEffect(() => {
    if (follow && lines.length) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtual]);

  const goTo = useCallback(
    (line: number) => {
      setFollow(false);
      virtual.scrollToIndex(line, { align: "center" });
    },
    [virtual],
  );
  const step = (by: number) => {
    if (!hits.length) return;
    const next = (hit + by + hits.length) % hits.length;
    setHit(next);
    goTo(hits[next] ?? 0);
  };
  const showError = useCallback(() => {
    if (!log.firstError) return;
    if (log.start > 0) {
      setPendingError(true);
      void log.readAll();
      return;
    }
    const line = Math.max(0, Math.min(lines.length - 1, log.firstError.line - 1));
    setMarked(line);
    goTo(line);
  }, [log, lines.length, goTo]);
  useEffect(() => {
    if (pendingError && log.start === 0 && !log.loading) {
      setPendingError(false);
      showError();
    }
  }, [pendingError, log.start, log.loading, showError]);

  if (log.loading && !log.text)
    return (
      <div style={{ padding: 12 }}>
        <SkeletonRows count={6} height={18} />
      </div>
    );
  if (log.problem && !log.text)
    return (
      <div style={{ padding: 12 }}>
        <ProblemCard problem={log.problem} onRetry={() => void log.retry()} />
      </div>
    );
  if (!lines.length)
    return (
      <EmptyState
        tight
        title={props.live ? "Nothing has been written yet" : "The log is empty"}
        why={props.live ? "Lines appear here as they are written." : undefined}
      />
    );
  return (
    <section className={styles.view} aria-label={props.label ?? "Log"}>
      <div className={styles.bar}>
        <div className={styles.search}>
          <SearchField
            placeholder="Search log"
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              setHit(0);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              step(event.shiftKey ? -1 : hit === 0 && follow ? 0 : 1);
            }}
          />
        </div>
        {query && (
          <>
            <span className={styles.count} role="status">
              {hits.length ? `${hit + 1} of ${formatNumber(hits.length)}` : "No match"}
            </span>
            <IconButton
              label="Previous match"
              size="compact"
              disabled={!hits.length}
              onClick={() => step(-1)}
            >
              <ChevronUp size={14} />
            </IconButton>
            <IconButton label="Next match" size="compact" disabled={!hits.length} onClick={() => step(1)}>
              <ChevronDown size={14} />
            </IconButton>
          </>
        )}
        <span className={styles.spacer} />
        {log.firstError && (
          <Button
            size="compact"
            variant="quiet"
            icon={<CircleAlert size={14} className={styles.error} />}
            onClick={showError}
          >
            First error
          </Button>
        )}
        {log.start > 0 && (
          <Button size="compact" variant="quiet" busy={log.loading} onClick={() => void log.readAll()}>
            Load all {formatBytes(log.size)}
          </Button>
        )}
        <span className={styles.count}>{formatNumber(lines.length)} lines</span>
        <IconButton
          label="Copy log"
          size="compact"
          onClick={() => void copyText(lines.map(stripAnsi).join("\n"), "Log copied")}
        >
          <Copy size={14} />
        </IconButton>
        <Button
          size="compact"
          variant="quiet"
          aria-pressed={follow}
          icon={<ArrowDownToLine size={14} />}
          onClick={() => setFollow(!follow)}
        >
          Follow
        </Button>
      </div>
      <div
        ref={scroll}
        className={styles.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={props.label ?? "Log lines"}
        onWheel={(event) => {
          if (event.deltaY < 0) setFollow(false);
        }}
        onKeyDown={(event) => {
          if (event.key === "PageUp" || event.key === "ArrowUp" || event.key === "Home") setFollow(false);
        }}
      >
        <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              className={styles.line}
              style={{ top: start }}
              data-hit={hitSet.has(index)}
              data-current={hits[hit] === index}
              data-error={marked === index}
            >
              <span className={styles.number} aria-hidden="true">
                {log.start === 0 ? index + 1 : "·"}
              </span>
              {parseAnsi(lines[index] ?? "").map((span, i) => (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: spans of a written line never move
                  key={i}
                  style={{
                    color: span.color,
                    fontWeight: span.bold ? 600 : undefined,
                    opacity: span.dim ? 0.7 : undefined,
                  }}
                >
                  {span.text}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
