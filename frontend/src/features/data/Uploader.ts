import { toProblem } from "@/api/client";
import { createUpload, deleteUpload, getUpload, sendChunk } from "@/api/datasets";
import { forget, remember } from "./unfinished";
import { newUpload, nextUpload, type UploadSignal, type UploadState, waitOf } from "./uploadMachine";

/** Sends a file in chunks and goes on where the server says it stopped. */
export class Uploader {
  private state: UploadState;
  private readonly abort = new AbortController();
  private flight: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private working = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly ws: string,
    readonly file: File,
    /** An upload that was begun before, to be continued. */
    private readonly begun: string | null = null,
  ) {
    this.state = newUpload(file.size);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.state;

  start(): void {
    addEventListener("online", this.goOn);
    void this.work();
  }

  pause(): void {
    this.signal({ type: "pause" });
    this.flight?.abort();
  }

  resume(): void {
    if (this.timer) clearTimeout(this.timer);
    this.signal({ type: "resume" });
    void this.work();
  }

  async cancel(): Promise<void> {
    const { id, phase } = this.state;
    this.signal({ type: "cancel" });
    this.abort.abort();
    this.flight?.abort();
    this.stop();
    forget(this.ws);
    if (!id || phase === "canceled") return;
    try {
      await deleteUpload(this.ws, id);
    } catch {
      // An upload nobody goes on with expires by itself.
    }
  }

  /** Leaves the page: the upload stays on the server, to be continued. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    removeEventListener("online", this.goOn);
  }

  private readonly goOn = () => {
    if (this.state.phase === "waiting") this.resume();
  };

  private signal(signal: UploadSignal): void {
    this.state = nextUpload(this.state, signal);
    for (const listener of this.listeners) listener();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      while (this.state.phase === "creating" || this.state.phase === "sending") await this.step();
    } finally {
      this.working = false;
    }
    if (this.state.phase === "complete") {
      this.stop();
      forget(this.ws);
    } else if (this.state.phase === "waiting") {
      this.timer = setTimeout(() => this.resume(), waitOf(this.state.failures));
    }
  }

  private async step(): Promise<void> {
    try {
      if (this.state.id === null) {
        const upload = this.begun
          ? await getUpload(this.ws, this.begun, this.abort.signal)
          : await createUpload(this.ws, { file_name: this.file.name, size_bytes: this.file.size });
        remember(this.ws, {
          id: upload.id,
          name: this.file.name,
          size: this.file.size,
          modified: this.file.lastModified,
        });
        this.signal({
          type: "accepted",
          id: upload.id,
          offset: upload.offset,
          chunk: upload.chunk_size_bytes,
          complete: upload.complete,
        });
        return;
      }
      const { id, offset, chunk } = this.state;
      this.flight = new AbortController();
      const upload = await sendChunk(
        this.ws,
        id,
        offset,
        this.file.slice(offset, offset + chunk),
        this.flight.signal,
      );
      this.signal({ type: "arrived", offset: upload.offset, complete: upload.complete });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      const problem = toProblem(error);
      if (problem.status === 409 && this.state.id) {
        try {
          const upload = await getUpload(this.ws, this.state.id, this.abort.signal);
          this.signal(
            upload.complete
              ? { type: "arrived", offset: upload.offset, complete: true }
              : { type: "corrected", offset: upload.offset },
          );
          return;
        } catch (second) {
          this.signal({ type: "refused", problem: toProblem(second) });
          return;
        }
      }
      this.signal({ type: "refused", problem });
    }
  }
}
