import { useQuery } from "@tanstack/react-query";
import { Play, Zap } from "lucide-react";
import type { Plan } from "@/api/types";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { formatDuration, plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import styles from "./PlanDialog.module.css";

/** What would happen, step by step and why, before it happens. */
export function PlanDialog({
  title,
  verb,
  load,
  queryKey,
  busy,
  problem,
  onRun,
  onClose,
}: {
  title: string;
  /** On the button, before the count: *Run* or *Resume*. */
  verb: string;
  load: (signal: AbortSignal) => Promise<Plan>;
  queryKey: readonly unknown[];
  busy: boolean;
  problem: unknown;
  onRun: (plan: Plan) => void;
  onClose: () => void;
}) {
  const plan = useQuery({
    queryKey: [...queryKey, "plan-dialog"],
    queryFn: ({ signal }) => load(signal),
    // What was true a moment ago is not what will happen: it is asked each time it is shown.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const found = plan.data;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={title}
      size={720}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            data-autofocus
            busy={busy}
            disabled={!found || plan.isFetching}
            onClick={() => found && onRun(found)}
          >
            {found?.run ? `${verb} ${plural(found.run, "step")}` : verb}
          </Button>
        </>
      }
    >
      {plan.isPending && <SkeletonRows count={5} />}
      {plan.isError && <ProblemCard problem={plan.error} onRetry={() => plan.refetch()} />}
      {problem !== null && problem !== undefined && (
        <ProblemCard problem={problem} onRetry={() => plan.refetch()} />
      )}
      {found && (
        <>
          <p className={styles.summary}>
            <b>{plural(found.run, "step")}</b> {found.run === 1 ? "runs" : "run"}, {found.reuse}{" "}
            {found.reuse === 1 ? "is" : "are"} reused.{" "}
            {found.run === 0
              ? "Nothing has to be computed."
              : found.expected_s === null
                ? "How long it takes is not known yet: some of it never ran here."
                : `About ${formatDuration(found.expected_s)} by what it took before.`}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
          <div className={styles.scroll} role="region" aria-label="Planned steps" tabIndex={0}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Step</th>
                  <th scope="col">What happens</th>
                  <th scope="col">Why</th>
                  <th scope="col" className={styles.number}>
                    Takes
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.steps.map((step) => (
                  <tr key={step.node}>
                    <th scope="row" title={step.title}>
                      {step.title}
                    </th>
                    <td>
                      <span className={styles.decision} data-decision={step.decision}>
                        {step.decision === "reuse" ? (
                          <Zap size={13} aria-hidden="true" />
                        ) : (
                          <Play size={13} aria-hidden="true" />
                        )}
                        {step.decision === "reuse" ? "Reused" : "Runs"}
                      </span>
                    </td>
                    <td className={styles.why}>{step.reason.text}</td>
                    <td className={styles.number}>
                      {step.decision === "reuse"
                        ? ""
                        : step.expected_s === null
                          ? "not known"
                          : formatDuration(step.expected_s)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Dialog>
  );
}
