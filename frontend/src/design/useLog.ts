import { useCallback, useEffect, useRef, useState } from "react";
import type { LogPage } from "@/api/types";

export interface LogSource {
  /** Identity: a change starts over. */
  id: string;
  fetchPage: (offset: number, limit: number, signal: AbortSignal) => Promise<LogPage>;
  /** New text as it is written; `offset` counts bytes. */
  listen?: (fn: (chunk: { offset: number; text: string }) => void) => () => void;
  /** The work still goes on: without `listen` or when events are lost, the log is asked again. */
  live?: boolean;
}

const PAGE = 1 << 20;
/** Up to this size a log is read whole; of a longer one the end comes first. */
const WHOLE = 8 << 20;
const bytes = (text: string) => new TextEncoder().encode(text).length;

interface State {
  text: string;
  /** Byte offset at which the text begins. */
  start: number;
  next: number;
  size: number;
  complete: boolean;
  firstError: LogPage["first_error"];
  loading: boolean;
  problem: unknown;
}

const EMPTY: State = {
  text: "",
  start: 0,
  next: 0,
  size: 0,
  complete: false,
  firstError: null,
  loading: true,
  problem: null,
};

/** A log read in pages and followed while it grows. */
export function useLog(source: LogSource) {
  const [state, setState] = useState<State>(EMPTY);
  const current = useRef(state);
  current.current = state;
  const latest = useRef(source);
  latest.current = source;
  const reading = useRef(false);
  const abort = useRef<AbortController | null>(null);

  const update = useCallback((part: Partial<State>) => {
    current.current = { ...current.current, ...part };
    setState(current.current);
  }, []);

  /** Reads from `next` to the end. */
  const readOn = useCallback(async () => {
    if (reading.current) return;
    reading.current = true;
    const controller = abort.current;
    if (!controller) return;
    const { signal } = controller;
    try {
      for (;;) {
        const before = current.current;
        const page = await latest.current.fetchPage(before.next, PAGE, signal);
        if (signal.aborted) return;
        if (before.next === 0 && page.size_bytes > WHOLE && before.text === "") {
          const start = page.size_bytes - 2 * PAGE;
          update({ start, next: start, size: page.size_bytes, firstError: page.first_error });
          continue;
        }
        update({
          text: current.current.text + page.text,
          next: page.next_offset,
          size: page.size_bytes,
          complete: page.complete,
          firstError: page.first_error ?? current.current.firstError,
          loading: false,
          problem: null,
        });
        if (page.next_offset >= page.size_bytes || page.next_offset <= before.next) break;
      }
    } catch (error) {
      if (!signal.aborted) update({ problem: error, loading: false });
    } finally {
      if (abort.current === controller) reading.current = false;
    }
  }, [update]);

  const { id } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id is what starts over
  useEffect(() => {
    abort.current = new AbortController();
    reading.current = false;
    update(EMPTY);
    void readOn();
    const stop = latest.current.listen?.((chunk) => {
      const { next, loading } = current.current;
      if (loading || reading.current) return;
      if (chunk.offset === next) {
        const end = next + bytes(chunk.text);
        update({
          text: current.current.text + chunk.text,
          next: end,
          size: Math.max(end, current.current.size),
        });
      } else if (chunk.offset + bytes(chunk.text) > next) void readOn();
    });
    return () => {
      abort.current?.abort();
      stop?.();
    };
  }, [id, readOn, update]);

  const { live } = source;
  const ended = state.complete;
  useEffect(() => {
    if (ended && !live) return;
    // Events are the quick way; asking again now and then is the sure one. The last text
    // and the first error are only known after the end.
    if (!live) void readOn();
    const timer = live ? setInterval(() => void readOn(), 5000) : null;
    return () => {
      if (timer) clearInterval(timer);
    };
  }, [live, ended, readOn]);

  /** Reads everything from the first byte. */
  const readAll = useCallback(async () => {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    update({ loading: true });
    try {
      let text = "";
      let next = 0;
      for (;;) {
        const page = await latest.current.fetchPage(next, PAGE, signal);
        if (signal.aborted) return;
        text += page.text;
        const end = page.next_offset >= page.size_bytes || page.next_offset <= next;
        next = page.next_offset;
        if (end) break;
      }
      update({ text, start: 0, next, loading: false, problem: null });
    } catch (error) {
      if (!signal.aborted) update({ problem: error, loading: false });
    } finally {
      reading.current = false;
    }
  }, [update]);

  return { ...state, readAll, retry: readOn };
}
