import { ChevronDown, ListChecks } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/design/Button";
import { SwitchField, TextField } from "@/design/Field";
import { Kbd } from "@/design/Kbd";
import { Popover } from "@/design/Popover";
import { changeSettings } from "../model/edits";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./SubmitButton.module.css";

export interface SubmitOptions {
  display_name?: string;
  selection?: string[];
  plan_digest?: string;
}

/** Submit, and the few things that can be said about a run before it starts. */
export function SubmitButton({
  disabled,
  reason,
  busy,
  onSubmit,
  onPlan,
}: {
  disabled: boolean;
  reason: string | null;
  busy: boolean;
  onSubmit: (options: SubmitOptions) => void;
  /** Shows what a submit would do. */
  onPlan: (() => void) | null;
}) {
  const store = useDesignerStore();
  const settings = useDesigner((state) => state.document.graph.settings);
  const readOnly = useDesigner((state) => state.readOnly);
  const [name, setName] = useState("");
  const [opened, setOpened] = useState(false);
  const submit = () => {
    setOpened(false);
    onSubmit(name.trim() ? { display_name: name.trim() } : {});
    setName("");
  };
  return (
    <span className={styles.pair}>
      <Button
        variant="primary"
        aria-label="Submit"
        aria-describedby={reason ? "submit-reason" : undefined}
        title={reason ?? undefined}
        disabled={disabled}
        busy={busy}
        onClick={submit}
      >
        Submit
        <span className={styles.keys} aria-hidden="true">
          <Kbd keys="mod+enter" hint />
        </span>
      </Button>
      {reason && (
        <span id="submit-reason" hidden>
          {reason}
        </span>
      )}
      <Popover
        label="Submit options"
        opened={opened}
        onChange={setOpened}
        opener={
          <IconButton
            variant="primary"
            label="Submit options"
            disabled={readOnly}
            onClick={() => setOpened(!opened)}
          >
            <ChevronDown size={15} aria-hidden="true" />
          </IconButton>
        }
      >
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (!disabled) submit();
          }}
        >
          <TextField
            label="Run name"
            placeholder="Named after the draft"
            value={name}
            maxLength={200}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <SwitchField
            label="Continue when a step fails"
            description="Steps that do not depend on the failed one still run."
            checked={settings.continue_on_step_failure === true}
            onChange={(event) =>
              store
                .getState()
                .run(changeSettings({ ...settings, continue_on_step_failure: event.currentTarget.checked }))
            }
          />
          <div className={styles.choices}>
            {onPlan && (
              <Button
                icon={<ListChecks size={14} aria-hidden="true" />}
                onClick={() => {
                  setOpened(false);
                  onPlan();
                }}
              >
                Show plan
              </Button>
            )}
            <Button type="submit" variant="primary" disabled={disabled}>
              Submit run
            </Button>
          </div>
        </form>
      </Popover>
    </span>
  );
}
