import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, Download, Maximize2, Minimize2, Pin, PinOff, X } from "lucide-react";
import { useState } from "react";
import { childrenQuery, outputDownloadPath } from "@/api/runs";
import type { Output, Run, Step } from "@/api/types";
import { AnchorButton, IconButton } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { formatBytes, formatNumber, plural } from "@/design/format";
import { later } from "@/design/later";
import { ActionMenu, type MenuSection } from "@/design/Menu";
import { ProblemCard } from "@/design/ProblemCard";
import { isFinal } from "@/design/status";
import { TabPanel, Tabs } from "@/design/Tabs";
import { TypeGlyph, typeWord } from "@/design/TypeGlyph";
import { stepTitle } from "../model/selectors";
import type { DockTab } from "../pages/useView";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Dock.module.css";
import { ProblemsTab } from "./ProblemsTab";
import { bestFirst, partsOf } from "./trials";

const OutputTab = later(async () => (await import("./OutputTab")).OutputTab);
const ChartsTab = later(async () => (await import("./ChartsTab")).ChartsTab);
const TrialsTab = later(async () => (await import("./TrialsTab")).TrialsTab);
const LogsTab = later(async () => (await import("./LogsTab")).LogsTab);

/** The results of the chosen step: its outputs as tables and charts, its log, and what is wrong. */
export function Dock({
  tab: wantedTab,
  onTab,
  run,
  steps,
  onClose,
}: {
  tab: DockTab;
  onTab: (tab: DockTab) => void;
  run: Run | undefined;
  steps: readonly Step[];
  onClose?: () => void;
}) {
  const store = useDesignerStore();
  const ws = useDesigner((state) => state.ws);
  const chosen = useDesigner((state) => (state.selected.length === 1 ? state.selected[0] : undefined));
  const catalog = useDesigner((state) => state.catalog);
  const nodes = useDesigner((state) => state.nodes);
  const issues = useDesigner((state) => state.issues);
  const wanted = useDesigner((state) => state.port);
  const [pinned, setPinned] = useState<{ node: string; port: string | null } | null>(null);
  const [full, setFull] = useState(false);
  const node = pinned && nodes.has(pinned.node) ? pinned.node : chosen;
  const step = steps.find((each) => each.node === node);
  const wantedPort = pinned?.node === node ? pinned?.port : wanted?.node === node ? wanted?.port : null;
  const output = step?.outputs.find((each) => each.port === wantedPort) ?? step?.outputs[0];
  const title = node ? titleOf(node) : "";
  const children = useInfiniteQuery({
    ...childrenQuery(ws, step ? partsOf(step) : "", step ? bestFirst(step) : ""),
    enabled: step !== undefined && step.status !== "not_started",
  });
  const trials = children.data?.pages[0]?.count ?? 0;
  // A link to the trials of a step that has none shows its outputs.
  const tab: DockTab =
    wantedTab === "trials" && !(step && (trials > 0 || children.isLoading)) ? "output" : wantedTab;

  function titleOf(id: string): string {
    const found = nodes.get(id);
    return found ? stepTitle(found, catalog) : id;
  }
  function portTitle(id: string, { port, title: given }: Output): string {
    const spec = catalog.byId.get(nodes.get(id)?.component ?? "");
    return spec?.outputs.find(({ name }) => name === port)?.title ?? given;
  }
  const choose = (id: string, port: string) => {
    if (pinned) setPinned({ node: id, port });
    else if (id !== chosen) store.getState().show(id);
    store.getState().patch({ port: { node: id, port } });
  };
  const entries: MenuSection[] = steps
    .filter((each) => each.outputs.length > 0 && nodes.has(each.node))
    .sort((a, b) => Number(b.node === node) - Number(a.node === node))
    .flatMap((each): MenuSection[] => [
      { heading: titleOf(each.node) },
      ...each.outputs.map((item) => ({
        label: portTitle(each.node, item),
        icon: <TypeGlyph type={item.type} size={11} />,
        aside: each.node === node && item.port === output?.port ? "Shown" : typeWord(item.type),
        onSelect: () => choose(each.node, item.port),
      })),
    ]);
  const outputTitle = node && output ? portTitle(node, output) : "";
  const failed = steps.filter((each) => each.status === "failed").length;
  const problems = issues.filter((issue) => issue.severity === "error").length + failed;

  return (
    <div className={styles.dock} data-full={full ? "" : undefined}>
      <header className={styles.head}>
        <Tabs<DockTab>
          id="dock"
          label="Results"
          value={tab}
          onChange={onTab}
          items={[
            { value: "output", label: "Output" },
            { value: "charts", label: "Charts" },
            ...(trials > 0 || tab === "trials"
              ? [{ value: "trials" as const, label: "Trials", count: trials }]
              : []),
            { value: "logs", label: "Logs" },
            { value: "problems", label: "Problems", count: problems, tone: "fail" },
          ]}
        />
        {tab !== "problems" && entries.length > 0 && (
          <ActionMenu
            position="bottom-start"
            opener={
              <button type="button" className={styles.picker} title="Choose the output that is shown">
                {output ? <TypeGlyph type={output.type} size={11} /> : null}
                <b>{node ? title : "Choose an output"}</b>
                {output && <span>{outputTitle}</span>}
                <ChevronDown size={13} aria-hidden="true" />
              </button>
            }
            entries={entries}
          />
        )}
        {tab !== "problems" && tab !== "logs" && tab !== "trials" && output && (
          <p className={styles.size}>
            {output.rows !== null && (
              <>
                {formatNumber(output.rows)} {output.rows === 1 ? "row" : "rows"} <i>•</i>{" "}
                {plural(output.columns ?? 0, "column")}
              </>
            )}
            {output.rows !== null && output.digest !== "" && (
              <>
                {" "}
                <i>•</i>{" "}
              </>
            )}
            {output.digest !== "" && formatBytes(output.size_bytes)}
          </p>
        )}
        <span className={styles.spring} />
        {node && (
          <IconButton
            size="compact"
            label={pinned ? "Follow the selection" : "Stay with this step"}
            aria-pressed={pinned !== null}
            onClick={() => setPinned(pinned ? null : { node, port: output?.port ?? null })}
          >
            {pinned ? <PinOff size={14} aria-hidden="true" /> : <Pin size={14} aria-hidden="true" />}
          </IconButton>
        )}
        {step && output && (
          <AnchorButton
            variant="quiet"
            size="compact"
            href={outputDownloadPath(ws, step.id, output.port)}
            download
            aria-label={`Download ${outputTitle}`}
            title={`Download ${outputTitle}`}
            icon={<Download size={14} aria-hidden="true" />}
          />
        )}
        <IconButton
          size="compact"
          label={full ? "Make smaller" : "Fill the window"}
          aria-pressed={full}
          onClick={() => setFull(!full)}
        >
          {full ? <Minimize2 size={14} aria-hidden="true" /> : <Maximize2 size={14} aria-hidden="true" />}
        </IconButton>
        {onClose && (
          <IconButton size="compact" label="Close results" onClick={onClose}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        )}
      </header>
      <TabPanel id="dock" value={tab} className={styles.body}>
        {tab === "problems" ? (
          <ProblemsTab steps={steps} />
        ) : tab === "trials" && step ? (
          <TrialsTab key={step.id} step={step} />
        ) : tab === "logs" ? (
          <LogsTab run={run} step={step} title={step ? title : null} />
        ) : step && output ? (
          tab === "output" ? (
            <OutputTab key={`${step.id}/${output.port}`} step={step} output={output} />
          ) : (
            <ChartsTab key={`${step.id}/${output.port}`} run={run} step={step} output={output} />
          )
        ) : step?.failure ? (
          <div className={styles.pad}>
            <ProblemCard problem={step.failure} />
          </div>
        ) : (
          <EmptyState tight {...emptyWords(node, run, step)} />
        )}
      </TabPanel>
    </div>
  );
}

/** Why there is nothing to see: nothing was chosen, nothing ran, it is still to come, or there is nothing. */
function emptyWords(
  node: string | undefined,
  run: Run | undefined,
  step: Step | undefined,
): { title: string; why: string } {
  if (!node)
    return {
      title: "No step chosen",
      why: "Choose a step on the canvas: its tables, charts and log appear here.",
    };
  if (!run) return { title: "Not run yet", why: "Submit the draft: every step keeps its outputs." };
  if (!step)
    return {
      title: `Not part of run ${run.number}`,
      why: "This step was added since. Submit the draft to see its outputs.",
    };
  switch (step.status) {
    case "completed":
      return { title: "Nothing comes out of this step", why: "It completed, and has no outputs." };
    case "skipped":
      return {
        title: "This step was skipped",
        why: "A step before it failed, so it had nothing to work on.",
      };
    case "canceling":
    case "canceled":
      return {
        title: "This step was stopped",
        why: "The run was stopped before this step made its outputs.",
      };
    case "failed":
      return { title: "This step failed", why: "Its problem and its log say why." };
    default:
      return isFinal(run.status)
        ? { title: "This step did not run", why: `Run ${run.number} ended before it.` }
        : { title: "No output yet", why: "Outputs appear here as soon as the step has made them." };
  }
}
