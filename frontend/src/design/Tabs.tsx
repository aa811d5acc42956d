import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import styles from "./Tabs.module.css";

export interface TabItem<V extends string> {
  value: V;
  label: ReactNode;
  count?: number;
  tone?: "fail";
}

export interface TabsProps<V extends string> {
  label: string;
  value: V;
  items: TabItem<V>[];
  onChange: (value: V) => void;
  /** Shared with {@link TabPanel}. */
  id?: string;
}

export function Tabs<V extends string>({ label, value, items, onChange, id }: TabsProps<V>) {
  const own = useId();
  const base = id ?? own;
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = items.findIndex((item) => item.value === value);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next =
      event.key === "Home"
        ? items[0]
        : event.key === "End"
          ? items.at(-1)
          : step
            ? items[(at + step + items.length) % items.length]
            : undefined;
    if (!next) return;
    event.preventDefault();
    onChange(next.value);
    list.current?.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
  };
  return (
    <div ref={list} className={styles.list} role="tablist" aria-label={label} onKeyDown={move}>
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          role="tab"
          id={`${base}-tab-${item.value}`}
          aria-controls={id ? `${base}-panel-${item.value}` : undefined}
          aria-selected={item.value === value}
          tabIndex={item.value === value ? 0 : -1}
          data-value={item.value}
          className={styles.tab}
          onClick={() => onChange(item.value)}
        >
          {item.label}
          {item.count !== undefined && item.count > 0 && (
            <span className={styles.count} data-tone={item.tone}>
              {item.count}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({
  id,
  value,
  className,
  children,
}: {
  id: string;
  value: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      role="tabpanel"
      id={`${id}-panel-${value}`}
      aria-labelledby={`${id}-tab-${value}`}
      className={className}
    >
      {children}
    </div>
  );
}
