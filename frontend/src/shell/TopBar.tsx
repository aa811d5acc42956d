import { ChevronRight, Moon, Search, Sun } from "lucide-react";
import { IconButton } from "@/design/Button";
import { Kbd } from "@/design/Kbd";
import { useTheme } from "@/design/useTheme";
import { AccountMenu } from "./AccountMenu";
import { Bell } from "./Bell";
import styles from "./Frame.module.css";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher";

export function TopBar({
  workspace,
  crumbsRef,
  actionsRef,
  onPalette,
  onSheet,
}: {
  workspace: string | null;
  crumbsRef: (element: HTMLElement | null) => void;
  actionsRef: (element: HTMLElement | null) => void;
  onPalette: () => void;
  onSheet: () => void;
}) {
  const { theme, setTheme } = useTheme();
  return (
    <header className={styles.top} data-region="Top bar">
      <div className={styles.lead}>
        <WorkspaceSwitcher workspace={workspace} />
        <ChevronRight className={styles.sep} size={14} aria-hidden="true" />
        <div ref={crumbsRef} className={styles.crumbs} />
      </div>
      <div className={styles.tools}>
        <button type="button" className={styles.search} onClick={onPalette} aria-keyshortcuts="Control+K">
          <Search size={15} strokeWidth={1.75} aria-hidden="true" />
          <span className={styles.searchText}>Search or run a command</span>
          <span className={styles.keys} aria-hidden="true">
            <Kbd keys="mod+k" hint />
          </span>
        </button>
        <IconButton
          label={theme === "dark" ? "Use the light theme" : "Use the dark theme"}
          onClick={() => setTheme(theme === "dark" ? "light" : "dark")}
        >
          {theme === "dark" ? <Sun size={16} strokeWidth={1.75} /> : <Moon size={16} strokeWidth={1.75} />}
        </IconButton>
        {workspace && <Bell workspace={workspace} />}
        <AccountMenu onSheet={onSheet} />
        <span className={styles.divider} aria-hidden="true" />
        <div ref={actionsRef} className={styles.actions} />
      </div>
    </header>
  );
}
