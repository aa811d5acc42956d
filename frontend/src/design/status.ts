import type { Status } from "@/api/types";

export type Tone = "queued" | "off" | "running" | "ok" | "warn" | "fail";

/** Everything the screen knows about a status, declared once. */
const STATUS: Record<Status, { word: string; tone: Tone; mark: Mark; final: boolean }> = {
  not_started: { word: "Not started", tone: "off", mark: "clock", final: false },
  queued: { word: "Queued", tone: "queued", mark: "clock", final: false },
  starting: { word: "Starting", tone: "running", mark: "spin", final: false },
  provisioning: { word: "Provisioning", tone: "running", mark: "spin", final: false },
  preparing: { word: "Preparing", tone: "running", mark: "spin", final: false },
  running: { word: "Running", tone: "running", mark: "arc", final: false },
  finalizing: { word: "Finalizing", tone: "running", mark: "arc", final: false },
  completed: { word: "Completed", tone: "ok", mark: "check", final: true },
  failed: { word: "Failed", tone: "fail", mark: "cross", final: true },
  canceling: { word: "Canceling", tone: "off", mark: "bar", final: false },
  canceled: { word: "Canceled", tone: "off", mark: "bar", final: true },
  not_responding: { word: "Not responding", tone: "warn", mark: "alert", final: false },
  skipped: { word: "Skipped", tone: "off", mark: "bar", final: true },
};

export type Mark = "clock" | "spin" | "arc" | "check" | "cross" | "bar" | "alert";

export const ALL_STATUSES = Object.keys(STATUS) as Status[];
export const statusWord = (status: Status): string => STATUS[status]?.word ?? status;
export const statusTone = (status: Status): Tone => STATUS[status]?.tone ?? "off";
export const statusMark = (status: Status): Mark => STATUS[status]?.mark ?? "clock";
export const isFinal = (status: Status): boolean => STATUS[status]?.final ?? false;
/** Work is going on or about to: anything not final except a run nobody has started. */
export const isActive = (status: Status): boolean => !isFinal(status) && status !== "not_started";
export const toneColor = (tone: Tone): string => `var(--st-${tone})`;
export const toneFill = (tone: Tone): string => `var(--st-${tone}-bg)`;
