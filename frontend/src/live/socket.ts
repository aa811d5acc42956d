import { fetchEvents } from "@/api/activities";
import { toProblem } from "@/api/problem";
import type { StudioEvent } from "@/api/types";

export type Link = "connecting" | "open" | "polling" | "away" | "refused";

export interface LiveHandlers {
  onEvents: (events: StudioEvent[]) => void;
  /** Events are missing for good: whatever is on screen must be fetched again. */
  onResync: () => void;
  onLink: (link: Link, since: number) => void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const POLL_EVERY = 4_000;
/** A socket that stays away this long is replaced by polling. */
const PATIENCE = 5_000;

/** One WebSocket per workspace and tab, with a cursor; polling while no socket can be had. */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private cursor: number | null = null;
  private wait = FIRST_WAIT;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private poll: ReturnType<typeof setTimeout> | null = null;
  private ping: ReturnType<typeof setInterval> | null = null;
  private lastHeard = 0;
  private awaySince = Date.now();
  private closed = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly workspace: string,
    private readonly handlers: LiveHandlers,
  ) {}

  start(): void {
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
    this.schedulePoll(PATIENCE);
  }

  stop(): void {
    this.closed = true;
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    if (this.retry) clearTimeout(this.retry);
    if (this.poll) clearTimeout(this.poll);
    if (this.ping) clearInterval(this.ping);
    this.abort.abort();
    this.socket?.close();
  }

  private readonly wake = () => {
    if (document.hidden || this.closed || this.isOpen()) return;
    this.wait = FIRST_WAIT;
    if (this.retry) clearTimeout(this.retry);
    this.connect();
  };

  private isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  private connect(): void {
    if (this.closed) return;
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    const base = location.origin.replace(/^http/, "ws");
    const after = this.cursor === null ? "" : `?after=${this.cursor}`;
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${base}/ws/workspaces/${encodeURIComponent(this.workspace)}${after}`);
    } catch {
      // Blocked by policy: polling carries on.
      this.retryLater();
      return;
    }
    this.socket = socket;
    socket.onopen = () => {
      this.lastHeard = Date.now();
      if (this.ping) clearInterval(this.ping);
      this.ping = setInterval(() => this.beat(socket), 20_000);
    };
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (this.ping) clearInterval(this.ping);
      if (this.closed) return;
      if (event.code === 4401 || event.code === 4403) {
        // Trying again cannot help: the session or the role is gone.
        this.handlers.onLink("refused", Date.now());
        return;
      }
      if (this.wait === FIRST_WAIT) this.awaySince = Date.now();
      this.handlers.onLink("connecting", this.awaySince);
      this.schedulePoll(PATIENCE);
      this.retryLater();
    };
  }

  private beat(socket: WebSocket): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    // A proxy can drop a connection without a word; three unanswered pings say so.
    if (Date.now() - this.lastHeard > 65_000) socket.close();
    else socket.send('{"type":"ping"}');
  }

  private retryLater(): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), this.wait * (0.7 + Math.random() * 0.6));
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  private receive(text: string): void {
    this.lastHeard = Date.now();
    const message = JSON.parse(text) as
      | { type: "hello"; seq: number }
      | { type: "events"; events: StudioEvent[] }
      | { type: "resync"; seq: number }
      | { type: "pong" };
    if (message.type === "hello") {
      this.wait = FIRST_WAIT;
      if (this.poll) clearTimeout(this.poll);
      this.poll = null;
      if (this.cursor === null) {
        this.cursor = message.seq;
        // What was fetched before the cursor was known may already be old.
        this.handlers.onResync();
      }
      this.handlers.onLink("open", Date.now());
    } else if (message.type === "events") this.take(message.events);
    else if (message.type === "resync") {
      this.cursor = message.seq;
      this.handlers.onResync();
    }
  }

  /** Applies what is new, in order; a duplicate is dropped by its number. */
  private take(events: StudioEvent[]): void {
    const after = this.cursor ?? -1;
    const fresh = events.filter((event) => event.seq > after).sort((a, b) => a.seq - b.seq);
    const last = fresh.at(-1);
    if (!last) return;
    this.cursor = last.seq;
    this.handlers.onEvents(fresh);
  }

  private schedulePoll(delay: number): void {
    if (this.closed || this.poll) return;
    this.poll = setTimeout(() => {
      this.poll = null;
      void this.pollOnce();
    }, delay);
  }

  private async pollOnce(): Promise<void> {
    if (this.closed || this.isOpen()) return;
    try {
      const first = this.cursor === null;
      const page = await fetchEvents(this.workspace, this.cursor, this.abort.signal);
      if (this.closed || this.isOpen()) return;
      if (first || page.resync) {
        this.cursor = page.seq;
        this.handlers.onResync();
      } else this.take(page.events);
      this.handlers.onLink("polling", this.awaySince);
    } catch (error) {
      if (this.closed) return;
      const status = toProblem(error).status;
      if (status === 401 || status === 403 || status === 404) {
        this.handlers.onLink("refused", Date.now());
        return;
      }
      this.handlers.onLink("away", this.awaySince);
    }
    this.schedulePoll(document.hidden ? POLL_EVERY * 5 : POLL_EVERY);
  }
}
