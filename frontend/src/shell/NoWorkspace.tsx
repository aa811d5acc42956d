import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { CreateWorkspace } from "./CreateWorkspace";

export function NoWorkspace() {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  return (
    <main style={{ display: "grid", placeItems: "center", minHeight: "100%" }}>
      <EmptyState
        title="You are in no workspace yet"
        why="A workspace holds data, pipelines and runs, and the people who work on them. Make one, or ask an owner to add you."
        action={
          <Button variant="primary" onClick={() => setOpen(true)}>
            Create workspace
          </Button>
        }
      />
      <CreateWorkspace
        opened={open}
        onClose={() => setOpen(false)}
        onCreated={(workspace) => void navigate({ to: "/w/$ws", params: { ws: workspace.name } })}
      />
    </main>
  );
}
