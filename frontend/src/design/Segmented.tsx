import { type KeyboardEvent, type ReactNode, useRef } from "react";
import styles from "./Segmented.module.css";

export interface SegmentedProps<V extends string> {
  label: string;
  value: V | null;
  items: { value: V; label: ReactNode }[];
  onChange: (value: V) => void;
  fill?: boolean;
  disabled?: boolean;
  describedBy?: string;
}

/** A choice among few, all on screen: a radio group. */
export function Segmented<V extends string>({
  label,
  value,
  items,
  onChange,
  fill,
  disabled,
  describedBy,
}: SegmentedProps<V>) {
  const group = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = Math.max(
      0,
      items.findIndex((item) => item.value === value),
    );
    const index = (at + step + items.length) % items.length;
    const next = items[index];
    if (!next) return;
    onChange(next.value);
    (group.current?.children[index] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      aria-describedby={describedBy}
      className={styles.group}
      data-fill={fill}
      onKeyDown={move}
    >
      {items.map((item, i) => {
        const checked = item.value === value;
        return (
          <button
            key={item.value}
            type="button"
            role="radio"
            aria-checked={checked}
            tabIndex={checked || (i === 0 && !items.some((each) => each.value === value)) ? 0 : -1}
            className={styles.item}
            disabled={disabled}
            onClick={() => onChange(item.value)}
          >
            {item.label}
          </button>
        );
      })}
    </div>
  );
}
