import { type Command, useCommandStore } from "@/design/commands";
import { Dialog } from "@/design/Dialog";
import { Kbd } from "@/design/Kbd";
import styles from "./ShortcutsSheet.module.css";

const EVERYWHERE: Pick<Command, "id" | "label" | "shortcut" | "group">[] = [
  { id: "palette", label: "Search or run a command", shortcut: "mod+k", group: "Everywhere" },
  { id: "sheet", label: "Keyboard shortcuts", shortcut: "?", group: "Everywhere" },
  { id: "regions", label: "Next part of the page", shortcut: "F6", group: "Everywhere" },
  { id: "regions-back", label: "Previous part of the page", shortcut: "shift+F6", group: "Everywhere" },
  { id: "close", label: "Close what is on top", shortcut: "Esc", group: "Everywhere" },
  { id: "tab-move", label: "Move among tabs, rows and cells", shortcut: "Arrows", group: "Everywhere" },
];

export function ShortcutsSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const sources = useCommandStore((state) => state.sources);
  const commands = [...EVERYWHERE, ...Object.values(sources).flat()].filter((command) => command.shortcut);
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <Dialog opened={opened} onClose={onClose} title="Keyboard shortcuts" size={640}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group}>
            <h3 className={styles.heading}>{group}</h3>
            <dl className={styles.list}>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className={styles.row}>
                    <dt>{command.label}</dt>
                    <dd>
                      <Kbd keys={command.shortcut ?? ""} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
