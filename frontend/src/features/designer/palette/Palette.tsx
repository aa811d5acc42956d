import { useReactFlow } from "@xyflow/react";
import { ChevronDown, ChevronRight, Database, GripVertical, Search, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from "react";
import type { DatasetSummary } from "@/api/types";
import { classes } from "@/design/classes";
import { Kbd } from "@/design/Kbd";
import { TypeGlyph } from "@/design/TypeGlyph";
import { useStored } from "@/design/useStored";
import { addNearSelection } from "../actions/adding";
import { middleOfCanvas } from "../canvas/geometry";
import { iconOf } from "../icons";
import { useDesigner, useDesignerStore } from "../state/store";
import { type Entry, families, findEntries } from "./entries";
import styles from "./Palette.module.css";
import { usePaletteDrag } from "./usePaletteDrag";

/** The components that can be added, by family or by search. */
export function Palette({
  datasets,
  onAdded,
}: {
  datasets: readonly DatasetSummary[];
  onAdded?: () => void;
}) {
  const store = useDesignerStore();
  const flow = useReactFlow();
  const catalog = useDesigner((state) => state.catalog);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useStored<string[]>("palette-closed", []);
  const list = useRef<HTMLDivElement>(null);
  const drag = usePaletteDrag(onAdded);
  const deferred = useDeferredValue(query);
  const searching = deferred.trim() !== "";
  const found = useMemo(
    () => (searching ? findEntries(catalog, datasets, deferred) : []),
    [catalog, datasets, deferred, searching],
  );
  const groups = useMemo(() => families(catalog, datasets), [catalog, datasets]);

  const onSearchKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!searching) {
        list.current?.querySelector<HTMLElement>("button[data-entry]")?.focus();
        return;
      }
      const next = Math.max(0, Math.min(found.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      setChosen(next);
      list.current?.querySelectorAll("[data-entry]")[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      // Search is a moment behind the typing: what Enter adds is what the words on screen name.
      const current = findEntries(catalog, datasets, query);
      const entry = query.trim() ? current[Math.min(chosen, current.length - 1)] : undefined;
      if (!entry) return;
      event.preventDefault();
      addNearSelection(store, entry, middleOfCanvas(flow.screenToFlowPosition));
      setQuery("");
      setChosen(0);
      onAdded?.();
    } else if (event.key === "Escape" && query) {
      event.stopPropagation();
      setQuery("");
    }
  };

  const onListKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !list.current) return;
    event.preventDefault();
    const stops = [...list.current.querySelectorAll<HTMLElement>("button[data-entry], button[data-family]")];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  };

  const row = (entry: Entry, current: boolean, stop: boolean) => (
    <Row key={entry.key} entry={entry} current={current} stop={stop} drag={drag} />
  );

  return (
    <div className={styles.palette}>
      <div className={styles.searchBox}>
        <Search className={styles.searchIcon} size={15} strokeWidth={1.75} aria-hidden="true" />
        <input
          className={styles.search}
          type="text"
          role="searchbox"
          data-palette-search
          aria-label="Search components"
          placeholder="Search components"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onSearchKey}
        />
        {query ? (
          <button
            type="button"
            className={styles.clear}
            aria-label="Clear search"
            onClick={() => setQuery("")}
          >
            <X size={13} aria-hidden="true" />
          </button>
        ) : (
          <span className={styles.slash} aria-hidden="true">
            <Kbd keys="/" />
          </span>
        )}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside */}
      <div className={styles.scroll} ref={list} onKeyDown={onListKey}>
        {searching ? (
          found.length ? (
            <ul className={styles.rows} aria-label="Found components">
              {found.map((entry, at) => row(entry, at === chosen, at === 0))}
            </ul>
          ) : (
            <p className={styles.none}>
              Nothing is called “{deferred.trim()}”. Try a shorter word, or what goes in or comes out: table,
              model.
            </p>
          )
        ) : (
          groups.map((family, at) => {
            const open = !closed.includes(family.name);
            return (
              <section key={family.name}>
                <h3>
                  <button
                    type="button"
                    data-family
                    className={styles.family}
                    aria-expanded={open}
                    onClick={() =>
                      setClosed(
                        open ? [...closed, family.name] : closed.filter((name) => name !== family.name),
                      )
                    }
                  >
                    {open ? (
                      <ChevronDown size={14} aria-hidden="true" />
                    ) : (
                      <ChevronRight size={14} aria-hidden="true" />
                    )}
                    <span>{family.name}</span>
                    <span className={styles.count}>{family.entries.length}</span>
                  </button>
                </h3>
                {open && (
                  <ul className={styles.rows} aria-label={family.name}>
                    {family.entries.map((entry, index) => row(entry, false, at === 0 && index === 0))}
                  </ul>
                )}
              </section>
            );
          })
        )}
      </div>
    </div>
  );
}

function Row({
  entry,
  current,
  stop,
  drag,
}: {
  entry: Entry;
  current: boolean;
  stop: boolean;
  drag: ReturnType<typeof usePaletteDrag>;
}) {
  const Icon = entry.dataset ? Database : iconOf(entry.component);
  // A column of equal squares says nothing: only what is not a table gets a glyph.
  const special = entry.dataset ? [] : entry.component.outputs.filter((port) => port.type !== "table");
  return (
    <li
      aria-label={entry.label}
      className={classes(styles.row, current && styles.current)}
      title={entry.hint}
      data-comp={entry.component.id}
      onPointerDown={(event) => drag.onPointerDown(event, entry)}
    >
      <button
        type="button"
        data-entry
        className={styles.button}
        tabIndex={stop ? 0 : -1}
        onClick={(event) => drag.onClick(event, entry)}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.label}>{entry.label}</span>
        {special.map((port) => (
          <TypeGlyph key={port.name} type={port.type} size={10} />
        ))}
      </button>
      <span className={styles.grip} data-grip aria-hidden="true">
        <GripVertical size={14} />
      </span>
    </li>
  );
}
