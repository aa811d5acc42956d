import { Equal, Minus, PenLine, Plus } from "lucide-react";
import type { NodeState } from "@/api/types";
import styles from "./Graph.module.css";

const ICON = { added: Plus, removed: Minus, changed: PenLine, same: Equal } as const;

/** A sign for what became of a step, beside its color. */
export function StateMark({ state }: { state: NodeState }) {
  const Icon = ICON[state];
  return (
    <span className={styles.sign} data-state={state} aria-hidden="true">
      <Icon size={12} strokeWidth={2.25} />
    </span>
  );
}
