import { type KeyboardEvent, useMemo, useRef } from "react";
import { classes } from "@/design/classes";
import { StatusGlyph } from "@/design/StatusMark";
import { action } from "../actions/actions";
import { useActionContext } from "../actions/useKeys";
import { flowOrder, incoming, stepTitle } from "../model/selectors";
import { stateWord } from "../state/steps";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Outline.module.css";

/** The pipeline as a list in the order in which data flows: the same editor, without a picture. */
export function Outline() {
  const store = useDesignerStore();
  const context = useActionContext();
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const selected = useDesigner((state) => state.selected);
  const steps = useDesigner((state) => state.steps);
  const stale = useDesigner((state) => state.stale);
  const problems = useDesigner((state) => state.problems);
  const readOnly = useDesigner((state) => state.readOnly);
  const rows = useMemo(() => flowOrder(document), [document]);
  const list = useRef<HTMLDivElement>(null);
  const current = rows.some(({ node }) => selected.includes(node.id)) ? selected[0] : rows[0]?.node.id;

  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ node }) => node.id === current);
    const next =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? rows.length - 1
          : at + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? Number.NaN);
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (Number.isNaN(next) || !row) return;
    event.preventDefault();
    event.stopPropagation();
    store.getState().show(row.node.id);
    list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(row.node.id)}"]`)?.focus();
  };

  if (!rows.length) return <p className={styles.empty}>No steps yet. Add one from Components.</p>;
  const buttons = (readOnly ? ["show-output"] : ["connect", "rename", "delete"]).map(action);
  return (
    <div
      ref={list}
      className={styles.outline}
      role="tree"
      tabIndex={-1}
      aria-label="Steps in the order of data"
      onKeyDown={onKeyDown}
    >
      {rows.map(({ node, depth }) => {
        const title = stepTitle(node, catalog);
        const step = steps[node.id];
        const chosen = selected.includes(node.id);
        const from = incoming(document, node.id)
          .map((edge) => document.graph.nodes.find(({ id }) => id === edge.source))
          .filter((source) => source !== undefined)
          .map((source) => stepTitle(source, catalog));
        const problem = problems.get(node.id);
        const state = stateWord(step, stale.has(node.id));
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree's own keys move and choose
          <div
            key={node.id}
            role="treeitem"
            tabIndex={node.id === current ? 0 : -1}
            aria-selected={chosen}
            aria-level={depth + 1}
            aria-label={title}
            aria-description={[state, from.length ? `from ${from.join(", ")}` : "", problem?.message ?? ""]
              .filter(Boolean)
              .join(", ")}
            data-id={node.id}
            className={classes(styles.row, chosen && styles.chosen)}
            style={{ paddingLeft: 10 + Math.min(depth, 8) * 10 }}
            onClick={() => store.getState().show(node.id)}
          >
            <StatusGlyph
              status={step && !stale.has(node.id) ? step.status : "not_started"}
              progress={step?.progress}
              size={14}
            />
            <span className={styles.text}>
              <span className={classes(styles.title, problem && styles.bad)}>{title}</span>
              {from.length > 0 && <span className={styles.from} data-text={`from ${from.join(", ")}`} />}
            </span>
            {chosen && (
              <span className={styles.buttons}>
                {buttons.map(({ id, label, icon: Icon, perform }) => (
                  <button
                    key={id}
                    type="button"
                    className={styles.button}
                    title={label}
                    aria-label={`${label} ${title}`}
                    onClick={(event) => {
                      event.stopPropagation();
                      void perform(context);
                    }}
                  >
                    <Icon size={13} strokeWidth={1.75} aria-hidden="true" />
                  </button>
                ))}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
