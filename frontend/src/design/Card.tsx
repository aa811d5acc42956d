import type { ReactNode } from "react";
import styles from "./Card.module.css";
import { classes } from "./classes";

export interface CardProps {
  title?: ReactNode;
  count?: ReactNode;
  actions?: ReactNode;
  /** Content reaches the edges: rows, tables. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Card({ title, count, actions, flush, className, children }: CardProps) {
  if (!title)
    return <section className={classes(styles.card, !flush && styles.padded, className)}>{children}</section>;
  return (
    <section className={classes(styles.card, className)}>
      <header className={styles.head}>
        <h2 className={styles.title}>
          {title}
          {count !== undefined && <span className={styles.count}>{count}</span>}
        </h2>
        {actions}
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
