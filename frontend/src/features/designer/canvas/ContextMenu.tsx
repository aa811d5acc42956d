import { type KeyboardEvent, useEffect, useRef } from "react";
import { Kbd } from "@/design/Kbd";
import { ACTIONS } from "../actions/actions";
import { usePageDoings } from "../actions/context";
import { useActionContext } from "../actions/useKeys";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Floating.module.css";

/** The actions that apply to what was right-clicked (or pressed long on a touch screen). */
export function ContextMenu() {
  const store = useDesignerStore();
  const context = useActionContext();
  const page = usePageDoings();
  const menu = useDesigner((state) => state.contextMenu);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!menu) return;
    root.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    const away = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) store.getState().patch({ contextMenu: null });
    };
    document.addEventListener("pointerdown", away, true);
    return () => document.removeEventListener("pointerdown", away, true);
  }, [menu, store]);
  if (!menu) return null;
  const state = store.getState();
  const target = state.selected.length ? "step" : state.selectedEdges.length ? "edge" : "pane";
  const shown = ACTIONS.filter(
    (action) => action.menu?.includes(target) && !(action.editing && state.readOnly),
  );
  const close = () => {
    store.getState().patch({ contextMenu: null });
    document
      .querySelector<HTMLElement>(".react-flow__node.selected, [data-canvas]")
      ?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...(root.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  return (
    <div
      ref={root}
      className={styles.menu}
      role="menu"
      tabIndex={-1}
      aria-label={target === "step" ? "Step" : target === "edge" ? "Connection" : "Canvas"}
      onKeyDown={onKeyDown}
      style={{
        left: Math.max(8, Math.min(menu.screen.x, window.innerWidth - 240)),
        top: Math.max(8, Math.min(menu.screen.y, window.innerHeight - shown.length * 30 - 40)),
      }}
    >
      {shown.map((action, at) => (
        <div key={action.id} role="none">
          {at > 0 && shown[at - 1]?.group !== action.group && <hr className={styles.rule} />}
          <button
            type="button"
            role="menuitem"
            className={styles.item}
            data-danger={action.danger ? "" : undefined}
            disabled={!action.enabled(state, page)}
            onClick={() => {
              void action.perform(context);
              // What opens a list of its own keeps the focus there.
              if (["add", "connect", "rename"].includes(action.id))
                store.getState().patch({ contextMenu: null });
              else close();
            }}
          >
            <action.icon size={15} strokeWidth={1.75} aria-hidden="true" />
            <span className={styles.grow}>{action.label}</span>
            {action.keys[0] && <Kbd keys={action.keys[0]} />}
          </button>
        </div>
      ))}
    </div>
  );
}
