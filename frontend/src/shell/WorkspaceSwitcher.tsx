import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { workspacesQuery } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { ActionMenu, type MenuSection } from "@/design/Menu";
import { CreateWorkspace } from "./CreateWorkspace";
import styles from "./Frame.module.css";

export function WorkspaceSwitcher({ workspace }: { workspace: string | null }) {
  const all = useQuery(workspacesQuery());
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const open = (all.data ?? []).filter((each) => !each.archived_at);
  const current = open.find((each) => each.name === workspace);
  const go = (ws: string) => void navigate({ to: "/w/$ws", params: { ws } });
  const entries: MenuSection[] = [
    { heading: "Workspaces" },
    ...open.map((each) => ({
      label: each.friendly_name || each.name,
      icon: (
        <span style={{ width: 14, display: "grid" }}>
          {each.name === workspace && <Check size={14} aria-label="Open now" />}
        </span>
      ),
      onSelect: () => go(each.name),
    })),
    "divider",
    { label: "Create workspace", icon: <Plus size={14} />, onSelect: () => setCreating(true) },
  ];
  return (
    <>
      <ActionMenu
        position="bottom-start"
        entries={entries}
        opener={
          <Button
            variant="quiet"
            size="compact"
            className={styles.workspace}
            aria-label={`Workspace ${current?.friendly_name ?? workspace ?? "none"}`}
          >
            <span>{current?.friendly_name || workspace || "Workspaces"}</span>
            <ChevronsUpDown size={12} aria-hidden="true" />
          </Button>
        }
      />
      <CreateWorkspace
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(made) => go(made.name)}
      />
    </>
  );
}
