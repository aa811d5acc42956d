import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { outputQuery } from "@/api/runs";
import type { EvaluationDocument } from "@/api/types";
import { Evaluation } from "@/charts/evaluation/Evaluation";
import { OutputDocumentView } from "@/charts/OutputDocumentView";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { joinedEvaluation, type OutputChoice } from "../model/outputs";
import styles from "./Outputs.module.css";
import { RunHead } from "./RunHead";
import type { View } from "./view";

/** Reports of several runs: evaluations in one picture, models beside each other. */
export function DocumentsPart({ view, choice }: { view: View; choice: OutputChoice }) {
  const runs = choice.runs.filter(({ output }) => output.has_document);
  const details = useQueries({
    queries: runs.map(({ cell, output }) => outputQuery(view.ws, cell.id, output.port)),
  });
  const failed = details.find((detail) => detail.isError && !detail.data);
  const documents = details.map((detail) => detail.data?.document);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the documents stand for the lists made of them
  const joined = useMemo(() => {
    const parts = runs.flatMap(({ line }, i) => {
      const document = documents[i];
      return document?.kind === "evaluation" ? [{ line, document: document as EvaluationDocument }] : [];
    });
    return parts.length ? joinedEvaluation(parts) : null;
  }, [choice, ...documents]);
  return (
    <>
      {failed && <ProblemCard problem={failed.error} onRetry={() => void failed.refetch()} />}
      {details.some((detail) => detail.isPending) ? (
        <SkeletonRows count={8} />
      ) : joined ? (
        <div className={styles.evaluation}>
          <Evaluation document={joined.document} places={joined.places} />
        </div>
      ) : (
        <div className={styles.documents}>
          {runs.map(({ line }, i) => (
            <section key={line.id} className={styles.document} aria-label={line.name}>
              <header className={styles.documentHead}>
                <RunHead line={line} ws={view.ws} />
              </header>
              <OutputDocumentView document={documents[i] ?? null} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}
