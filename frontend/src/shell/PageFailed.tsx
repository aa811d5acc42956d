import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { LinkButton } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <PageBody width="narrow">
      <PageHeader title="This page failed" />
      <ProblemCard
        problem={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </PageBody>
  );
}

export function PageNotFound() {
  return (
    <PageBody width="narrow">
      <PageHeader title="Not found" />
      <EmptyState
        title="There is no page at this address"
        why="The link may be old, or what it showed was deleted."
        action={<LinkButton to="/">Go home</LinkButton>}
      />
    </PageBody>
  );
}
