import { useEffect, useMemo, useRef } from "react";
import type { Json, TableSchema } from "@/api/types";
import { TextAreaField } from "@/design/Field";
import { SchemaForm } from "@/forms/SchemaForm";
import { commentStep, setParameter } from "../model/edits";
import { incoming } from "../model/selectors";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Inspector.module.css";

/** The form that the component's declaration makes, with the problems of this step at their fields. */
export function ParametersTab({ id, field, count }: { id: string; field: string | null; count: number }) {
  const store = useDesignerStore();
  const node = useDesigner((state) => state.nodes.get(id));
  const catalog = useDesigner((state) => state.catalog);
  const document = useDesigner((state) => state.document);
  const schemas = useDesigner((state) => state.schemas);
  const issues = useDesigner((state) => state.issues);
  const failure = useDesigner((state) => (state.stale.has(id) ? null : (state.steps[id]?.failure ?? null)));
  const ws = useDesigner((state) => state.ws);
  const readOnly = useDesigner((state) => state.readOnly);
  const root = useRef<HTMLDivElement>(null);
  const component = node && catalog.byId.get(node.component);

  // The columns that reach each input, as far as they are known without a run.
  const columns = useMemo(() => {
    const known: Record<string, TableSchema | null> = {};
    for (const edge of incoming(document, id))
      known[edge.target_port] = schemas[edge.source]?.[edge.source_port] ?? null;
    return known;
  }, [document, schemas, id]);

  const errors = useMemo(() => {
    const found: Record<string, string> = {};
    for (const error of failure?.errors ?? []) if (error.parameter) found[error.parameter] ??= error.detail;
    for (const issue of issues)
      if (issue.node === id && issue.parameter) found[issue.parameter] = issue.message;
    return found;
  }, [issues, failure, id]);

  useEffect(() => {
    if (!field || !count) return;
    const holder = root.current?.querySelector<HTMLElement>(`[data-parameter="${CSS.escape(field)}"]`);
    holder?.scrollIntoView({ block: "nearest" });
    holder?.querySelector<HTMLElement>("input, select, textarea, button, [tabindex='0']")?.focus();
  }, [field, count]);

  if (!node) return null;
  return (
    <div ref={root} className={styles.form}>
      {component ? (
        component.parameters.length ? (
          <SchemaForm
            workspace={ws}
            parameters={component.parameters}
            values={node.parameters}
            schemas={columns}
            errors={errors}
            readOnly={readOnly}
            onChange={(name: string, value: Json | undefined) => {
              const title = component.parameters.find((parameter) => parameter.name === name)?.title ?? name;
              store.getState().run(setParameter(id, name, title, value));
            }}
          />
        ) : (
          <p className={styles.note}>This step has nothing to set.</p>
        )
      ) : (
        <>
          <p className={styles.prose}>
            The component of this step is not installed here. Its settings are kept as they are:
          </p>
          <pre className={styles.raw}>{JSON.stringify(node.parameters, null, 2)}</pre>
        </>
      )}
      <hr className={styles.rule} />
      <TextAreaField
        label="Comment"
        placeholder={readOnly ? "None" : "What others should know about this step"}
        minRows={2}
        maxLength={2000}
        readOnly={readOnly}
        value={node.comment}
        onChange={(event) => store.getState().run(commentStep(id, event.currentTarget.value))}
      />
    </div>
  );
}
