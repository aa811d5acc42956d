import { useMemo } from "react";
import type { Json, ModelDocument, TransformationDocument, UntrainedModelDocument } from "@/api/types";
import { formatNumber, plural, sentence } from "@/design/format";
import { BarList } from "./BarList";
import { LinePanel, type LineSeries } from "./LinePanel";
import styles from "./ModelSummary.module.css";

function valueText(value: Json): string {
  if (value === null) return "none";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function Facts({ facts }: { facts: [string, string][] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Curve({ points }: { points: NonNullable<ModelDocument["learning_curve"]> }) {
  const series = useMemo(() => {
    const lines = new Map<string, LineSeries>();
    for (const point of points) {
      const line = lines.get(point.name) ?? { name: point.name, points: [] };
      line.points.push({ x: point.iteration, y: point.value });
      lines.set(point.name, line);
    }
    return [...lines.values()];
  }, [points]);
  return <LinePanel label="Learning curve" xLabel="iteration" series={series} />;
}

/** A model, an untrained model or a transformation, as far as its document tells. */
export function ModelSummary({
  document,
}: {
  document: ModelDocument | UntrainedModelDocument | TransformationDocument;
}) {
  if (document.kind === "transformation")
    return (
      <div className={styles.summary}>
        <section className={`${styles.part} ${styles.wide}`}>
          <h2>{document.name}</h2>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Action</th>
                <th scope="col">Detail</th>
              </tr>
            </thead>
            <tbody>
              {document.columns.map((column) => (
                <tr key={`${column.name}-${column.action}`}>
                  <td>{column.name}</td>
                  <td>{column.action}</td>
                  <td>{column.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    );
  const parameters = Object.entries(document.parameters).map(([name, value]): [string, string] => [
    sentence(name),
    valueText(value),
  ]);
  const facts: [string, string][] = [
    ["Algorithm", document.algorithm],
    ["Task", sentence(document.task)],
  ];
  if (document.kind === "model") {
    if (document.label) facts.push(["Label", document.label]);
    facts.push(["Features", formatNumber(document.features.length)]);
    if (document.training)
      facts.push([
        "Trained on",
        `${plural(document.training.rows, "row")}, ${plural(document.training.columns, "column")}`,
      ]);
  } else facts.push(["State", "Not trained yet"]);
  return (
    <div className={styles.summary}>
      <section className={styles.part}>
        <h2>{document.kind === "model" ? "Model" : "Untrained model"}</h2>
        <Facts facts={facts} />
      </section>
      {parameters.length > 0 && (
        <section className={styles.part}>
          <h2>Parameters</h2>
          <Facts facts={parameters} />
        </section>
      )}
      {document.kind === "model" && document.importance && document.importance.length > 0 && (
        <section className={styles.part}>
          <h2>Feature importance</h2>
          <BarList items={document.importance} label="Feature importance" />
        </section>
      )}
      {document.kind === "model" && document.coefficients && document.coefficients.length > 0 && (
        <section className={styles.part}>
          <h2>Coefficients</h2>
          <BarList items={document.coefficients} label="Coefficients" />
        </section>
      )}
      {document.kind === "model" && document.learning_curve && document.learning_curve.length > 0 && (
        <section className={styles.part}>
          <h2>Learning curve</h2>
          <Curve points={document.learning_curve} />
        </section>
      )}
      {document.kind === "model" && document.features.length > 0 && (
        <section className={`${styles.part} ${styles.wide}`}>
          <h2>Features</h2>
          <p style={{ color: "var(--text-2)" }}>{document.features.join(", ")}</p>
        </section>
      )}
    </div>
  );
}
