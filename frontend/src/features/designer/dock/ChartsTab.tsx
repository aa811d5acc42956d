import type { Output, Run, Step } from "@/api/types";

export function ChartsTab(_props: { run: Run | undefined; step: Step; output: Output }) {
  return null;
}
