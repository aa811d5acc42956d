import { useMemo } from "react";
import { type Command, useCommands } from "@/design/commands";
import { useDesigner } from "../state/store";
import { ACTIONS } from "./actions";
import { usePageDoings } from "./context";
import { useActionContext } from "./useKeys";

const SHEET_ONLY: Pick<Command, "id" | "label" | "shortcut">[] = [
  { id: "move", label: "Move selected steps", shortcut: "arrows" },
  { id: "move-far", label: "Move them further", shortcut: "shift+arrows" },
  { id: "paste-keys", label: "Paste", shortcut: "mod+v" },
  { id: "lasso", label: "Select by drawing a frame", shortcut: "shift+drag" },
  { id: "regions", label: "Go to the next part of the window", shortcut: "F6" },
];

/** Offers the page's actions to the command palette and the shortcuts sheet. */
export function useOffer(source: string): void {
  const context = useActionContext();
  const page = usePageDoings();
  const readOnly = useDesigner((state) => state.readOnly);
  // Which actions are possible, as one text, so that the list changes only when one of them does.
  const possible = useDesigner((state) =>
    ACTIONS.filter((action) => action.enabled(state, page))
      .map((action) => action.id)
      .join(),
  );
  const commands = useMemo<Command[]>(() => {
    const enabled = new Set(possible.split(","));
    const offered = ACTIONS.filter((action) => !(action.editing && readOnly)).map(
      ({ id, label, group, icon: Icon, keys, perform }): Command => ({
        id: `designer.${id}`,
        label,
        group: `Designer: ${group.toLowerCase()}`,
        shortcut: keys[0],
        icon: <Icon size={15} strokeWidth={1.75} aria-hidden="true" />,
        enabled: enabled.has(id),
        perform: () => void perform(context),
      }),
    );
    if (readOnly) return offered;
    return [
      ...offered,
      ...SHEET_ONLY.map((entry) => ({
        ...entry,
        group: "Designer: edit",
        sheetOnly: true,
        perform: () => undefined,
      })),
    ];
  }, [possible, readOnly, context]);
  useCommands(source, commands);
}
