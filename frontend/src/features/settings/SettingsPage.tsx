import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { workspaceQuery } from "@/api/workspaces";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { DatastoresSection } from "./DatastoresSection";
import { GeneralSection } from "./GeneralSection";
import { InvitationsCard } from "./InvitationsCard";
import { MembersSection } from "./MembersSection";
import styles from "./Settings.module.css";
import { SECTIONS } from "./search";

const TITLES = { general: "General", members: "Members", datastores: "Datastores" } as const;

export function SettingsPage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/settings" });
  const { section = "general" } = useSearch({ from: "/signed-in/w/$ws/settings" });
  const workspace = useQuery(workspaceQuery(ws));
  return (
    <PageBody
      sentence={
        workspace.data
          ? `You are ${workspace.data.role === "owner" ? "an owner" : `a ${workspace.data.role}`} of ${workspace.data.friendly_name || ws}.`
          : undefined
      }
    >
      <PageHeader title="Settings" />
      <div className={styles.layout}>
        <nav className={styles.nav} aria-label="Settings">
          {SECTIONS.map((each) => (
            <Link
              key={each}
              to="/w/$ws/settings"
              params={{ ws }}
              search={each === "general" ? {} : { section: each }}
              className={styles.link}
              data-active={each === section}
              aria-current={each === section ? "page" : undefined}
            >
              {TITLES[each]}
            </Link>
          ))}
        </nav>
        <div className={styles.sections}>
          {workspace.isPending && <SkeletonRows count={4} />}
          {workspace.isError && <ProblemCard problem={workspace.error} onRetry={() => workspace.refetch()} />}
          {workspace.data && section === "general" && (
            <GeneralSection key={workspace.data.id} workspace={workspace.data} />
          )}
          {workspace.data && section === "members" && (
            <>
              <MembersSection workspace={workspace.data} />
              {workspace.data.role === "owner" && <InvitationsCard workspace={workspace.data} />}
            </>
          )}
          {workspace.data && section === "datastores" && <DatastoresSection ws={ws} />}
        </div>
      </div>
    </PageBody>
  );
}
