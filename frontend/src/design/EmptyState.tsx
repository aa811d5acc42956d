import type { ReactNode } from "react";
import { classes } from "./classes";
import styles from "./EmptyState.module.css";

/** One line of what would be here, one of why it helps, one button. */
export function EmptyState({
  title,
  why,
  action,
  tight,
}: {
  title: string;
  why?: ReactNode;
  action?: ReactNode;
  tight?: boolean;
}) {
  return (
    <div className={classes(styles.empty, tight && styles.tight)}>
      <p className={styles.title}>{title}</p>
      {why && <p className={styles.why}>{why}</p>}
      {action && <div className={styles.actions}>{action}</div>}
    </div>
  );
}
