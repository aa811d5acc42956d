import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { keys } from "@/api/keys";
import type { Home } from "@/api/types";
import { dismissGettingStarted } from "@/api/workspaces";
import { IconButton, LinkButton } from "@/design/Button";
import { Card } from "@/design/Card";
import { ProblemCard } from "@/design/ProblemCard";
import styles from "./Home.module.css";

/** Three things to do first; gone for good when dismissed. */
export function GettingStarted({
  ws,
  start,
  name,
}: {
  ws: string;
  start: Home["getting_started"];
  name: string;
}) {
  const client = useQueryClient();
  const dismiss = useMutation({
    mutationFn: () => dismissGettingStarted(ws),
    // A toggle of one's own: shown at once, put right by the answer.
    onMutate: () =>
      client.setQueryData<Home>(
        keys.home(ws),
        (home) => home && { ...home, getting_started: { ...home.getting_started, dismissed: true } },
      ),
    onError: () => client.invalidateQueries({ queryKey: keys.home(ws) }),
  });
  const steps = [
    {
      done: start.uploaded_dataset,
      title: "Add data",
      text: "Drop a CSV; check how it is read.",
      to: "/w/$ws/data" as const,
      label: "Add a dataset",
    },
    {
      done: start.drew_pipeline,
      title: "Draw a pipeline",
      text: "From steps, or from a sample.",
      to: "/w/$ws/designer" as const,
      label: "Open the designer",
    },
    {
      done: start.ran_pipeline,
      title: "Run it",
      text: "Watch each step and look at every output.",
      to: "/w/$ws/designer" as const,
      label: "Choose a draft",
    },
  ];
  const next = steps.findIndex((step) => !step.done);
  return (
    <Card>
      <div className={styles.start}>
        <div className={styles.startHead}>
          <div>
            <h2>Welcome, {name}</h2>
            <p>From a file to a trained model in three steps.</p>
          </div>
          <IconButton label="Dismiss getting started" size="compact" onClick={() => dismiss.mutate()}>
            <X size={15} />
          </IconButton>
        </div>
        <ol className={styles.steps}>
          {steps.map((step, i) => (
            <li key={step.title} className={styles.step} data-done={step.done}>
              <span className={styles.mark}>
                {step.done ? <Check size={12} strokeWidth={3} aria-label="Done" /> : i + 1}
              </span>
              <strong>{step.title}</strong>
              <p>{step.text}</p>
              {step.done ? (
                <span />
              ) : (
                <LinkButton
                  size="compact"
                  variant={i === next ? "primary" : "secondary"}
                  to={step.to}
                  params={{ ws }}
                  search={{}}
                >
                  {step.label}
                </LinkButton>
              )}
            </li>
          ))}
        </ol>
        {dismiss.isError && <ProblemCard problem={dismiss.error} />}
      </div>
    </Card>
  );
}
