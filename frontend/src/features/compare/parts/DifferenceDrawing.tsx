import { Maximize, Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/design/Button";
import { BOX, type Drawing, stateWord } from "../model/drawing";
import styles from "./Graph.module.css";
import { StateMark } from "./StateMark";

const SMALLEST = 0.35;
const LARGEST = 1.5;

/** Two drawings in one: what was added, changed and taken away, where it stands. */
export function DifferenceDrawing({
  drawing,
  label,
  chosen,
  onChoose,
}: {
  drawing: Drawing;
  label: string;
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [fit, setFit] = useState(1);
  const [own, setOwn] = useState<number | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () =>
      setFit(
        Math.min(
          1,
          Math.max(
            SMALLEST,
            Math.min(element.clientWidth / drawing.width, element.clientHeight / drawing.height),
          ),
        ),
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [drawing.width, drawing.height]);
  const zoom = own ?? fit;
  const scale = (by: number) => setOwn(Math.min(LARGEST, Math.max(SMALLEST, zoom * by)));
  return (
    <div className={styles.picture}>
      <div ref={frame} className={styles.frame} role="group" aria-label={label}>
        <div className={styles.sheet} style={{ width: drawing.width * zoom, height: drawing.height * zoom }}>
          <div
            className={styles.canvas}
            style={{ width: drawing.width, height: drawing.height, transform: `scale(${zoom})` }}
          >
            <svg width={drawing.width} height={drawing.height} className={styles.edges} aria-hidden="true">
              {drawing.edges.map((edge) => (
                <path key={edge.key} d={edge.path} data-state={edge.state} />
              ))}
            </svg>
            {drawing.nodes.map((node) => (
              <button
                key={node.key}
                type="button"
                className={styles.box}
                data-state={node.state}
                aria-pressed={node.key === chosen}
                title={node.title}
                style={{ left: node.x, top: node.y, width: BOX.width, height: BOX.height }}
                onClick={() => onChoose(node.key)}
              >
                <StateMark state={node.state} />
                <span className={styles.boxText}>
                  <span className={styles.boxTitle}>{node.title}</span>
                  <span className={styles.boxWord}>{stateWord(node)}</span>
                </span>
              </button>
            ))}
          </div>
        </div>
      </div>
      <div className={styles.zoom}>
        <IconButton label="Zoom in" size="compact" onClick={() => scale(1.25)}>
          <Plus size={14} />
        </IconButton>
        <IconButton label="Zoom out" size="compact" onClick={() => scale(0.8)}>
          <Minus size={14} />
        </IconButton>
        <IconButton label="Fit the drawing" size="compact" onClick={() => setOwn(null)}>
          <Maximize size={14} />
        </IconButton>
      </div>
    </div>
  );
}
