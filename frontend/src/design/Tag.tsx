import { X } from "lucide-react";
import type { ReactNode } from "react";
import { type Tone, toneColor, toneFill } from "./status";
import styles from "./Tag.module.css";

export interface TagProps {
  tone?: Tone;
  children: ReactNode;
  title?: string;
  onRemove?: () => void;
}

export function Tag({ tone, children, title, onRemove }: TagProps) {
  return (
    <span
      className={styles.tag}
      title={title}
      style={tone ? { background: toneFill(tone), color: toneColor(tone) } : undefined}
    >
      <span className={styles.text}>{children}</span>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={`Remove ${typeof children === "string" ? children : "tag"}`}
          onClick={onRemove}
        >
          <X size={12} strokeWidth={2} />
        </button>
      )}
    </span>
  );
}
