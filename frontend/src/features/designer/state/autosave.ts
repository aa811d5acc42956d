import type { QueryClient } from "@tanstack/react-query";
import { draftQuery, saveDraft } from "@/api/drafts";
import { keys } from "@/api/keys";
import { Problem, toProblem } from "@/api/problem";
import type { Draft } from "@/api/types";
import { announce } from "@/design/announce";
import { openDocument } from "../model/document";
import { merge } from "../model/merge";
import type { PipelineDocument } from "../model/types";
import type { DesignerStore } from "./store";

const QUIET_MS = 600;
const RETRY_MS = [2000, 5000, 15_000];

/**
 * Saves the draft a moment after the last edit, one request at a time, each naming the revision that it builds on.
 * A refused one (somebody else saved) is merged step by step where the two do not overlap; else the person decides.
 */
export class Autosave {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private flight: Promise<void> | null = null;
  private failures = 0;
  private stopped = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: DesignerStore,
    private readonly client: QueryClient,
    private readonly ws: string,
    private readonly draft: string,
  ) {
    this.unsubscribe = store.subscribe((state, before) => {
      if (state.document !== before.document && this.isDirty()) this.schedule(QUIET_MS);
    });
    window.addEventListener("pagehide", this.onLeave);
    document.addEventListener("visibilitychange", this.onHide);
    window.addEventListener("online", this.onOnline);
  }

  isDirty(): boolean {
    const { document, base } = this.store.getState();
    return document !== base;
  }

  /** Save what is unsaved and wait for it; false when it could not be saved. */
  async flush(): Promise<boolean> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    while (this.isDirty() && !this.isBlocked()) {
      await (this.flight ?? this.save());
      if (this.store.getState().saving.kind === "failed") return false;
    }
    return !this.isDirty();
  }

  stop(): void {
    this.unsubscribe();
    window.removeEventListener("pagehide", this.onLeave);
    document.removeEventListener("visibilitychange", this.onHide);
    window.removeEventListener("online", this.onOnline);
    void this.flush();
    this.stopped = true;
  }

  private readonly onLeave = () => void this.flush();
  private readonly onHide = () => {
    if (document.hidden) void this.flush();
  };
  private readonly onOnline = () => {
    if (this.isDirty()) this.schedule(0);
  };

  private isBlocked(): boolean {
    return this.store.getState().saving.kind === "conflict";
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.flight && !this.isBlocked()) void this.save();
    }, delay);
  }

  private save(): Promise<void> {
    this.flight = this.send().finally(() => {
      this.flight = null;
      const { saving } = this.store.getState();
      if (this.isDirty() && saving.kind !== "failed" && saving.kind !== "conflict") this.schedule(QUIET_MS);
    });
    return this.flight;
  }

  private async send(): Promise<void> {
    const { document: sent, revision, patch } = this.store.getState();
    if (!this.isDirty()) return;
    patch({ saving: { kind: "saving" } });
    try {
      const answer = await saveDraft(this.ws, this.draft, revision, sent);
      this.failures = 0;
      this.store.getState().saved(sent, answer);
      this.client.setQueryData(keys.draft(this.ws, this.draft), answer);
    } catch (error) {
      const problem = toProblem(error);
      if (problem instanceof Problem && problem.status === 412) {
        await this.reconcile();
        return;
      }
      const saving = { kind: "failed" as const, message: problem.detail || problem.title };
      this.store.getState().patch({ saving });
      // A refusal stays one until the draft changes; an outage passes.
      if (problem.fault === "platform") {
        this.schedule(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] as number);
        this.failures += 1;
      }
    }
  }

  private async reconcile(): Promise<void> {
    let theirs: Draft;
    try {
      theirs = await this.client.fetchQuery({ ...draftQuery(this.ws, this.draft), staleTime: 0 });
    } catch (error) {
      this.store.getState().patch({ saving: { kind: "failed", message: toProblem(error).detail } });
      this.schedule(RETRY_MS[1] as number);
      return;
    }
    const { base, document, adopt, patch } = this.store.getState();
    const other: PipelineDocument = openDocument(theirs.graph, theirs.view);
    const merged = merge(base, document, other);
    if (merged.conflicts.length === 0) {
      adopt(merged.document, theirs);
      announce(`Merged with changes by ${theirs.updated_by.display_name || theirs.updated_by.username}.`);
      this.schedule(0);
    } else {
      patch({ saving: { kind: "conflict", theirs, conflicts: merged.conflicts } });
    }
  }
}
