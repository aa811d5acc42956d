import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Plus } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import { createToken, revokeToken, tokensQuery } from "@/api/session";
import type { Token } from "@/api/types";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { copyText } from "@/design/copy";
import { Confirm, Dialog } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { SelectField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { Time } from "@/design/Time";
import styles from "./Account.module.css";

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never expires" },
];

export function TokensCard() {
  const tokens = useQuery(tokensQuery());
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.tokens });
  const revoke = useMutation({
    mutationFn: (token: Token) => revokeToken(token.id),
    onSuccess: () => {
      setRevoking(null);
      void refresh();
    },
  });
  return (
    <Card
      title="API tokens"
      actions={
        <Button size="compact" icon={<Plus size={14} />} onClick={() => setCreating(true)}>
          Create token
        </Button>
      }
    >
      <p className={styles.lead}>
        A token lets a script act as you. It is shown once, when it is made, and kept only as a hash.
      </p>
      {tokens.isPending && <SkeletonRows count={2} height={40} />}
      {tokens.isError && <ProblemCard problem={tokens.error} onRetry={() => tokens.refetch()} />}
      {tokens.data?.length === 0 && (
        <EmptyState tight title="No tokens" why="Make one to use the API from a script or a notebook." />
      )}
      <ul className={styles.list}>
        {tokens.data?.map((token) => (
          <li key={token.id} className={styles.token}>
            <span className={styles.name}>
              {token.name} <code>{token.prefix}…</code>
            </span>
            <span className={styles.meta}>
              <span>
                Made <Time at={token.created_at} />
              </span>
              <span>
                {token.last_used_at ? (
                  <>
                    Used <Time at={token.last_used_at} />
                  </>
                ) : (
                  "Never used"
                )}
              </span>
              <span>{token.expires_at ? `Expires ${token.expires_at.slice(0, 10)}` : "Never expires"}</span>
            </span>
            <Button size="compact" variant="quiet" onClick={() => setRevoking(token)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <CreateToken
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(token) => {
          setCreating(false);
          setMade(token);
          void refresh();
        }}
      />
      <Dialog
        opened={made !== null}
        onClose={() => setMade(null)}
        title={`Token ${made?.name ?? ""}`}
        size={560}
        closeOnClickOutside={false}
        footer={
          <Button variant="primary" onClick={() => setMade(null)}>
            Done
          </Button>
        }
      >
        <p>Copy it now: it is not shown again.</p>
        <div className={styles.secret}>
          <code>{made?.secret}</code>
          <Button
            size="compact"
            icon={<Copy size={13} />}
            onClick={() => void copyText(made?.secret ?? "", "Token copied")}
          >
            Copy
          </Button>
        </div>
        <pre
          className={styles.sample}
        >{`curl -H "Authorization: Bearer $TOKEN" \\\n  ${location.origin}/api/workspaces`}</pre>
      </Dialog>
      <Confirm
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke token ${revoking?.name ?? ""}?`}
        text="Scripts that use it stop working at once."
        verb="Revoke"
        danger
        busy={revoke.isPending}
        problem={revoke.error}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      />
    </Card>
  );
}

function CreateToken({
  opened,
  onClose,
  onCreated,
}: {
  opened: boolean;
  onClose: () => void;
  onCreated: (token: Token) => void;
}) {
  const [name, setName] = useState("");
  const [lifetime, setLifetime] = useState("90");
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name: name.trim(),
        expires_at:
          lifetime === "never" ? null : new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString(),
      }),
    onSuccess: (token) => {
      setName("");
      onCreated(token);
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title="Create token"
      onSubmit={() => create.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" busy={create.isPending} disabled={!name.trim()}>
            Create token
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        description="What it is for, for example: nightly scoring."
        data-autofocus
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SelectField
        label="Lifetime"
        data={LIFETIMES}
        value={lifetime}
        onChange={(value) => setLifetime(value ?? "90")}
      />
      {create.error && <ProblemCard problem={create.error} />}
    </Dialog>
  );
}
