import { useEffect, useRef, useState } from "react";
import styles from "./TitleField.module.css";

/** A name that is text until it is clicked: Enter keeps the new one, Escape the old. */
export function TitleField({
  value,
  label,
  readOnly,
  placeholder,
  className,
  focusCount,
  onChange,
}: {
  value: string;
  label: string;
  readOnly?: boolean;
  placeholder?: string;
  className?: string;
  /** A change of this number begins editing. */
  focusCount?: number;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  const [editing, setEditing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const abandoned = useRef(false);
  useEffect(() => {
    if (!editing) setText(value);
  }, [value, editing]);
  useEffect(() => {
    if (focusCount) setEditing(true);
  }, [focusCount]);
  useEffect(() => {
    if (editing) input.current?.select();
  }, [editing]);
  if (readOnly) return <span className={`${styles.text} ${className ?? ""}`}>{value}</span>;
  if (!editing)
    return (
      <button
        type="button"
        className={`${styles.button} ${className ?? ""}`}
        title={`${label}: click to rename`}
        aria-label={`${label}: ${value}`}
        onClick={() => setEditing(true)}
      >
        {value}
      </button>
    );
  const done = () => {
    setEditing(false);
    if (!abandoned.current && text.trim() !== value && (text.trim() !== "" || placeholder))
      onChange(text.trim());
    abandoned.current = false;
  };
  return (
    <input
      ref={input}
      className={`${styles.input} ${className ?? ""}`}
      aria-label={label}
      value={text}
      maxLength={200}
      placeholder={placeholder}
      onChange={(event) => setText(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") {
          event.stopPropagation();
          abandoned.current = true;
          event.currentTarget.blur();
        }
      }}
    />
  );
}
