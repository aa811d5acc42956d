import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { announce } from "@/design/announce";
import { TypeGlyph } from "@/design/TypeGlyph";
import { openTargets } from "../model/compat";
import { connectPorts } from "../model/edits";
import { matchText } from "../model/search";
import { stepTitle } from "../model/selectors";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Floating.module.css";
import { focusStep } from "./useViewport";

/** Connecting without a pointer: every open input that the step's outputs fit, as one searchable list. */
export function ConnectPicker() {
  const store = useDesignerStore();
  const from = useDesigner((state) => state.connectFrom);
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const targets = useMemo(
    () =>
      from
        ? openTargets(document, catalog, from).filter(
            ({ title, input: port, output }) =>
              matchText(`${title} ${port.title} ${output.title}`, query) > 0,
          )
        : [],
    [from, document, catalog, query],
  );
  useEffect(() => {
    if (!from) return;
    setQuery("");
    setChosen(0);
    input.current?.focus();
  }, [from]);
  const node = from ? document.graph.nodes.find(({ id }) => id === from) : undefined;
  if (!from || !node) return null;
  const title = stepTitle(node, catalog);
  const close = () => {
    store.getState().patch({ connectFrom: null });
    focusStep(window.document, from);
  };
  const pick = (at: number) => {
    const target = targets[at];
    if (!target) return;
    if (store.getState().run(connectPorts(document, catalog, target.edge)))
      announce(`Connected ${title} ${target.output.title} to ${target.title} ${target.input.title}.`);
    close();
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
      setChosen(Math.max(0, Math.min(targets.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1))));
    }
  };
  return (
    <div
      className={`${styles.popup} ${styles.middle}`}
      role="dialog"
      aria-label={`Connect ${title}`}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) store.getState().patch({ connectFrom: null });
      }}
    >
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-expanded
        aria-controls="connect-list"
        aria-activedescendant={targets[chosen] ? `connect-${chosen}` : undefined}
        aria-label={`Connect ${title} to`}
        placeholder={`Connect ${title} to`}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} role="listbox" id="connect-list" aria-label="Open inputs">
        {targets.map(({ edge, title: to, input: port, output }, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          <div
            key={`${edge.source_port}-${edge.target}-${edge.target_port}`}
            id={`connect-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            className={styles.option}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(at)}
          >
            <TypeGlyph type={port.type} size={11} />
            <span className={styles.grow}>
              {to} <span className={styles.aside}>{port.title}</span>
            </span>
            <span className={styles.aside}>from {output.title}</span>
          </div>
        ))}
      </div>
      {targets.length === 0 && (
        <p className={styles.empty}>
          {query
            ? "No open input of this name fits."
            : `No open input fits what ${title} gives. Add a step, or remove a connection first.`}
        </p>
      )}
    </div>
  );
}
