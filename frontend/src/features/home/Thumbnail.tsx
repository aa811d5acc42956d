import type { DraftSummary } from "@/api/types";
import { statusTone, toneColor } from "@/design/status";

const W = 46;
const H = 14;

/** A pipeline from far away. */
export function Thumbnail({ thumbnail }: { thumbnail: DraftSummary["thumbnail"] }) {
  if (!thumbnail?.nodes.length) return <span>Empty</span>;
  const { nodes, edges } = thumbnail;
  // Positions are those of full-size steps; the picture keeps their proportions.
  const scale = W / 190;
  const placed = nodes.map((node) => ({ ...node, x: node.x * scale, y: node.y * scale }));
  const left = Math.min(...placed.map((node) => node.x));
  const top = Math.min(...placed.map((node) => node.y));
  const width = Math.max(...placed.map((node) => node.x)) - left + W;
  const height = Math.max(...placed.map((node) => node.y)) - top + H;
  const pad = 12;
  const room = { w: Math.max(width + pad * 2, 200), h: Math.max(height + pad * 2, 90) };
  const dx = (room.w - width) / 2 - left;
  const dy = (room.h - height) / 2 - top;
  return (
    <svg viewBox={`0 0 ${room.w} ${room.h}`} width="100%" height="100%" aria-hidden="true">
      {edges.map(([from, to]) => {
        const a = placed[from];
        const b = placed[to];
        if (!a || !b) return null;
        const x1 = a.x + dx + W / 2;
        const y1 = a.y + dy + H;
        const x2 = b.x + dx + W / 2;
        const y2 = b.y + dy;
        const bend = Math.max(6, Math.abs(y2 - y1) / 2);
        return (
          <path
            key={`${from}-${to}`}
            d={`M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`}
            fill="none"
            stroke="var(--control)"
            strokeWidth={1}
            opacity={0.6}
          />
        );
      })}
      {placed.map((node) => (
        <rect
          key={`${node.x}-${node.y}`}
          x={node.x + dx}
          y={node.y + dy}
          width={W}
          height={H}
          rx={3.5}
          fill="var(--node)"
          stroke={node.status ? toneColor(statusTone(node.status)) : "var(--line-strong)"}
          strokeWidth={1.2}
        />
      ))}
    </svg>
  );
}
