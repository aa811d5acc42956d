import type { QueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import type { StudioEvent } from "@/api/types";
import { effectsOf, isKnown } from "./apply";
import { paintStep } from "./steps";
import { publish } from "./subscribe";

/** Patches are gathered per animation frame, invalidations per second. */
export class Pump {
  private queue: StudioEvent[] = [];
  private frame: number | null = null;
  private readonly stale = new Map<string, readonly unknown[]>();
  private flushAt = 0;
  private flush: ReturnType<typeof setTimeout> | null = null;
  /** Events of types this build does not know. */
  unknown = 0;

  constructor(
    private readonly client: QueryClient,
    private readonly workspace: string,
  ) {}

  push(events: StudioEvent[]): void {
    this.queue.push(...events);
    if (this.frame !== null) return;
    // A hidden tab gets no frames, but must not pile up events.
    if (document.hidden) this.drain();
    else this.frame = requestAnimationFrame(() => this.drain());
  }

  resync(): void {
    void this.client.invalidateQueries(
      { queryKey: keys.workspace(this.workspace), predicate: (query) => query.state.dataUpdatedAt > 0 },
      { cancelRefetch: false },
    );
  }

  stop(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    if (this.flush) clearTimeout(this.flush);
  }

  private drain(): void {
    this.frame = null;
    const events = this.queue;
    this.queue = [];
    for (const event of events) {
      if (!isKnown(event)) {
        this.unknown += 1;
        continue;
      }
      for (const effect of effectsOf(event, this.workspace)) {
        if (effect.kind === "patch") this.client.setQueriesData({ queryKey: effect.key }, effect.update);
        else this.stale.set(JSON.stringify(effect.key), effect.key);
      }
      paintStep(event);
      publish(event);
    }
    if (this.stale.size && !this.flush) {
      this.flush = setTimeout(() => this.invalidate(), Math.max(0, this.flushAt - Date.now()));
    }
  }

  private invalidate(): void {
    this.flush = null;
    this.flushAt = Date.now() + 1000;
    const all = [...this.stale.values()];
    this.stale.clear();
    for (const key of all) void this.client.invalidateQueries({ queryKey: key });
  }
}
