/** Numbers, sizes, times as words: one place, so that every page reads alike. */

const THIN = "\u2009";
const MINUS = "\u2212";

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

export interface NumberFormat {
  /** Significant digits for fractions. */
  digits?: number;
  /** Fixed decimals, for a column whose numbers should line up. */
  decimals?: number;
}

/** A number with thin-space thousands. Non-finite values keep their name. */
export function formatNumber(value: number | string | null | undefined, format: NumberFormat = {}): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") {
    // Integers beyond 2^53 and non-finite values arrive as text; they must not pass through a float.
    if (/^-?\d+$/.test(value))
      return value.startsWith("-") ? MINUS + grouped(value.slice(1)) : grouped(value);
    if (value === "Infinity") return "∞";
    if (value === "-Infinity") return `${MINUS}∞`;
    return value;
  }
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (format.decimals !== undefined) {
    const [whole = "0", fraction] = size.toFixed(format.decimals).split(".");
    return sign + grouped(whole) + (fraction ? `.${fraction}` : "");
  }
  if (Number.isInteger(value) && size < 1e15) return sign + grouped(String(size));
  const digits = format.digits ?? 4;
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) {
    const [mantissa = "0", exponent = "0"] = size.toExponential(Math.max(0, digits - 1)).split("e");
    return `${sign}${mantissa.replace(/\.?0+$/, "")}e${exponent.replace("+", "")}`;
  }
  const decimals = size >= 1 ? Math.max(0, digits - Math.floor(Math.log10(size)) - 1) : digits;
  const text = size.toFixed(Math.min(decimals, 12));
  const [whole = "0", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "");
  return sign + grouped(whole) + (kept ? `.${kept}` : "");
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

export function formatBytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const text = unit === 0 || size >= 100 ? String(Math.round(size)) : size.toFixed(size >= 10 ? 0 : 1);
  return `${text.replace(/\.0$/, "")} ${UNITS[unit]}`;
}

/** Seconds as `0.4 s`, `18 s`, `1 m 42 s`, `2 h 5 m`, `3 d 4 h`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  const s = Math.max(0, seconds);
  if (s < 0.05) return "0.0 s";
  if (s < 9.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} m ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `just now`, `12 s ago`, `5 m ago`, `3 h ago`, `2 d ago`, then the date. */
export function formatAge(at: string | number | Date, now: number = Date.now()): string {
  const time = new Date(at).getTime();
  if (Number.isNaN(time)) return "";
  const s = (now - time) / 1000;
  if (s < 5) return s < -60 ? formatDay(time, now) : "just now";
  if (s < 60) return `${Math.floor(s)} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} m ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  if (s < 7 * 86_400) return `${Math.floor(s / 86_400)} d ago`;
  return formatDay(time, now);
}

function formatDay(time: number, now: number): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Date(time).toLocaleDateString("en-US", {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** The exact moment, for tooltips. */
export function formatMoment(at: string | number | Date): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleString("en-US", { dateStyle: "medium", timeStyle: "medium" });
}

export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "";
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  if (percent < 0.1) return "<0.1%";
  if (percent > 99.9) return ">99.9%";
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** `roc_auc` and `pipeline_run` as words in sentence case. */
export function sentence(name: string): string {
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
