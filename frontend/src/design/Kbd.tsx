import styles from "./Kbd.module.css";

const mac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.userAgent);

const SIGNS: Record<string, string> = mac
  ? { mod: "⌘", shift: "⇧", alt: "⌥", enter: "↵" }
  : { mod: "Ctrl", shift: "Shift", alt: "Alt", enter: "↵" };

/**
 * Keys as the platform writes them: `<Kbd keys="mod+k" />`. A `hint` inside a button is drawn and not text, so that it
 * is no part of what the button is called.
 */
export function Kbd({ keys, hint = false }: { keys: string; hint?: boolean }) {
  const sign = (key: string) => SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return (
    <span className={styles.keys} aria-hidden={hint || undefined}>
      {keys.split("+").map((key) =>
        hint ? (
          <kbd key={key} className={styles.kbd} data-key={sign(key)} />
        ) : (
          <kbd key={key} className={styles.kbd}>
            {sign(key)}
          </kbd>
        ),
      )}
    </span>
  );
}
