import { Link } from "@tanstack/react-router";
import type { Reason, Step } from "@/api/types";
import { TypeGlyph, typeWord } from "@/design/TypeGlyph";
import type { Port } from "../model/types";
import { stateWord } from "../state/steps";
import { useDesigner } from "../state/store";
import styles from "./Inspector.module.css";

const EFFECTS = {
  pure: "Same input and parameters, same result: it can be reused.",
  source: "Brings data into the pipeline.",
  sink: "Writes outside the pipeline.",
  user_code: "Runs code of yours in its own isolated process.",
};

/** What the component does, and why its step ran or did not have to. */
export function AboutTab({ id, step }: { id: string; step: Step | undefined }) {
  const ws = useDesigner((state) => state.ws);
  const node = useDesigner((state) => state.nodes.get(id));
  const catalog = useDesigner((state) => state.catalog);
  const state = useDesigner((all) => all.steps[id]);
  const stale = useDesigner((all) => all.stale.has(id));
  const readOnly = useDesigner((all) => all.readOnly);
  const planned = useDesigner((all) => all.plan?.steps.find((each) => each.node === id));
  const component = node && catalog.byId.get(node.component);
  if (!node) return null;
  return (
    <>
      {step && (
        <section className={styles.section}>
          <h3 className={styles.heading}>Last run</h3>
          <p className={styles.prose}>
            {sentence(stateWord(state, stale))}.
            {step.reused_from && (
              <>
                {" "}
                The result comes from{" "}
                <Link
                  to="/w/$ws/runs/$run"
                  params={{ ws, run: step.reused_from.run }}
                  style={{ color: "var(--focus)" }}
                >
                  run {step.reused_from.number}
                </Link>
                .
              </>
            )}
          </p>
          {step.reason && <Because reason={step.reason} />}
        </section>
      )}
      {!readOnly && planned && (
        <section className={styles.section}>
          <h3 className={styles.heading}>On submit</h3>
          <p className={styles.prose}>
            {planned.decision === "reuse" ? "The stored result is reused." : "The step runs."}
          </p>
          <Because reason={planned.reason} />
        </section>
      )}
      {component ? (
        <>
          <section className={styles.section}>
            <h3 className={styles.heading}>{component.title}</h3>
            <p className={styles.prose}>{component.description || component.summary}</p>
            <p className={styles.note}>{EFFECTS[component.effect]}</p>
          </section>
          <Ports title="Inputs" ports={component.inputs} />
          <Ports title="Outputs" ports={component.outputs} />
          <dl className={styles.facts}>
            <dt>Family</dt>
            <dd>{component.family}</dd>
            <dt>Version</dt>
            <dd>{component.version}</dd>
            <dt>Id</dt>
            <dd>
              <code>{component.id}</code>
            </dd>
          </dl>
        </>
      ) : (
        <p className={styles.prose}>
          <code>{node.component}</code> is not installed here. The step keeps its place, its connections and
          its settings, and cannot run.
        </p>
      )}
    </>
  );
}

function Ports({ title, ports }: { title: string; ports: readonly Port[] }) {
  if (!ports.length) return null;
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.list}>
        {ports.map((port) => (
          <li key={port.name} className={styles.item}>
            <TypeGlyph type={port.type} size={12} />
            <span className={styles.grow}>
              <b>{port.title}</b>
              <span className={styles.quiet}>
                {typeWord(port.type)}
                {port.required === false ? ", optional" : ""}
                {port.help ? `. ${port.help}` : ""}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why a step ran, field by field: what was, and what is. */
export function Because({ reason }: { reason: Reason }) {
  return (
    <>
      {reason.text && <p className={styles.note}>{reason.text}</p>}
      {reason.differences.length > 0 && (
        <dl className={styles.diff}>
          {reason.differences.map(({ field, old, new: now }) => (
            <div key={field} style={{ display: "contents" }}>
              <dt>{field}</dt>
              <dd>
                <del>{short(old)}</del> → <ins>{short(now)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "none");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
