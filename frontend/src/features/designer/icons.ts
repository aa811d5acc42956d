import {
  Box,
  Braces,
  CaseSensitive,
  ChartColumn,
  Columns3,
  Combine,
  Database,
  FileDown,
  FlaskConical,
  Gauge,
  GraduationCap,
  type LucideIcon,
  Network,
  PackageOpen,
  Puzzle,
  SlidersHorizontal,
  Split,
  SquareTerminal,
  Table2,
  Target,
  TextCursorInput,
  WandSparkles,
} from "lucide-react";
import type { Component } from "./model/types";

/** An icon by what a component does (its effect, ports and kinds of parameter), never by which one it is. */
export function iconOf(component: Component | undefined): LucideIcon {
  if (!component) return Puzzle;
  const takes = new Set(component.inputs.map((port) => port.type));
  const gives = new Set(component.outputs.map((port) => port.type));
  const kinds = new Set(component.parameters.map((parameter) => parameter.kind));
  const languages = new Set(component.parameters.map((parameter) => parameter.language));
  if (component.effect === "source" || component.inputs.length === 0) {
    if (kinds.has("dataset")) return Database;
    if (gives.has("untrained_model")) return Network;
    if (gives.has("file")) return PackageOpen;
    return kinds.has("multiline") || kinds.has("code") || kinds.has("text") ? TextCursorInput : Database;
  }
  if (component.effect === "sink") return FileDown;
  if (languages.has("sql")) return Braces;
  if (component.effect === "user_code") return SquareTerminal;
  if (gives.has("metrics")) return Gauge;
  if (takes.has("untrained_model")) return gives.has("model") ? GraduationCap : FlaskConical;
  if (takes.has("model")) return Target;
  if (gives.has("image") || takes.has("image")) return Box;
  if (takes.has("transformation")) return WandSparkles;
  const tablesIn = component.inputs.filter((port) => port.type === "table").length;
  const tablesOut = component.outputs.filter((port) => port.type === "table").length;
  if (tablesIn > 1) return Combine;
  if (tablesOut > 1) return Split;
  if (gives.has("transformation")) return SlidersHorizontal;
  if (component.parameters.length === 1 && kinds.has("columns")) return Columns3;
  if (kinds.has("columns") || kinds.has("column")) return kinds.has("choice") ? CaseSensitive : Columns3;
  if (component.family.toLowerCase().includes("statistic")) return ChartColumn;
  return Table2;
}
