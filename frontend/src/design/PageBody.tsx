import type { ReactNode } from "react";
import { classes } from "./classes";
import styles from "./Page.module.css";

export interface PageBodyProps {
  /** One sentence of state under the top bar. */
  sentence?: ReactNode;
  width?: "content" | "wide" | "narrow";
  children: ReactNode;
}

export function PageBody({ sentence, width = "content", children }: PageBodyProps) {
  return (
    <div
      className={classes(styles.page, width === "wide" && styles.wide, width === "narrow" && styles.narrow)}
    >
      {sentence && <p className={styles.sentence}>{sentence}</p>}
      {children}
    </div>
  );
}
