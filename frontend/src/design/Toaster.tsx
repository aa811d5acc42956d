import { useAnnouncement } from "./announce";
import { classes } from "./classes";
import styles from "./Toaster.module.css";
import { useToasts } from "./toast";

/** Toasts and the one polite live region. */
export function Toaster() {
  const { items, dismiss } = useToasts();
  const said = useAnnouncement((state) => state.text);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" data-live-region>
        {said}
      </div>
      <div className={styles.stack} role="status" aria-label="Notes">
        {items.map((item) => (
          <div key={item.id} className={classes(styles.toast, item.tone === "fail" && styles.fail)}>
            <span>{item.text}</span>
            {item.action && (
              <button
                type="button"
                className={styles.action}
                onClick={() => {
                  item.action?.run();
                  dismiss(item.id);
                }}
              >
                {item.action.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </>
  );
}
