import { type ComponentType, lazy, Suspense } from "react";
import { SkeletonRows } from "./Skeleton";

/**
 * A part of a page that arrives after the page: fetched as soon as the browser has nothing else to do, or when it is
 * shown first.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  rows = 4,
): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await load() }));
  if (typeof requestIdleCallback === "function")
    // What fails here is fetched again, and told, when it is shown.
    requestIdleCallback(() => void load().catch(() => undefined));
  return function Later(props: Props) {
    return (
      <Suspense fallback={rows ? <SkeletonRows count={rows} /> : null}>
        <Part {...props} />
      </Suspense>
    );
  };
}
