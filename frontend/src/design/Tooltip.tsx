import { Tooltip as Base, type TooltipProps } from "@mantine/core";

export function Tooltip(props: TooltipProps) {
  return (
    <Base
      openDelay={350}
      transitionProps={{ duration: 80 }}
      events={{ hover: true, focus: true, touch: false }}
      {...props}
    />
  );
}
