import { useLocation } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { Button, LinkButton } from "@/design/Button";
import { BASKET_LIMIT, useBasket } from "@/design/basket";
import { plural } from "@/design/format";
import { Tag } from "@/design/Tag";
import styles from "./BasketTray.module.css";

/** The runs chosen for comparing, under every page but the comparison itself. */
export function BasketTray({ workspace }: { workspace: string }) {
  const { runs, remove, clear } = useBasket(workspace);
  const path = useLocation({ select: (location) => location.pathname });
  if (!runs.length || path.startsWith(`/w/${workspace}/compare`)) return null;
  return (
    <section className={styles.tray} aria-label="Comparison" data-region="Comparison">
      <span className={styles.count}>
        {plural(runs.length, "run")} to compare
        {runs.length >= BASKET_LIMIT && <small> (the most that a comparison shows)</small>}
      </span>
      <span className={styles.names}>
        {runs.map((run) => (
          <Tag key={run.id} title={`Run ${run.number}, ${run.name}`} onRemove={() => remove([run.id])}>
            {`${run.number} ${run.name}`}
          </Tag>
        ))}
      </span>
      <Button size="compact" variant="quiet" onClick={clear}>
        Clear
      </Button>
      <LinkButton
        size="compact"
        variant="primary"
        to="/w/$ws/compare"
        params={{ ws: workspace }}
        search={{ runs: runs.map((run) => run.id).join(",") }}
        icon={<GitCompareArrows size={14} aria-hidden="true" />}
      >
        Compare {runs.length}
      </LinkButton>
    </section>
  );
}
