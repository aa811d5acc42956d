import type { FormEvent, ReactNode } from "react";
import styles from "./Door.module.css";
import { Mark } from "./Mark";

/** A page before one is inside: one card in the middle, the mark, a title and a form. */
export function Door({
  title,
  lead,
  onSubmit,
  foot,
  children,
}: {
  title: string;
  lead?: ReactNode;
  onSubmit?: () => void;
  foot?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.head}>
          <Mark size={30} />
          <div>
            <h1 className={styles.title}>{title}</h1>
            {lead && <p className={styles.lead}>{lead}</p>}
          </div>
        </div>
        <form
          className={styles.form}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            onSubmit?.();
          }}
        >
          {children}
        </form>
        {foot && <p className={styles.lead}>{foot}</p>}
      </div>
    </main>
  );
}
