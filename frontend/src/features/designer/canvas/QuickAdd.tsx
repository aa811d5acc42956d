import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { typeWord } from "@/design/TypeGlyph";
import { addFromQuickAdd, fitsJoint } from "../actions/adding";
import { iconOf } from "../icons";
import { findEntries } from "../palette/entries";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Floating.module.css";

/** The list of components that opens on the canvas itself: only those that fit what was being drawn. */
export function QuickAdd() {
  const store = useDesignerStore();
  const quickAdd = useDesigner((state) => state.quickAdd);
  const catalog = useDesigner((state) => state.catalog);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const entries = useMemo(
    () =>
      quickAdd
        ? findEntries(catalog, [], query).filter(({ component }) =>
            fitsJoint(store, component, quickAdd.joint),
          )
        : [],
    [quickAdd, catalog, query, store],
  );
  useEffect(() => {
    if (!quickAdd) return;
    setQuery("");
    setChosen(0);
    input.current?.focus();
  }, [quickAdd]);
  if (!quickAdd) return null;
  const close = () => {
    store.getState().patch({ quickAdd: null });
    document.querySelector<HTMLElement>("[data-canvas]")?.focus();
  };
  const pick = (at: number) => {
    const entry = entries[at];
    if (entry) addFromQuickAdd(store, entry, quickAdd);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(chosen);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.max(0, Math.min(entries.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      setChosen(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    }
  };
  const label = quickAdd.joint
    ? `Add a step that ${quickAdd.joint.side === "source" ? "takes" : "gives"} this`
    : "Add a step";
  const box = { width: 260, height: 320 };
  return (
    <div
      className={styles.popup}
      role="dialog"
      aria-label={label}
      style={{
        left: Math.max(8, Math.min(quickAdd.screen.x, window.innerWidth - box.width - 8)),
        top: Math.max(8, Math.min(quickAdd.screen.y, window.innerHeight - box.height - 8)),
        width: box.width,
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) store.getState().patch({ quickAdd: null });
      }}
    >
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-expanded
        aria-controls="quick-add-list"
        aria-activedescendant={entries[chosen] ? `quick-add-${chosen}` : undefined}
        aria-label={label}
        placeholder={label}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        className={styles.list}
        role="listbox"
        id="quick-add-list"
        aria-label="Components that fit"
      >
        {entries.map((entry, at) => {
          const Icon = iconOf(entry.component);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
            <div
              key={entry.key}
              id={`quick-add-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === chosen}
              className={styles.option}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(at)}
            >
              <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
              <span className={styles.grow}>{entry.label}</span>
              <span className={styles.aside}>{entry.component.family}</span>
            </div>
          );
        })}
      </div>
      {entries.length === 0 && (
        <p className={styles.empty}>
          {query
            ? "No component of this name fits here."
            : `No component ${quickAdd.joint?.side === "target" ? "gives" : "takes"} ${jointWord(store.getState(), quickAdd.joint)}.`}
        </p>
      )}
    </div>
  );
}

function jointWord(
  { catalog, nodes }: ReturnType<ReturnType<typeof useDesignerStore>["getState"]>,
  joint: { node: string; port: string; side: "source" | "target" } | null,
): string {
  const spec = joint && catalog.byId.get(nodes.get(joint.node)?.component ?? "");
  const port = (joint?.side === "source" ? spec?.outputs : spec?.inputs)?.find(
    ({ name }) => name === joint?.port,
  );
  return port ? typeWord(port.type).toLowerCase() : "this";
}
