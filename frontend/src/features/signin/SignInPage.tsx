import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keys } from "@/api/keys";
import { sessionQuery, signIn } from "@/api/session";
import { Button } from "@/design/Button";
import { Door } from "@/design/Door";
import { TextField } from "@/design/Field";
import { PasswordField } from "@/design/PasswordField";
import { ProblemCard } from "@/design/ProblemCard";

export function SignInPage() {
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const client = useQueryClient();
  const session = useQuery(sessionQuery());
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const go = useMutation({
    mutationFn: () => signIn({ username, password }),
    onSuccess: (answer) => {
      client.clear();
      client.setQueryData(keys.session, answer);
      router.history.replace(next ?? "/");
    },
    onError: () => setPassword(""),
  });
  useEffect(() => {
    document.title = "Sign in · Studio";
  }, []);
  const already = Boolean(session.data?.user) && !go.isPending;
  useEffect(() => {
    if (already) router.history.replace(next ?? "/");
  }, [already, next, router]);
  return (
    <Door
      title="Sign in to Studio"
      lead={next && "Your session has ended, or this page needs you to sign in."}
      onSubmit={() => go.mutate()}
      foot={
        session.data?.profile === "embedded" && (
          <>
            No password yet? <code>python manage.py login_link</code> prints a link that signs you in once.
          </>
        )
      }
    >
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
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {go.error && <ProblemCard problem={go.error} />}
      <Button type="submit" variant="primary" busy={go.isPending} disabled={!username || !password}>
        Sign in
      </Button>
    </Door>
  );
}
