import { Link, useLocation } from "@tanstack/react-router";
import { Activity, Database, History, House, Settings, Workflow } from "lucide-react";
import { Mark } from "@/design/Mark";
import styles from "./Frame.module.css";

export const PLACES = [
  { to: "/w/$ws", label: "Home", icon: House },
  { to: "/w/$ws/designer", label: "Designer", icon: Workflow },
  { to: "/w/$ws/runs", label: "Runs", icon: History },
  { to: "/w/$ws/data", label: "Data", icon: Database },
  { to: "/w/$ws/activity", label: "Activity", icon: Activity },
  { to: "/w/$ws/settings", label: "Settings", icon: Settings },
] as const;

export function Rail({ workspace }: { workspace: string | null }) {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <nav className={styles.rail} aria-label="Main" data-region="Navigation">
      <Link to="/" className={styles.logo} aria-label="Studio">
        <Mark />
      </Link>
      {workspace &&
        PLACES.map(({ to, label, icon: Icon }) => {
          const here = to.replace("$ws", workspace);
          const active =
            label === "Home"
              ? path === here || path === `${here}/`
              : path.startsWith(here) || (label === "Runs" && path === `/w/${workspace}/compare`);
          return (
            <span key={to} style={{ display: "contents" }}>
              {label === "Settings" && <span className={styles.grow} />}
              <Link
                to={to}
                params={{ ws: workspace }}
                search={{}}
                className={styles.item}
                data-active={active}
                aria-current={active ? "page" : undefined}
              >
                <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
                {label}
              </Link>
            </span>
          );
        })}
    </nav>
  );
}
