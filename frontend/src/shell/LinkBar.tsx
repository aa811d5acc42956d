import { useNow } from "@/design/clock";
import { useLink } from "@/live/useLive";
import styles from "./Frame.module.css";

/** A thin bar once the link has been away for five seconds. */
export function LinkBar() {
  const { link, since, freshAt } = useLink();
  const away = link === "connecting" || link === "away";
  const now = useNow(away);
  if (link === "refused")
    return (
      <div className={styles.bar} role="status">
        This page is no longer updated: the session or your role has ended. Reload to sign in.
      </div>
    );
  if (!away || now - since < 5000) return null;
  const at = new Date(freshAt).toLocaleTimeString("en-US", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  return (
    <div className={styles.bar} role="status">
      {navigator.onLine ? "Reconnecting" : "You are offline"}. Showing data from {at}.
    </div>
  );
}
