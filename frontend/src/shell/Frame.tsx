import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { workspaceQuery } from "@/api/workspaces";
import { useCommandStore } from "@/design/commands";
import { EmptyState } from "@/design/EmptyState";
import { PageSlotsContext } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { useLive } from "@/live/useLive";
import { BasketTray } from "./BasketTray";
import { CommandPalette } from "./CommandPalette";
import styles from "./Frame.module.css";
import { LinkBar } from "./LinkBar";
import { lastWorkspace } from "./lastWorkspace";
import { Rail } from "./Rail";
import { ShortcutsSheet } from "./ShortcutsSheet";
import { TopBar } from "./TopBar";
import { useKeys } from "./useKeys";

function Frame({
  workspace,
  bar,
  tray,
  children,
}: {
  workspace: string | null;
  bar?: ReactNode;
  tray?: ReactNode;
  children: ReactNode;
}) {
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null);
  const [actions, setActions] = useState<HTMLElement | null>(null);
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const slots = useMemo(() => ({ crumbs, actions }), [crumbs, actions]);
  useKeys({ onPalette: () => setPalette(true), onSheet: () => setSheet(true) });
  // The palette's own commands stay behind while it is open.
  const sources = useCommandStore((state) => state.sources);
  return (
    <PageSlotsContext.Provider value={slots}>
      <div className={styles.frame}>
        <a className={styles.skip} href="#main">
          Skip to content
        </a>
        <Rail workspace={workspace} />
        <TopBar
          workspace={workspace}
          crumbsRef={setCrumbs}
          actionsRef={setActions}
          onPalette={() => setPalette(true)}
          onSheet={() => setSheet(true)}
        />
        {bar}
        <main id="main" className={styles.main} tabIndex={-1} data-region="Content">
          {children}
        </main>
        {tray}
      </div>
      {palette && (
        <CommandPalette
          workspace={workspace}
          sources={sources}
          onClose={() => setPalette(false)}
          onSheet={() => setSheet(true)}
        />
      )}
      <ShortcutsSheet opened={sheet} onClose={() => setSheet(false)} />
    </PageSlotsContext.Provider>
  );
}

export function AccountFrame() {
  return (
    <Frame workspace={lastWorkspace.read()}>
      <Outlet />
    </Frame>
  );
}

export function WorkspaceFrame() {
  const { ws } = useParams({ from: "/signed-in/w/$ws" });
  const workspace = useQuery(workspaceQuery(ws));
  useEffect(() => {
    if (workspace.data) lastWorkspace.write(workspace.data.name);
  }, [workspace.data]);
  if (workspace.isError && !workspace.data)
    return (
      <Frame workspace={null}>
        <div style={{ maxWidth: 560, margin: "48px auto", display: "grid", gap: 16, padding: "0 16px" }}>
          <ProblemCard problem={workspace.error} onRetry={() => workspace.refetch()} />
          <EmptyState
            tight
            title={`The workspace ${ws} cannot be opened`}
            why="It may not exist, or you may not be one of its members. Choose another at the top."
          />
        </div>
      </Frame>
    );
  return <LiveFrame workspace={ws} />;
}

function LiveFrame({ workspace }: { workspace: string }) {
  useLive(workspace);
  return (
    <Frame workspace={workspace} bar={<LinkBar />} tray={<BasketTray workspace={workspace} />}>
      <Outlet />
    </Frame>
  );
}
