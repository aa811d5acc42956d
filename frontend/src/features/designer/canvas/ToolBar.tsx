import { useStore } from "@xyflow/react";
import { Minus, Plus } from "lucide-react";
import { IconButton } from "@/design/Button";
import { action } from "../actions/actions";
import { useActionContext } from "../actions/useKeys";
import { useDesigner } from "../state/store";
import styles from "./Floating.module.css";
import { glide } from "./fit";

const percentOf = (state: { transform: [number, number, number] }) => Math.round(state.transform[2] * 100);

export function ToolBar() {
  const context = useActionContext();
  const percent = useStore(percentOf);
  const readOnly = useDesigner((state) => state.readOnly);
  const undoable = useDesigner((state) => state.history.past.at(-1)?.forward.label ?? null);
  const redoable = useDesigner((state) => state.history.future[0]?.forward.label ?? null);
  const few = useDesigner((state) => state.document.graph.nodes.length < 2);
  const tool = (id: string, options: { label?: string; disabled?: boolean } = {}) => {
    const { icon: Icon, label, perform } = action(id);
    return (
      <IconButton
        size="compact"
        label={options.label ?? label}
        disabled={options.disabled}
        onClick={() => void perform(context)}
      >
        <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
    );
  };
  return (
    <div className={styles.tools} role="toolbar" aria-label="Canvas tools">
      <span className={styles.toolsWide} style={{ display: "contents" }}>
        <IconButton size="compact" label="Zoom out" onClick={() => void action("zoom-out").perform(context)}>
          <Minus size={15} aria-hidden="true" />
        </IconButton>
        <button
          type="button"
          className={styles.percent}
          title="Zoom to 100%"
          aria-label={`Zoom is ${percent}%. Set to 100%`}
          onClick={() => void context.flow.zoomTo(1, { duration: glide(120) })}
        >
          {percent}%
        </button>
        <IconButton size="compact" label="Zoom in" onClick={() => void action("zoom-in").perform(context)}>
          <Plus size={15} aria-hidden="true" />
        </IconButton>
        <span className={styles.split} />
      </span>
      {tool("fit")}
      {!readOnly && (
        <>
          {tool("tidy", { disabled: few })}
          <span className={styles.split} />
          {tool("undo", { label: undoable ? `Undo: ${undoable}` : "Undo", disabled: undoable === null })}
          {tool("redo", { label: redoable ? `Redo: ${redoable}` : "Redo", disabled: redoable === null })}
        </>
      )}
    </div>
  );
}
