import { ArrowUpFromLine, CopyPlus, Ellipsis, Pencil, StepForward, Trash2, Zap } from "lucide-react";
import { useEffect, useState } from "react";
import type { Run, Step } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { plural } from "@/design/format";
import { later } from "@/design/later";
import { ActionMenu } from "@/design/Menu";
import { TabPanel, Tabs } from "@/design/Tabs";
import { action } from "../actions/actions";
import { usePageDoings } from "../actions/context";
import { useActionContext } from "../actions/useKeys";
import { iconOf } from "../icons";
import { renameStep, upgradeStep } from "../model/edits";
import { stepTitle } from "../model/selectors";
import { TitleField } from "../parts/TitleField";
import { useDesigner, useDesignerStore } from "../state/store";
import { AboutTab } from "./AboutTab";
import styles from "./Inspector.module.css";
import { OutputsTab } from "./OutputsTab";
import { PipelinePanel } from "./PipelinePanel";
import { RunsTab } from "./RunsTab";

const ParametersTab = later(async () => (await import("./ParametersTab")).ParametersTab);

type Tab = "parameters" | "outputs" | "runs" | "about";

/** Everything about what is chosen on the canvas: a step, several, or the pipeline itself. */
export function Inspector({
  draftId,
  run,
  steps,
}: {
  draftId: string | null;
  run: Run | undefined;
  steps: readonly Step[];
}) {
  const selected = useDesigner((state) => state.selected);
  const [only] = selected;
  return (
    <div className={styles.inspector}>
      {selected.length === 1 && only ? (
        <StepPanel id={only} draftId={draftId} run={run} steps={steps} />
      ) : selected.length > 1 ? (
        <ManyPanel count={selected.length} />
      ) : (
        <PipelinePanel draftId={draftId} run={run} />
      )}
      <Foot />
    </div>
  );
}

function StepPanel({
  id,
  draftId,
  run,
  steps,
}: {
  id: string;
  draftId: string | null;
  run: Run | undefined;
  steps: readonly Step[];
}) {
  const store = useDesignerStore();
  const context = useActionContext();
  const page = usePageDoings();
  const node = useDesigner((state) => state.nodes.get(id));
  const catalog = useDesigner((state) => state.catalog);
  const readOnly = useDesigner((state) => state.readOnly);
  const reveal = useDesigner((state) => (state.reveal?.node === id ? state.reveal : null));
  const [tab, setTab] = useState<Tab>("parameters");
  useEffect(() => {
    if (reveal?.field) setTab("parameters");
  }, [reveal]);
  if (!node) return null;
  const component = catalog.byId.get(node.component);
  const latest = component && catalog.latestByName.get(component.name);
  const newer = component && latest && latest.version > component.version ? latest : null;
  const Icon = iconOf(component);
  const entry = (name: string, icon: React.ReactNode, danger = false) => ({
    label: action(name).label,
    icon,
    danger,
    onSelect: () => void action(name).perform(context),
  });
  return (
    <>
      <header className={styles.head}>
        <span className={styles.icon}>
          <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <div className={styles.names}>
          <h2 className={styles.title}>
            <TitleField
              value={stepTitle(node, catalog)}
              label="Step name"
              placeholder={component?.title ?? node.component}
              readOnly={readOnly}
              focusCount={reveal?.field === "title" ? reveal.count : 0}
              onChange={(title) =>
                store.getState().run(renameStep(id, title === component?.title ? null : title))
              }
            />
          </h2>
          <p className={styles.sub}>
            {component ? (
              <>
                {node.title ? component.title : component.family} <span className={styles.dot}>•</span> v
                {component.version}
              </>
            ) : (
              <>Not installed: {node.component}</>
            )}
          </p>
        </div>
        {!readOnly && (
          <ActionMenu
            opener={
              <IconButton size="compact" label="More about this step">
                <Ellipsis size={16} aria-hidden="true" />
              </IconButton>
            }
            entries={[
              ...(page.plan ? [entry("run-to-here", <StepForward size={14} />), "divider" as const] : []),
              entry("rename", <Pencil size={14} />),
              entry("duplicate", <CopyPlus size={14} />),
              ...(newer
                ? [
                    {
                      label: `Upgrade to version ${newer.version}`,
                      icon: <ArrowUpFromLine size={14} />,
                      onSelect: () => void store.getState().run(upgradeStep(node, newer)),
                    },
                  ]
                : []),
              "divider" as const,
              entry("delete", <Trash2 size={14} />, true),
            ]}
          />
        )}
      </header>
      <div className={styles.tabs}>
        <Tabs<Tab>
          id="inspector"
          label="About this step"
          value={tab}
          onChange={setTab}
          items={[
            { value: "parameters", label: "Parameters" },
            { value: "outputs", label: "Outputs" },
            { value: "runs", label: "Runs" },
            { value: "about", label: "About" },
          ]}
        />
      </div>
      <TabPanel id="inspector" value={tab} className={styles.body}>
        {tab === "parameters" && (
          <ParametersTab key={id} id={id} field={reveal?.field ?? null} count={reveal?.count ?? 0} />
        )}
        {tab === "outputs" && <OutputsTab id={id} />}
        {tab === "runs" && <RunsTab id={id} draftId={draftId} run={run} />}
        {tab === "about" && <AboutTab id={id} step={steps.find((step) => step.node === id)} />}
      </TabPanel>
    </>
  );
}

function ManyPanel({ count }: { count: number }) {
  const context = useActionContext();
  const page = usePageDoings();
  const readOnly = useDesigner((state) => state.readOnly);
  const store = useDesignerStore();
  const shown = ["run-selected", "duplicate", "tidy", "copy", "disconnect", "delete"]
    .map(action)
    .filter((each) => !(each.editing && readOnly) && each.enabled(store.getState(), page));
  return (
    <div className={styles.body}>
      <h2 className={styles.many}>{count} steps selected</h2>
      <div className={styles.stack}>
        {shown.map(({ id, label, icon: Icon, danger, perform }) => (
          <Button
            key={id}
            variant={danger ? "danger" : "secondary"}
            icon={<Icon size={14} aria-hidden="true" />}
            onClick={() => void perform(context)}
          >
            {label}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** What an edit costs: how much of the pipeline runs again. */
function Foot() {
  const plan = useDesigner((state) => state.plan);
  const readOnly = useDesigner((state) => state.readOnly);
  if (readOnly || !plan) return null;
  return (
    <footer className={styles.foot}>
      <Zap size={14} strokeWidth={1.75} aria-hidden="true" />
      <p>
        <b>{plural(plan.run, "step")}</b> {plan.run === 1 ? "reruns" : "rerun"} on submit. {plan.reuse}{" "}
        {plan.reuse === 1 ? "reuses its result" : "reuse their results"}.
      </p>
    </footer>
  );
}
