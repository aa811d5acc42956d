import { useConnection, useStore, ViewportPortal } from "@xyflow/react";
import { checkConnection } from "../model/compat";
import { useDesignerStore } from "../state/store";
import styles from "./Canvas.module.css";

const zoomOf = (state: { transform: [number, number, number] }) => state.transform[2];

/** Why the port under the pointer refuses the connection that is being drawn. */
export function ConnectionHint() {
  const store = useDesignerStore();
  const zoom = useStore(zoomOf);
  const hint = useConnection((connection) => {
    if (!connection.inProgress || !connection.toHandle?.id || !connection.fromHandle.id || connection.isValid)
      return null;
    const from = {
      node: connection.fromNode.id,
      port: connection.fromHandle.id,
      type: connection.fromHandle.type,
    };
    const to = {
      node: connection.toHandle.nodeId,
      port: connection.toHandle.id,
      type: connection.toHandle.type,
    };
    if (from.node === to.node && from.port === to.port) return null;
    return { from, to, x: connection.to.x, y: connection.to.y };
  });
  if (!hint) return null;
  const { from, to } = hint;
  const { document, catalog } = store.getState();
  const [source, target] = from.type === "source" ? [from, to] : [to, from];
  const check =
    from.type === to.type
      ? {
          ok: false as const,
          reason: from.type === "source" ? "An output goes to an input." : "An input comes from an output.",
        }
      : checkConnection(document, catalog, {
          source: source.node,
          source_port: source.port,
          target: target.node,
          target_port: target.port,
        });
  if (check.ok) return null;
  return (
    <ViewportPortal>
      <div
        className={styles.hint}
        style={{ transform: `translate(${hint.x}px, ${hint.y}px) scale(${1 / zoom})` }}
      >
        {check.reason}
      </div>
    </ViewportPortal>
  );
}
