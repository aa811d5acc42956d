import type { DatasetSummary } from "@/api/types";
import { Segmented } from "@/design/Segmented";
import { Outline } from "../outline/Outline";
import { Palette } from "../palette/Palette";
import styles from "./LeftPanel.module.css";

/** What can be added, or what is there: palette and outline share one place. */
export function LeftPanel({
  datasets,
  outline,
  onOutline,
  onAdded,
}: {
  datasets: readonly DatasetSummary[];
  outline: boolean;
  onOutline: (shown: boolean) => void;
  onAdded: () => void;
}) {
  return (
    <section
      className={styles.left}
      data-region={outline ? "outline" : "palette"}
      aria-label={outline ? "Outline" : "Components"}
    >
      {outline ? <Outline /> : <Palette datasets={datasets} onAdded={onAdded} />}
      <div className={styles.foot}>
        <Segmented
          label="Left panel"
          fill
          value={outline ? "outline" : "components"}
          items={[
            { value: "components", label: "Components" },
            { value: "outline", label: "Outline" },
          ]}
          onChange={(value) => onOutline(value === "outline")}
        />
      </div>
    </section>
  );
}
