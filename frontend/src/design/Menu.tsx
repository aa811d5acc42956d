import { Menu as Base, type MenuItemProps, type MenuProps } from "@mantine/core";
import type { MouseEventHandler, ReactNode } from "react";

export interface MenuEntry {
  label: ReactNode;
  icon?: ReactNode;
  /** Right side: shortcut, check mark. */
  aside?: ReactNode;
  onSelect?: () => void;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
}

export type MenuSection = MenuEntry | "divider" | { heading: string };

export interface ActionMenuProps extends Omit<MenuProps, "children"> {
  /** The opener: one element that takes a ref. */
  opener: ReactNode;
  entries: MenuSection[];
}

/** A menu from a list of entries. */
export function ActionMenu({ opener, entries, ...props }: ActionMenuProps) {
  return (
    <Base position="bottom-end" offset={4} width="max-content" transitionProps={{ duration: 0 }} {...props}>
      <Base.Target>{opener}</Base.Target>
      <Base.Dropdown>
        {entries.map((entry, i) => {
          // biome-ignore-start lint/suspicious/noArrayIndexKey: a menu's entries keep their places
          if (entry === "divider") return <Base.Divider key={i} />;
          if ("heading" in entry) return <Base.Label key={i}>{entry.heading}</Base.Label>;
          const shared: MenuItemProps = {
            leftSection: entry.icon,
            rightSection: entry.aside,
            disabled: entry.disabled,
            ...(entry.danger ? { mod: { danger: true } } : {}),
          };
          return entry.href ? (
            <Base.Item key={i} component="a" href={entry.href} {...shared}>
              {entry.label}
            </Base.Item>
          ) : (
            <Base.Item key={i} {...shared} onClick={entry.onSelect as unknown as MouseEventHandler}>
              {entry.label}
            </Base.Item>
          );
          // biome-ignore-end lint/suspicious/noArrayIndexKey: a menu's entries keep their places
        })}
      </Base.Dropdown>
    </Base>
  );
}
