import { useMemo, useState } from "react";
import type { Json, ModelDocument, TransformationDocument, UntrainedModelDocument } from "@/api/types";
import { SelectField } from "@/design/Field";
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

/** Weights by feature; of several classes, those of the chosen one. */
function Coefficients({ items }: { items: NonNullable<ModelDocument["coefficients"]> }) {
  const classes = [...new Set(items.map((item) => item.class).filter((name) => name !== undefined))];
  const [chosen, setChosen] = useState(classes[0]);
  const shown = classes.length ? items.filter((item) => item.class === chosen) : items;
  return (
    <>
      {classes.length > 1 && (
        <SelectField
          label="Class"
          data={classes}
          value={chosen ?? null}
          allowDeselect={false}
          onChange={(name) => setChosen(name ?? undefined)}
        />
      )}
      <BarList items={shown} label={chosen === undefined ? "Coefficients" : `Coefficients of ${chosen}`} />
    </>
  );
}

function Centers({ document }: { document: ModelDocument }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Cluster</th>
            {document.features.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {document.centers?.map((center, cluster) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the position is the cluster's name.
            <tr key={cluster}>
              <th scope="row">{cluster}</th>
              {center.map((value, at) => (
                <td key={document.features[at]}>{formatNumber(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
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
    ["Algorithm", document.title ?? document.algorithm],
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
          <Coefficients items={document.coefficients} />
        </section>
      )}
      {document.kind === "model" && document.centers && document.centers.length > 0 && (
        <section className={`${styles.part} ${styles.wide}`}>
          <h2>Centers</h2>
          <Centers document={document} />
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
