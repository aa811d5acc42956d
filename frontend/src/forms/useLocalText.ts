import { useEffect, useRef, useState } from "react";

const QUIET = 400;

/** Text that stays local until the field is left or quiet for 400 ms. */
export function useLocalText(value: string, commit: (text: string) => void) {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const pending = useRef<string | null>(null);
  const latest = useRef(commit);
  latest.current = commit;
  if (value !== before) {
    // Undo, reset or another person changed it.
    setBefore(value);
    setText(value);
  }
  const flush = () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    if (pending.current === null) return;
    const next = pending.current;
    pending.current = null;
    latest.current(next);
  };
  const flushLater = useRef(flush);
  flushLater.current = flush;
  // A field that goes away (another step was chosen) must not lose the last words.
  useEffect(() => () => flushLater.current(), []);
  return {
    text,
    edit: (next: string) => {
      setText(next);
      pending.current = next;
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => flushLater.current(), QUIET);
    },
    flush,
  };
}
