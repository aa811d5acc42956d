import { useEffect, useMemo, useRef } from "react";

type Take = (element: HTMLDivElement | null) => void;

/** Two boxes of which each follows the other. */
export function useScrollTogether(): { first: Take; second: Take } {
  const boxes = useRef<(HTMLDivElement | null)[]>([null, null]);
  const listeners = useRef<(() => void)[]>([]);
  const takes = useMemo(() => {
    const take =
      (place: 0 | 1): Take =>
      (element) => {
        if (boxes.current[place] === element) return;
        listeners.current[place]?.();
        boxes.current[place] = element;
        if (!element) return;
        const follow = () => {
          const other = boxes.current[1 - place];
          // Equal places end the echo.
          if (!other) return;
          if (other.scrollTop !== element.scrollTop) other.scrollTop = element.scrollTop;
          if (other.scrollLeft !== element.scrollLeft) other.scrollLeft = element.scrollLeft;
        };
        element.addEventListener("scroll", follow, { passive: true });
        listeners.current[place] = () => element.removeEventListener("scroll", follow);
      };
    return { first: take(0), second: take(1) };
  }, []);
  useEffect(
    () => () => {
      for (const stop of listeners.current) stop?.();
    },
    [],
  );
  return takes;
}
