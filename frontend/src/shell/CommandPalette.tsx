import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import {
  Database,
  FileText,
  History,
  Keyboard,
  Search,
  SunMoon,
  Terminal,
  UserRound,
  Workflow,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { searchQuery } from "@/api/workspaces";
import type { Command } from "@/design/commands";
import { sentence } from "@/design/format";
import { Kbd } from "@/design/Kbd";
import { ProblemCard } from "@/design/ProblemCard";
import { useTheme } from "@/design/useTheme";
import styles from "./CommandPalette.module.css";
import { match } from "./match";
import { PLACES } from "./Rail";

interface Option {
  id: string;
  group: string;
  label: string;
  hint?: string;
  shortcut?: string;
  icon: ReactNode;
  keywords?: string;
  enabled: boolean;
  perform: () => void;
}

const KIND_ICONS: Record<string, ReactNode> = {
  draft: <Workflow size={15} strokeWidth={1.75} />,
  run: <History size={15} strokeWidth={1.75} />,
  dataset: <Database size={15} strokeWidth={1.75} />,
};
const NO_OBJECTS: Option[] = [];

/** Pages, the page's own commands, and everything that has a name. */
export function CommandPalette({
  workspace,
  sources,
  onClose,
  onSheet,
}: {
  workspace: string | null;
  sources: Record<string, Command[]>;
  onClose: () => void;
  onSheet: () => void;
}) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const router = useRouter();
  const { theme, setTheme } = useTheme();

  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => opener?.focus();
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), 120);
    return () => clearTimeout(timer);
  }, [query]);

  const found = useQuery({
    ...searchQuery(workspace ?? "", asked),
    enabled: Boolean(workspace) && asked.length > 0,
    placeholderData: keepPreviousData,
  });

  const fixed = useMemo<Option[]>(() => {
    const pages: Option[] = workspace
      ? PLACES.map(({ to, label, icon: Icon }) => ({
          id: `page-${label}`,
          group: "Pages",
          label,
          icon: <Icon size={15} strokeWidth={1.75} />,
          enabled: true,
          perform: () => void navigate({ to, params: { ws: workspace }, search: {} }),
        }))
      : [];
    const commands = Object.values(sources)
      .flat()
      .filter((command) => !command.sheetOnly)
      .map(
        (command): Option => ({
          id: `command-${command.id}`,
          group: command.group,
          label: command.label,
          shortcut: command.shortcut,
          keywords: command.keywords,
          icon: command.icon ?? <Terminal size={15} strokeWidth={1.75} />,
          enabled: command.enabled !== false,
          perform: command.perform,
        }),
      );
    return [
      ...commands,
      ...pages,
      {
        id: "account",
        group: "Pages",
        label: "Account and tokens",
        keywords: "password api token",
        icon: <UserRound size={15} strokeWidth={1.75} />,
        enabled: true,
        perform: () => void navigate({ to: "/account" }),
      },
      {
        id: "theme",
        group: "View",
        label: theme === "dark" ? "Use the light theme" : "Use the dark theme",
        icon: <SunMoon size={15} strokeWidth={1.75} />,
        enabled: true,
        perform: () => setTheme(theme === "dark" ? "light" : "dark"),
      },
      {
        id: "shortcuts",
        group: "View",
        label: "Keyboard shortcuts",
        shortcut: "?",
        icon: <Keyboard size={15} strokeWidth={1.75} />,
        enabled: true,
        perform: onSheet,
      },
    ];
  }, [workspace, sources, navigate, theme, setTheme, onSheet]);

  const objects = useMemo<Option[]>(() => {
    if (!asked || !found.data) return NO_OBJECTS;
    return found.data.map((hit) => ({
      id: `hit-${hit.kind}-${hit.id}`,
      group: `${sentence(hit.kind)}s`,
      label: hit.name,
      hint: hit.hint,
      icon: KIND_ICONS[hit.kind] ?? <FileText size={15} strokeWidth={1.75} />,
      enabled: true,
      perform: () => router.history.push(hit.url),
    }));
  }, [asked, found.data, router]);

  const options = useMemo(() => {
    const wanted = query.trim();
    if (!wanted) return fixed;
    const scored = fixed
      .map((option) => ({ option, score: match(wanted, `${option.label} ${option.keywords ?? ""}`) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ option }) => option);
    return [...scored.slice(0, 8), ...objects];
  }, [query, fixed, objects]);
  const index = Math.min(at, options.length - 1);

  const choose = (option: Option | undefined) => {
    if (!option?.enabled) return;
    onClose();
    // After the dialog has given the focus back.
    setTimeout(option.perform);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      choose(options[index]);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !options.length) return;
    event.preventDefault();
    const next = (index + step + options.length) % options.length;
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  let group = "";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Search or run a command"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={styles.field}>
        <Search size={16} strokeWidth={1.75} aria-hidden="true" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={options[index] ? `${id}-${index}` : undefined}
          aria-label="Search or run a command"
          placeholder="Search or run a command"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <Kbd keys="Esc" />
      </div>
      <div ref={list} id={`${id}-list`} className={styles.list} role="listbox" aria-label="Results">
        {options.map((option, i) => {
          const heading = option.group === group ? null : option.group;
          group = option.group;
          return (
            <div key={option.id} role="presentation">
              {heading && (
                <div className={styles.heading} role="presentation">
                  {heading}
                </div>
              )}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys */}
              <div
                id={`${id}-${i}`}
                data-at={i}
                role="option"
                aria-selected={i === index}
                aria-disabled={!option.enabled}
                className={styles.option}
                onMouseMove={() => setAt(i)}
                onClick={() => choose(option)}
              >
                {option.icon}
                <span className={styles.label}>{option.label}</span>
                <span className={styles.hint}>{option.hint}</span>
                {option.shortcut && <Kbd keys={option.shortcut} />}
              </div>
            </div>
          );
        })}
        {!options.length && !found.isFetching && <p className={styles.none}>Nothing is called {query}.</p>}
        {found.isError && <ProblemCard problem={found.error} onRetry={() => found.refetch()} />}
      </div>
    </dialog>
  );
}
