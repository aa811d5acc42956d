import type { Run, Step } from "@/api/types";

export function RunMetrics(_props: { ws: string; run: Run; steps: readonly Step[] }) {
  return null;
}
