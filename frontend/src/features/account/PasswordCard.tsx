import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/client";
import { changePassword } from "@/api/session";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { PasswordField } from "@/design/PasswordField";
import { ProblemCard } from "@/design/ProblemCard";
import { toast } from "@/design/toast";
import styles from "./Account.module.css";

export function PasswordCard() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword({ current_password: current, new_password: next }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setAgain("");
      toast("Password changed. Other sessions are signed out.");
    },
  });
  const problem = change.error ? toProblem(change.error) : null;
  const differs = again !== "" && again !== next;
  return (
    <Card title="Password">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={current}
          error={problem?.forField("current_password")}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          value={next}
          error={problem?.forField("new_password")}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <PasswordField
          label="New password again"
          autoComplete="new-password"
          value={again}
          error={differs ? "The two are not the same." : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {problem && <ProblemCard problem={problem} />}
        <div>
          <Button type="submit" busy={change.isPending} disabled={!next || next !== again}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
