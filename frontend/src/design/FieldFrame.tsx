import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";

export interface FieldFrameProps {
  label: ReactNode;
  /** A word after the label: "required". */
  note?: ReactNode;
  /** At the right end of the label's line: *Edited*, reset. */
  aside?: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  /** A group of controls instead of one: labelled by role group. */
  group?: boolean;
  children: (ids: { id: string; describedBy: string | undefined; labelId: string }) => ReactNode;
}

/** Label, control, help and error of one field, tied together for assistive technology. */
export function FieldFrame({ label, note, aside, help, error, group, children }: FieldFrameProps) {
  const id = useId();
  const described =
    [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div className={styles.field} {...(group ? { role: "group", "aria-labelledby": `${id}-label` } : {})}>
      <div className={styles.head}>
        {group ? (
          <span id={`${id}-label`} className={styles.label}>
            {label}
          </span>
        ) : (
          <label id={`${id}-label`} htmlFor={id} className={styles.label}>
            {label}
          </label>
        )}
        {note && <span className={styles.note}>{note}</span>}
        <span className={styles.spacer} />
        {aside}
      </div>
      {children({ id, describedBy: described, labelId: `${id}-label` })}
      {help && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
