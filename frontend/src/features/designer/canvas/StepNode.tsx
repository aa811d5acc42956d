import { Handle, type NodeProps, Position, useStore } from "@xyflow/react";
import { CircleAlert, MessageSquareText } from "lucide-react";
import { memo } from "react";
import { Duration } from "@/design/Duration";
import { Bolt, StatusRing } from "@/design/StatusMark";
import { typeWord } from "@/design/TypeGlyph";
import { iconOf } from "../icons";
import { stepTitle, summarize } from "../model/selectors";
import type { Port } from "../model/types";
import { type FlowNode, portAt, portsOf } from "../state/flow";
import { faceOf, type StepState, stateWord, WORKING } from "../state/steps";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./StepNode.module.css";

/** 0 below 50 % zoom (a dot, a title, bare ports), 1 up to 80 % (larger type), 2 above. */
const level = (state: { transform: [number, number, number] }) =>
  state.transform[2] < 0.5 ? 0 : state.transform[2] < 0.8 ? 1 : 2;

/** A step on the canvas. Plain elements only, and each step listens to nothing but itself. */
export const StepNode = memo(function StepNode({ id, isConnectable }: NodeProps<FlowNode>) {
  const store = useDesignerStore();
  const detail = useStore(level);
  const node = useDesigner((state) => state.nodes.get(id));
  const step = useDesigner((state) => state.steps[id]);
  const stale = useDesigner((state) => state.stale.has(id));
  const problem = useDesigner((state) => state.problems.get(id));
  const cached = useDesigner((state) => state.reusable.has(id));
  if (!node) return null;
  const { catalog, document } = store.getState();
  const component = catalog.byId.get(node.component);
  const title = stepTitle(node, catalog);
  const ports = portsOf(node, component, document.graph.edges);
  const face = faceOf(step, stale);
  const description = [
    stateWord(step, stale),
    step && WORKING.has(step.status) && step.phase ? step.phase : null,
    problem ? `problem: ${problem.message}` : null,
  ]
    .filter(Boolean)
    .join(", ");

  if (detail === 0) {
    return (
      <div
        className={styles.small}
        data-face={face}
        data-problem={problem ? "" : undefined}
        data-takes={types(ports.inputs)}
        data-gives={types(ports.outputs)}
      >
        <i className={styles.dot} />
        <b className={styles.smallTitle}>{title}</b>
        <span id={`step-state-${id}`} hidden>
          {description}
        </span>
        <Ports title={title} ports={ports} connectable={isConnectable} bare />
      </div>
    );
  }

  const Icon = iconOf(component);
  return (
    <div
      className={styles.step}
      data-face={face}
      data-detail={detail}
      data-problem={problem ? "" : undefined}
      data-missing={component ? undefined : ""}
      data-takes={types(ports.inputs)}
      data-gives={types(ports.outputs)}
    >
      {step ? (
        <StatusRing status={stale ? "not_started" : step.status} progress={step.progress} size={34}>
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        </StatusRing>
      ) : (
        <span className={styles.plain}>
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        </span>
      )}
      <span className={styles.text}>
        <b className={styles.title}>{title}</b>
        <span className={styles.line}>
          <span className={styles.summary}>{lineOf(step, stale) ?? summarize(node, component)}</span>
          {step && !stale && !step.reused && <Time step={step} />}
        </span>
      </span>
      <span className={styles.side}>
        {problem && !step?.failure ? (
          <span className={styles.alert} data-tip={problem.message}>
            <CircleAlert size={14} strokeWidth={2} aria-hidden="true" />
          </span>
        ) : step?.reused && !stale ? (
          <span
            className={styles.bolt}
            data-tip={step.reason?.text ?? `Reused from run ${step.reused.number}`}
          >
            <Bolt size={10} />
          </span>
        ) : cached && !step ? (
          <span className={styles.bolt} data-tip="A stored result will be reused">
            <Bolt size={10} />
          </span>
        ) : null}
        {node.comment && (
          <span
            className={styles.note}
            data-tip={node.comment.length > 160 ? `${node.comment.slice(0, 160)}…` : node.comment}
          >
            <MessageSquareText size={12} aria-hidden="true" />
          </span>
        )}
      </span>
      <span id={`step-state-${id}`} hidden>
        {description}
      </span>
      <Ports title={title} ports={ports} connectable={isConnectable} />
    </div>
  );
});

/** While something happens, or went wrong, that is the line; else the key parameters are. */
function lineOf(step: StepState | undefined, stale: boolean): string | null {
  if (!step || stale) return null;
  if (step.status === "failed") return step.failureTitle ?? step.failure?.title ?? "Failed";
  if (WORKING.has(step.status))
    return step.phase || (step.progress === null ? null : `${Math.round(step.progress * 100)}%`);
  if (step.status === "queued" && step.waitReason) return step.waitReason;
  return null;
}

function Time({ step }: { step: StepState }) {
  const live = WORKING.has(step.status);
  if (!live && step.durationS === null && !step.finishedAt) return null;
  return (
    <span className={styles.time}>
      <Duration
        seconds={live ? null : step.durationS}
        startedAt={step.startedAt}
        finishedAt={step.finishedAt}
        live={live}
      />
    </span>
  );
}

function types(ports: readonly Port[]): string {
  return ports.map((port) => port.type).join(" ");
}

function Ports({
  title,
  ports,
  connectable,
  bare,
}: {
  title: string;
  ports: { inputs: Port[]; outputs: Port[] };
  connectable: boolean;
  bare?: boolean;
}) {
  const glyph = bare ? null : <i />;
  return (
    <>
      {ports.inputs.map((port, index) => (
        <Handle
          key={`in-${port.name}`}
          id={port.name}
          type="target"
          position={Position.Top}
          isConnectable={connectable}
          className={styles.port}
          style={{ left: `${portAt(index, ports.inputs.length)}%` }}
          role="img"
          aria-label={`${title} input ${port.title}`}
          data-type={port.type}
          data-side="input"
          data-tip={`${port.title} · ${typeWord(port.type).toLowerCase()}${port.required === false ? " · optional" : ""}`}
        >
          {glyph}
        </Handle>
      ))}
      {ports.outputs.map((port, index) => (
        <Handle
          key={`out-${port.name}`}
          id={port.name}
          type="source"
          position={Position.Bottom}
          isConnectable={connectable}
          className={styles.port}
          style={{ left: `${portAt(index, ports.outputs.length)}%` }}
          role="img"
          aria-label={`${title} output ${port.title}`}
          data-type={port.type}
          data-side="output"
          data-tip={`${port.title} · ${typeWord(port.type).toLowerCase()}`}
        >
          {glyph}
        </Handle>
      ))}
    </>
  );
}
