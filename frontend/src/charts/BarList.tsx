import { useState } from "react";
import { Button } from "@/design/Button";
import { formatNumber } from "@/design/format";
import styles from "./BarList.module.css";

export interface BarItem {
  name: string;
  value: number;
}

/** Named values as bars, largest first; signed ones grow from the middle. */
export function BarList({ items, label, first = 20 }: { items: BarItem[]; label: string; first?: number }) {
  const [all, setAll] = useState(false);
  const sorted = [...items].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const most = Math.max(1e-300, ...sorted.map((item) => Math.abs(item.value)));
  const signed = sorted.some((item) => item.value < 0);
  const shown = all ? sorted : sorted.slice(0, first);
  return (
    <div>
      <ul className={styles.list} aria-label={label}>
        {shown.map((item) => {
          const share = (Math.abs(item.value) / most) * (signed ? 50 : 100);
          return (
            <li key={item.name} className={styles.row}>
              <span className={styles.name} title={item.name}>
                {item.name}
              </span>
              <span className={styles.track} data-signed={signed} aria-hidden="true">
                <i
                  style={
                    signed
                      ? { left: `${item.value < 0 ? 50 - share : 50}%`, width: `${share}%` }
                      : { left: 0, width: `${share}%` }
                  }
                />
              </span>
              <span className={styles.value}>{formatNumber(item.value)}</span>
            </li>
          );
        })}
      </ul>
      {sorted.length > first && (
        <div className={styles.more}>
          <Button size="compact" variant="quiet" onClick={() => setAll(!all)}>
            {all ? `Show the first ${first}` : `Show all ${sorted.length}`}
          </Button>
        </div>
      )}
    </div>
  );
}
