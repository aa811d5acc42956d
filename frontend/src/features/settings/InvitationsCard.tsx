import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Link2 } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import type { Invitation, Role, Workspace } from "@/api/types";
import { createInvitation, invitationsQuery, withdrawInvitation } from "@/api/workspaces";
import { userName } from "@/design/Avatar";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { copyText } from "@/design/copy";
import { Dialog } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { SelectField, TextField } from "@/design/Field";
import { sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { Time } from "@/design/Time";
import { ROLES } from "./roles";
import styles from "./Settings.module.css";

const LIFETIMES = [
  { value: "1", label: "1 day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
];

/** Links that let people in, each once: made, copied, withdrawn. For owners. */
export function InvitationsCard({ workspace }: { workspace: Workspace }) {
  const ws = workspace.name;
  const client = useQueryClient();
  const invitations = useQuery(invitationsQuery(ws));
  const [role, setRole] = useState<Role>("contributor");
  const [days, setDays] = useState("7");
  const [note, setNote] = useState("");
  const [made, setMade] = useState<Invitation | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.invitations(ws) });
  const create = useMutation({
    mutationFn: () => createInvitation(ws, { role, days: Number(days), note: note.trim() }),
    onSuccess: (invitation) => {
      setMade(invitation);
      setNote("");
      void refresh();
    },
  });
  const withdraw = useMutation({
    mutationFn: (invitation: Invitation) => withdrawInvitation(ws, invitation.id),
    onSettled: refresh,
  });
  return (
    <Card title="Invitations" count={invitations.data?.length}>
      <p className={styles.lead}>
        A link lets one person in, with the account they have or a new one. It is shown once.
      </p>
      <form
        className={styles.invite}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextField
          label="For whom"
          placeholder="Only a note for this list"
          value={note}
          maxLength={200}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <SelectField
          label="Invited as"
          data={ROLES}
          value={role}
          onChange={(value) => setRole((value as Role) ?? "contributor")}
        />
        <SelectField
          label="Works for"
          data={LIFETIMES}
          value={days}
          onChange={(value) => setDays(value ?? "7")}
        />
        <Button type="submit" icon={<Link2 size={14} aria-hidden="true" />} busy={create.isPending}>
          Create link
        </Button>
      </form>
      {create.error && <ProblemCard problem={create.error} />}
      {withdraw.error && <ProblemCard problem={withdraw.error} />}
      {invitations.isPending && <SkeletonRows count={2} height={40} />}
      {invitations.isError && (
        <ProblemCard problem={invitations.error} onRetry={() => invitations.refetch()} />
      )}
      {invitations.data?.length === 0 && (
        <EmptyState tight title="No invitations" why="Create a link and send it to whom you want here." />
      )}
      <ul>
        {invitations.data?.map((invitation) => (
          <li key={invitation.id} className={styles.invitation}>
            <span className={styles.who}>
              <span>
                {invitation.note || "No note"} <small>as {sentence(invitation.role).toLowerCase()}</small>
              </span>
              <small>
                <State invitation={invitation} />
              </small>
            </span>
            {!invitation.accepted_at && (
              <Button size="compact" variant="quiet" onClick={() => withdraw.mutate(invitation)}>
                Withdraw
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        opened={made !== null}
        onClose={() => setMade(null)}
        title="Invitation link"
        size={560}
        closeOnClickOutside={false}
        footer={
          <Button variant="primary" onClick={() => setMade(null)}>
            Done
          </Button>
        }
      >
        <p>Copy it now: it is not shown again. Whoever opens it first becomes a member.</p>
        <div className={styles.secret}>
          <code>{made?.url}</code>
          <Button
            size="compact"
            icon={<Copy size={13} aria-hidden="true" />}
            onClick={() => void copyText(made?.url ?? "", "Link copied")}
          >
            Copy
          </Button>
        </div>
      </Dialog>
    </Card>
  );
}

function State({ invitation }: { invitation: Invitation }) {
  if (invitation.accepted_at)
    return (
      <>
        Used by {invitation.accepted_by ? userName(invitation.accepted_by) : "an account that is gone"}{" "}
        <Time at={invitation.accepted_at} />
      </>
    );
  if (Date.parse(invitation.expires_at) < Date.now())
    return (
      <>
        Ended <Time at={invitation.expires_at} />, not used
      </>
    );
  return (
    <>
      Made <Time at={invitation.created_at} />
      {invitation.created_by ? ` by ${userName(invitation.created_by)}` : ""}, works until{" "}
      {invitation.expires_at.slice(0, 10)}
    </>
  );
}
