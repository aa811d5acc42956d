import { Binary, Braces, CalendarDays, Clock, Hash, KeyRound, Tag, Timer, Type } from "lucide-react";
import type { Dtype } from "@/api/types";

const ICONS = {
  integer: Hash,
  float: Hash,
  boolean: Binary,
  string: Type,
  categorical: Tag,
  datetime: CalendarDays,
  date: CalendarDays,
  time: Clock,
  duration: Timer,
  other: Braces,
} satisfies Record<Dtype, unknown>;

export function DtypeIcon({ dtype, unique, size = 13 }: { dtype: Dtype; unique?: boolean; size?: number }) {
  const Icon = unique ? KeyRound : (ICONS[dtype] ?? Braces);
  return <Icon size={size} strokeWidth={1.75} role="img" aria-label={unique ? `${dtype}, unique` : dtype} />;
}
