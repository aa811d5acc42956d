import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { PasswordCard } from "./PasswordCard";
import { TokensCard } from "./TokensCard";

export function AccountPage() {
  const session = useQuery(sessionQuery());
  const user = session.data?.user;
  return (
    <PageBody
      width="narrow"
      sentence={user ? `Signed in as ${user.username}${user.email ? `, ${user.email}` : ""}.` : undefined}
    >
      <PageHeader title="Account" />
      <TokensCard />
      <PasswordCard />
    </PageBody>
  );
}
