import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import { sessionQuery } from "@/api/session";
import type { Member, Role, Workspace } from "@/api/types";
import { addMember, changeMember, membersQuery, removeMember } from "@/api/workspaces";
import { Avatar, userName } from "@/design/Avatar";
import { Button, IconButton } from "@/design/Button";
import { Card } from "@/design/Card";
import { Confirm } from "@/design/Dialog";
import { SelectField, TextField } from "@/design/Field";
import { sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { ROLES } from "./roles";
import styles from "./Settings.module.css";

export function MembersSection({ workspace }: { workspace: Workspace }) {
  const ws = workspace.name;
  const client = useQueryClient();
  const members = useQuery(membersQuery(ws));
  const session = useQuery(sessionQuery());
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("contributor");
  const [removing, setRemoving] = useState<Member | null>(null);
  const owner = workspace.role === "owner";
  const refresh = () => client.invalidateQueries({ queryKey: keys.members(ws) });
  const add = useMutation({
    mutationFn: () => addMember(ws, { username: username.trim(), role }),
    onSuccess: () => {
      setUsername("");
      void refresh();
    },
  });
  const change = useMutation({
    mutationFn: ({ member, next }: { member: Member; next: Role }) => changeMember(ws, member.user.id, next),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (member: Member) => removeMember(ws, member.user.id),
    onSuccess: () => {
      setRemoving(null);
      void refresh();
    },
  });
  return (
    <Card title="Members" count={members.data?.length}>
      <p className={styles.lead}>
        Owners manage people and settings, contributors change data and pipelines, readers look.
      </p>
      {owner && (
        <form
          className={styles.add}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <TextField
            label="User name"
            value={username}
            autoComplete="off"
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <SelectField
            label="Role"
            data={ROLES}
            value={role}
            onChange={(value) => setRole((value as Role) ?? "contributor")}
          />
          <Button type="submit" busy={add.isPending} disabled={!username.trim()}>
            Add member
          </Button>
        </form>
      )}
      {add.error && <ProblemCard problem={add.error} />}
      {change.error && <ProblemCard problem={change.error} />}
      {members.isPending && <SkeletonRows count={3} height={40} />}
      {members.isError && <ProblemCard problem={members.error} onRetry={() => members.refetch()} />}
      <ul>
        {members.data?.map((member) => (
          <li key={member.user.id} className={styles.member}>
            <Avatar user={member.user} size={28} />
            <span className={styles.who}>
              <span>
                {userName(member.user)}
                {member.user.username === session.data?.user?.username && " (you)"}
              </span>
              <small>{member.user.email || member.user.username}</small>
            </span>
            {owner ? (
              <SelectField
                aria-label={`Role of ${userName(member.user)}`}
                data={ROLES}
                value={member.role}
                onChange={(value) => value && change.mutate({ member, next: value as Role })}
              />
            ) : (
              <span>{sentence(member.role)}</span>
            )}
            {owner ? (
              <IconButton
                label={`Remove ${userName(member.user)}`}
                size="compact"
                onClick={() => setRemoving(member)}
              >
                <X size={14} />
              </IconButton>
            ) : (
              <span />
            )}
          </li>
        ))}
      </ul>
      <Confirm
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove member ${removing ? userName(removing.user) : ""}?`}
        text="They can no longer open this workspace. What they made stays."
        verb="Remove"
        danger
        busy={remove.isPending}
        problem={remove.error}
        onConfirm={() => removing && remove.mutate(removing)}
      />
    </Card>
  );
}
