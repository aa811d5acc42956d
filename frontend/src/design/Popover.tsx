import { Popover as Base, type PopoverProps as BaseProps } from "@mantine/core";
import type { ReactNode } from "react";

export interface PopoverProps extends Omit<BaseProps, "children"> {
  opener: ReactNode;
  label: string;
  children: ReactNode;
}

export function Popover({ opener, label, children, ...props }: PopoverProps) {
  return (
    <Base
      position="bottom-end"
      offset={6}
      transitionProps={{ duration: 0 }}
      trapFocus
      returnFocus
      withRoles
      {...props}
    >
      <Base.Target>{opener}</Base.Target>
      <Base.Dropdown aria-label={label}>{children}</Base.Dropdown>
    </Base>
  );
}
