import type { PortType } from "@/api/types";

const LOOK: Record<PortType, { word: string; color: string; path: string; hollow?: boolean }> = {
  table: {
    word: "Table",
    color: "var(--pt-table)",
    path: "M3.5 2h5A1.5 1.5 0 0 1 10 3.5v5A1.5 1.5 0 0 1 8.500 10h-5A1.5 1.5 0 0 1 2 8.500v-5A1.5 1.5 0 0 1 3.500 2z",
  },
  untrained_model: {
    word: "Untrained model",
    color: "var(--pt-model)",
    path: "M6 1.500 10.500 6 6 10.500 1.500 6z",
    hollow: true,
  },
  model: { word: "Model", color: "var(--pt-model)", path: "M6 1.200 10.800 6 6 10.800 1.200 6z" },
  clustering: {
    word: "Clustering model",
    color: "var(--pt-model)",
    path: "M6 1.200 10.800 6 6 10.800 1.200 6z",
  },
  transformation: {
    word: "Transformation",
    color: "var(--pt-transform)",
    path: "M6 1.200 10.200 3.600v4.800L6 10.800 1.800 8.400V3.600z",
  },
  metrics: {
    word: "Metrics",
    color: "var(--pt-metrics)",
    path: "M6 1.700a4.300 4.300 0 1 1 0 8.600 4.300 4.300 0 0 1 0-8.600z",
  },
  file: { word: "File", color: "var(--pt-file)", path: "M6 1.500 10.800 10H1.200z" },
  image: {
    word: "Images",
    color: "var(--pt-image)",
    path: "M6 1.200A2.600 2.600 0 0 1 8.600 3.800v4.400a2.600 2.600 0 0 1-5.200 0V3.800A2.600 2.600 0 0 1 6 1.200z",
  },
};

export const typeWord = (type: PortType): string => LOOK[type]?.word ?? type;
export const typeColor = (type: PortType): string => LOOK[type]?.color ?? "var(--pt-file)";
/** SVG path of the shape in a 12 by 12 box. */
export const typePath = (type: PortType): string => LOOK[type]?.path ?? LOOK.file.path;
export const typeHollow = (type: PortType): boolean => LOOK[type]?.hollow ?? false;

/** Shape, color and word of a data type. */
export function TypeGlyph({
  type,
  size = 11,
  labelled = false,
}: {
  type: PortType;
  size?: number;
  labelled?: boolean;
}) {
  const hollow = typeHollow(type);
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      style={{ flex: "none" }}
      {...(labelled ? { role: "img", "aria-label": typeWord(type) } : { "aria-hidden": true })}
    >
      {labelled && <title>{typeWord(type)}</title>}
      <path
        d={typePath(type)}
        fill={hollow ? "none" : typeColor(type)}
        stroke={typeColor(type)}
        strokeWidth={hollow ? 1.5 : 0}
        strokeLinejoin="round"
      />
    </svg>
  );
}
