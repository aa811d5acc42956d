import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { create } from "zustand";
import { Pump } from "./pump";
import { type Link, LiveSocket } from "./socket";

interface LinkState {
  link: Link;
  /** When the link got into this state, or was lost. */
  since: number;
  /** When data was last known to be fresh. */
  freshAt: number;
}

export const useLink = create<LinkState>(() => ({
  link: "connecting",
  since: Date.now(),
  freshAt: Date.now(),
}));

/** Keeps the workspace's socket while mounted. The shell calls it once. */
export function useLive(workspace: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const pump = new Pump(client, workspace);
    const socket = new LiveSocket(workspace, {
      onEvents: (events) => pump.push(events),
      onResync: () => pump.resync(),
      onLink: (link, since) =>
        useLink.setState((state) => ({
          link,
          since,
          freshAt:
            link === "open" || link === "polling"
              ? Date.now()
              : state.link === "open"
                ? Date.now()
                : state.freshAt,
        })),
    });
    useLink.setState({ link: "connecting", since: Date.now(), freshAt: Date.now() });
    socket.start();
    return () => {
      socket.stop();
      pump.stop();
    };
  }, [client, workspace]);
}
