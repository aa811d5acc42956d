import { CircleAlert, CircleCheck, CloudOff, LoaderCircle } from "lucide-react";
import { useDesigner } from "../state/store";
import styles from "./SavedState.module.css";

/** Is what is drawn kept? Said beside the draft's name. */
export function SavedState() {
  const saving = useDesigner((state) => state.saving);
  const shown = {
    saved: { icon: <CircleCheck size={14} strokeWidth={1.75} aria-hidden="true" />, text: "Draft saved" },
    waiting: {
      icon: <LoaderCircle size={14} strokeWidth={1.75} aria-hidden="true" />,
      text: "Unsaved changes",
    },
    saving: {
      icon: <LoaderCircle className={styles.spin} size={14} strokeWidth={1.75} aria-hidden="true" />,
      text: "Saving",
    },
    failed: { icon: <CloudOff size={14} strokeWidth={1.75} aria-hidden="true" />, text: "Not saved" },
    conflict: { icon: <CircleAlert size={14} strokeWidth={1.75} aria-hidden="true" />, text: "Two versions" },
  }[saving.kind];
  return (
    <span
      className={styles.state}
      data-saving={saving.kind}
      title={saving.kind === "failed" ? saving.message : undefined}
    >
      {shown.icon}
      {shown.text}
    </span>
  );
}
