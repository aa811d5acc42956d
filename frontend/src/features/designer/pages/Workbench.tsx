import { Layers, PanelBottom, PanelRight, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/design/Button";
import { Sheet } from "@/design/Dialog";
import { SplitPane } from "@/design/SplitPane";
import { useKeys } from "../actions/useKeys";
import { useOffer } from "../actions/useOffer";
import { Canvas } from "../canvas/Canvas";
import { ConnectPicker } from "../canvas/ConnectPicker";
import { ContextMenu } from "../canvas/ContextMenu";
import { QuickAdd } from "../canvas/QuickAdd";
import { ToolBar } from "../canvas/ToolBar";
import { useDesigner } from "../state/store";
import styles from "./Workbench.module.css";

interface WorkbenchProps {
  viewportKey: string;
  label: string;
  wide: boolean;
  left: (close: () => void) => ReactNode;
  inspector: ReactNode;
  dock: ReactNode;
  dockOpen: boolean;
  onDock: (open: boolean) => void;
  /** Floats over the canvas: the run, an empty pipeline's first words. */
  over: ReactNode;
  sheet: "left" | "inspector" | null;
  onSheet: (sheet: "left" | "inspector" | null) => void;
}

/** The designer's floor plan: panels around the canvas where there is room, sheets over it where there is not. */
export function Workbench({
  viewportKey,
  label,
  wide,
  left,
  inspector,
  dock,
  dockOpen,
  onDock,
  over,
  sheet,
  onSheet,
}: WorkbenchProps) {
  useKeys();
  useOffer("designer");
  const readOnly = useDesigner((state) => state.readOnly);
  const chosen = useDesigner((state) => state.selected.length === 1);
  const canvas = (
    <Canvas viewportKey={viewportKey} label={label}>
      {over}
      <ToolBar />
    </Canvas>
  );
  const floating = (
    <>
      <ContextMenu />
      {!readOnly && <QuickAdd />}
      {!readOnly && <ConnectPicker />}
    </>
  );
  if (!wide)
    return (
      <div className={styles.narrow}>
        {canvas}
        <nav className={styles.bar} aria-label="Panels">
          <Button
            variant="quiet"
            icon={readOnly ? <Layers size={16} aria-hidden="true" /> : <Plus size={16} aria-hidden="true" />}
            onClick={() => onSheet("left")}
          >
            {readOnly ? "Steps" : "Add"}
          </Button>
          <Button
            variant="quiet"
            icon={<PanelRight size={16} aria-hidden="true" />}
            disabled={!chosen}
            onClick={() => onSheet("inspector")}
          >
            Step
          </Button>
          <Button
            variant="quiet"
            icon={<PanelBottom size={16} aria-hidden="true" />}
            onClick={() => onDock(true)}
          >
            Results
          </Button>
        </nav>
        <Sheet
          opened={sheet === "left"}
          onClose={() => onSheet(null)}
          title={readOnly ? "Steps" : "Components"}
          position="left"
          size="min(320px, 88vw)"
        >
          <div className={styles.sheet}>{left(() => onSheet(null))}</div>
        </Sheet>
        <Sheet
          opened={sheet === "inspector"}
          onClose={() => onSheet(null)}
          title="Step"
          size="min(360px, 92vw)"
        >
          <div className={styles.sheet}>{inspector}</div>
        </Sheet>
        <Sheet opened={dockOpen} onClose={() => onDock(false)} title="Results" position="bottom" size="72%">
          <div className={styles.sheet}>{dock}</div>
        </Sheet>
        {floating}
      </div>
    );
  return (
    <div className={styles.wide}>
      <SplitPane
        name="designer-inspector"
        side="right"
        label="Width of the inspector"
        initial={316}
        min={260}
        max={560}
        panel={
          <aside className={styles.panel} data-region="inspector" aria-label="Inspector">
            {inspector}
          </aside>
        }
      >
        <SplitPane
          name="designer-dock"
          side="bottom"
          label="Height of the dock"
          initial={250}
          min={120}
          max={900}
          collapsed={!dockOpen}
          panel={
            <section className={styles.panel} data-region="dock" aria-label="Results">
              {dock}
            </section>
          }
        >
          <SplitPane
            name="designer-palette"
            side="left"
            label="Width of the palette"
            initial={232}
            min={180}
            max={420}
            panel={left(() => undefined)}
          >
            <div className={styles.stage}>
              {canvas}
              {!dockOpen && (
                <Button
                  size="compact"
                  className={styles.reopen}
                  icon={<PanelBottom size={14} aria-hidden="true" />}
                  onClick={() => onDock(true)}
                >
                  Results
                </Button>
              )}
            </div>
          </SplitPane>
        </SplitPane>
      </SplitPane>
      {floating}
    </div>
  );
}

/** Which panel lies over the canvas on a narrow screen. */
export function useSheet() {
  return useState<"left" | "inspector" | null>(null);
}
