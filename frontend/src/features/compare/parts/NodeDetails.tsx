import { useQuery } from "@tanstack/react-query";
import { componentsQuery } from "@/api/session";
import type { GraphDifference, Json, NodeDifference } from "@/api/types";
import { formatNumber, plural } from "@/design/format";
import { metricTitle } from "@/design/metrics";
import { statusWord } from "@/design/status";
import { stateWord } from "../model/drawing";
import { delta } from "../model/metrics";
import { isLong, valueText } from "../model/values";
import styles from "./Graph.module.css";
import { StateMark } from "./StateMark";

function sizeText(rows: number | null, columns: number | null): string {
  if (rows === null && columns === null) return "none";
  return `${formatNumber(rows ?? 0)} × ${formatNumber(columns ?? 0)}`;
}

/** One step: what was changed in it, and what it did otherwise. */
export function NodeDetails({ node, difference }: { node: NodeDifference; difference: GraphDifference }) {
  const { consequences } = node;
  const edges = [
    ...difference.edges_added.map((edge) => ({ edge, word: "Added" })),
    ...difference.edges_removed.map((edge) => ({ edge, word: "Removed" })),
  ].filter(({ edge }) => edge.target === node.key || edge.source === node.key);
  const titleOf = (key: string) => difference.nodes.find((each) => each.key === key)?.title ?? key;
  // Another component has other parameters: they are worth a look, not the first one.
  const swapped = node.fields.some((field) => field.field === "component");
  const words = node.fields.filter((field) => !field.field.startsWith("parameters."));
  const rest = node.fields.filter((field) => field.field.startsWith("parameters."));
  const components = useQuery(componentsQuery());
  const titles = new Map(
    components.data?.map((each) => [each.id, `${each.title} (version ${each.version})`]),
  );
  const quiet =
    !node.fields.length && !edges.length && !consequences.metrics.length && !consequences.outputs.length;
  return (
    <section className={styles.details} aria-label={`${node.title}: changes`}>
      <h3>
        <StateMark state={node.state} />
        {node.title}
        <small>{stateWord(node)}</small>
      </h3>
      {node.fields.length > 0 &&
        (swapped ? (
          <>
            <Fields fields={words} titles={titles} />
            {rest.length > 0 && (
              <details className={styles.more}>
                <summary>{plural(rest.length, "parameter")} of the two components</summary>
                <Fields fields={rest} titles={titles} />
              </details>
            )}
          </>
        ) : (
          <Fields fields={node.fields} titles={titles} />
        ))}
      {edges.length > 0 && (
        <>
          <h4>Connections</h4>
          <ul className={styles.changes}>
            {edges.map(({ edge, word }) => (
              <li key={`${word} ${edge.source}.${edge.source_port} ${edge.target}.${edge.target_port}`}>
                {word}: {titleOf(edge.source)} ({edge.source_port}) → {titleOf(edge.target)} (
                {edge.target_port})
              </li>
            ))}
          </ul>
        </>
      )}
      {(consequences.metrics.length > 0 || consequences.outputs.length > 0) && (
        <>
          <h4>Consequences</h4>
          <table className={styles.consequences}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Baseline</th>
                <th scope="col">This run</th>
              </tr>
            </thead>
            <tbody>
              {consequences.metrics.map((metric) => {
                const away = delta(metric.name, metric.new, metric.old);
                return (
                  <tr key={metric.name}>
                    <th scope="row">{metricTitle(metric.name)}</th>
                    <td>{formatNumber(metric.old) || "–"}</td>
                    <td>
                      {formatNumber(metric.new) || "–"}
                      {away && <small> {away.text}</small>}
                    </td>
                  </tr>
                );
              })}
              {consequences.outputs.map((output) => (
                <tr key={output.port}>
                  <th scope="row">
                    {output.title}
                    {output.type === "table" && <small> rows × columns</small>}
                  </th>
                  {output.type === "table" ? (
                    <>
                      <td>{sizeText(output.rows_old, output.columns_old)}</td>
                      <td>{sizeText(output.rows_new, output.columns_new)}</td>
                    </>
                  ) : (
                    <td colSpan={2}>other content</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {consequences.status_old &&
        consequences.status_new &&
        consequences.status_old !== consequences.status_new && (
          <p className={styles.line}>
            {statusWord(consequences.status_old)} in the baseline,{" "}
            {statusWord(consequences.status_new).toLowerCase()} here.
          </p>
        )}
      {quiet && <p className={styles.line}>Same settings, and the same outputs byte for byte.</p>}
    </section>
  );
}

function Fields({
  fields,
  titles,
}: {
  fields: NodeDifference["fields"];
  titles: ReadonlyMap<string, string>;
}) {
  const shown = (field: string, value: Json) =>
    field === "component" && typeof value === "string" ? (titles.get(value) ?? value) : value;
  return (
    <dl className={styles.fields}>
      {fields.map((field) => (
        <div key={field.field}>
          <dt>{field.title}</dt>
          <dd>
            <Value value={shown(field.field, field.old)} />
            <span aria-hidden="true"> → </span>
            <span className="visually-hidden"> became </span>
            <b>
              <Value value={shown(field.field, field.new)} />
            </b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { value: Json }) {
  if (!isLong(value)) return <>{valueText(value)}</>;
  return (
    <details className={styles.long}>
      <summary>{valueText(value)}</summary>
      <pre>{value}</pre>
    </details>
  );
}
