import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { sessionQuery } from "@/api/session";
import { acceptInvitation, openInvitationQuery } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { Door } from "@/design/Door";
import { TextField } from "@/design/Field";
import { PasswordField } from "@/design/PasswordField";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";

/** What a link of an invitation opens: who invites to what, and the way in. */
export function InvitationPage() {
  const { secret } = useParams({ from: "/invitation/$secret" });
  const router = useRouter();
  const client = useQueryClient();
  const invitation = useQuery(openInvitationQuery(secret));
  const session = useQuery(sessionQuery());
  const user = session.data?.user;
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const join = useMutation({
    mutationFn: () => acceptInvitation(secret, user ? null : { username: username.trim(), password }),
    onSuccess: (workspace) => {
      // Another person may be signed in now than whoever's data are kept.
      client.clear();
      router.history.replace(`/w/${workspace.name}`);
    },
  });
  useEffect(() => {
    document.title = "Invitation · Studio";
  }, []);
  const found = invitation.data;
  const article = found?.role === "owner" ? "an" : "a";
  return (
    <Door
      title={found ? `Join ${found.friendly_name}` : "Invitation"}
      lead={
        found &&
        `${found.invited_by ? `${found.invited_by} invites you` : "You are invited"} as ${article} ${found.role}.`
      }
      onSubmit={() => join.mutate()}
      foot={
        found &&
        session.data &&
        !user && (
          <>
            You have an account? <a href={`/sign-in?next=/invitation/${secret}`}>Sign in</a>, then join with
            it.
          </>
        )
      }
    >
      {(invitation.isPending || session.isPending) && <SkeletonRows count={2} />}
      {invitation.isError && <ProblemCard problem={invitation.error} />}
      {found && user && (
        <p>
          You are signed in as <b>{user.display_name || user.username}</b>.
        </p>
      )}
      {found && session.data && !user && (
        <>
          <TextField
            label="User name"
            name="username"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordField
            label="Password"
            name="password"
            description="At least 8 characters, not only digits."
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </>
      )}
      {join.error && <ProblemCard problem={join.error} />}
      {found && session.data && (
        <Button
          type="submit"
          variant="primary"
          busy={join.isPending}
          disabled={!user && (!username.trim() || !password)}
        >
          {user ? "Join" : "Create account and join"}
        </Button>
      )}
    </Door>
  );
}
