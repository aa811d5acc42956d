import { CircleAlert, Copy, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { toProblem } from "@/api/problem";
import type { ProblemDetails } from "@/api/types";
import { Button } from "./Button";
import { copyText } from "./copy";
import styles from "./ProblemCard.module.css";

export interface ProblemCardProps {
  /** A Problem, anything thrown, or a failure document of an activity. */
  problem: unknown;
  onRetry?: () => void;
  /** Further buttons, for example the fix. */
  actions?: ReactNode;
}

function details(
  problem: unknown,
): Pick<ProblemDetails, "title" | "detail" | "errors" | "fix" | "trace_id" | "traceback"> {
  if (problem && typeof problem === "object" && !(problem instanceof Error) && "title" in problem) {
    const shape = problem as Partial<ProblemDetails>;
    return {
      ...shape,
      title: shape.title ?? "Failed",
      detail: shape.detail ?? "",
      errors: shape.errors ?? [],
    };
  }
  const found = toProblem(problem);
  return {
    title: found.title,
    detail: found.detail,
    errors: found.errors,
    fix: found.fix,
    trace_id: found.trace_id,
    traceback: typeof found.body.traceback === "string" ? found.body.traceback : null,
  };
}

/** What failed, why, and what to do: the API's problem as a card. */
export function ProblemCard({ problem, onRetry, actions }: ProblemCardProps) {
  const shown = details(problem);
  const errors = shown.errors.filter((error) => error.detail && error.detail !== shown.detail);
  return (
    <div className={styles.card} role="alert">
      <CircleAlert className={styles.icon} size={16} strokeWidth={1.9} aria-hidden="true" />
      <div className={styles.body}>
        <p className={styles.title}>{shown.title}</p>
        {shown.detail && <p className={styles.detail}>{shown.detail}</p>}
        {errors.length > 0 && (
          <ul className={styles.list}>
            {errors.map((error) => (
              <li key={`${error.code}-${error.node}-${error.parameter}-${error.detail}`}>
                {error.detail}
                {error.fix && <span className={styles.fix}> {error.fix}</span>}
              </li>
            ))}
          </ul>
        )}
        {shown.fix && <p className={styles.fix}>{shown.fix}</p>}
        {shown.traceback && (
          <details>
            <summary>Traceback</summary>
            <pre className={styles.traceback}>{shown.traceback}</pre>
          </details>
        )}
        {(onRetry || actions || shown.trace_id) && (
          <div className={styles.foot}>
            {actions}
            {onRetry && (
              <Button size="compact" icon={<RotateCw size={13} />} onClick={onRetry}>
                Retry
              </Button>
            )}
            {shown.trace_id && (
              <Button
                size="compact"
                variant="quiet"
                icon={<Copy size={12} />}
                onClick={() => copyText(shown.trace_id ?? "")}
              >
                <span className={styles.trace}>Trace {shown.trace_id}</span>
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
