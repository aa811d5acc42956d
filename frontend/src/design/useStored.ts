import { useCallback, useState } from "react";

function read<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`studio-${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    // Storage is forbidden or holds something else: the default it is.
    return fallback;
  }
}

/** State kept in local storage: panel sizes, folded sections, column choices. */
export function useStored<T>(key: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(key, fallback));
  const store = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(`studio-${key}`, JSON.stringify(next));
      } catch {
        // Remembering is a convenience; the page works without it.
      }
    },
    [key],
  );
  return [value, store];
}
