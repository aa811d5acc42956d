import { lazy, Suspense } from "react";
import { Skeleton } from "@/design/Skeleton";

export interface LineSeries {
  name: string;
  points: { x: number; y: number | string }[];
}

export interface LinePanelProps {
  label: string;
  series: LineSeries[];
  xLabel?: string;
  height?: number;
  /** Panels with the same name share one crosshair. */
  sync?: string;
}

// The drawing library is fetched with the first panel.
const Canvas = lazy(async () => ({ default: (await import("./LineCanvas")).LineCanvas }));

/** Live lines on canvas: cheap enough to be drawn on every event. */
export function LinePanel(props: LinePanelProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 200} radius={8} />}>
      <Canvas {...props} />
    </Suspense>
  );
}
