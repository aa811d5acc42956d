import type { Action } from "./action";
import { EDIT_ACTIONS } from "./editActions";
import { RUN_ACTIONS } from "./runActions";
import { SELECT_ACTIONS } from "./selectActions";
import { VIEW_ACTIONS } from "./viewActions";

/** Every command of the designer, once: toolbar, context menu, keys, command palette and shortcuts sheet read this. */
export const ACTIONS: readonly Action[] = [
  ...RUN_ACTIONS,
  ...EDIT_ACTIONS,
  ...SELECT_ACTIONS,
  ...VIEW_ACTIONS,
];

export function action(id: string): Action {
  const found = ACTIONS.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}
