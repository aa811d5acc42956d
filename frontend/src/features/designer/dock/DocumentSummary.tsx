import type { ReactNode } from "react";
import type { Json, OutputDocument } from "@/api/types";
import { formatNumber, plural, sentence } from "@/design/format";
import { Tag } from "@/design/Tag";
import styles from "./Dock.module.css";

/** A report, a model or a transformation in words and numbers. Its curves are in the Charts tab. */
export function DocumentSummary({ document }: { document: OutputDocument }) {
  switch (document.kind) {
    case "evaluation": {
      const names = [...new Set(document.results.flatMap((result) => Object.keys(result.metrics)))];
      return (
        <table className={styles.metrics}>
          <caption className="visually-hidden">Metrics of each scored dataset</caption>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {document.results.map((result) => (
                <th scope="col" key={result.name}>
                  {result.name} <small>{plural(result.rows, "row")}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{metricName(name)}</th>
                {document.results.map((result) => (
                  <td key={result.name}>
                    {formatNumber(result.metrics[name] ?? null, { digits: 5 }) || "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    }
    case "model":
      return (
        <div className={styles.split}>
          <section>
            <h3 className={styles.subhead}>{document.algorithm}</h3>
            <Facts
              facts={[
                ["Task", sentence(document.task)],
                ["Label", document.label ?? "None"],
                ["Features", formatNumber(document.features.length)],
                ...(document.training
                  ? ([["Trained on", `${formatNumber(document.training.rows)} rows`]] as [
                      string,
                      ReactNode,
                    ][])
                  : []),
              ]}
            />
            <p className={styles.tags}>
              {document.features.slice(0, 60).map((name) => (
                <Tag key={name}>{name}</Tag>
              ))}
              {document.features.length > 60 && ` and ${document.features.length - 60} more`}
            </p>
          </section>
          <section>
            <h3 className={styles.subhead}>Parameters</h3>
            <Facts facts={parameters(document.parameters)} />
          </section>
        </div>
      );
    case "untrained_model":
      return (
        <section>
          <h3 className={styles.subhead}>
            {document.algorithm}, {sentence(document.task).toLowerCase()}
          </h3>
          <Facts facts={parameters(document.parameters)} />
        </section>
      );
    case "transformation":
      return (
        <section>
          <h3 className={styles.subhead}>{document.name}</h3>
          <table className={styles.metrics}>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">What is done</th>
                <th scope="col">Detail</th>
              </tr>
            </thead>
            <tbody>
              {document.columns.map(({ name, action, detail }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className={styles.words}>{action}</td>
                  <td className={styles.words}>{detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      );
  }
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
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

function parameters(values: Record<string, Json>): [string, ReactNode][] {
  return Object.entries(values).map(([name, value]) => [
    sentence(name),
    typeof value === "number"
      ? formatNumber(value)
      : typeof value === "string"
        ? value
        : (JSON.stringify(value) ?? ""),
  ]);
}

/** Short names stay in capitals; the rest become words. */
export function metricName(name: string): string {
  return /^(auc|rmse|mae|mse|r2|f1|rse|rae)$/i.test(name)
    ? name.toUpperCase().replace("R2", "R²")
    : sentence(name);
}
