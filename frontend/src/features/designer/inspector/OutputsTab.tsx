import { formatNumber, plural } from "@/design/format";
import { Tag } from "@/design/Tag";
import { TypeGlyph, typeWord } from "@/design/TypeGlyph";
import { usePageDoings } from "../actions/context";
import { portsOf } from "../state/flow";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Inspector.module.css";

const SHOWN = 24;

/** What comes out of the step: its size once it ran, and its columns already before. */
export function OutputsTab({ id }: { id: string }) {
  const store = useDesignerStore();
  const page = usePageDoings();
  const node = useDesigner((state) => state.nodes.get(id));
  const step = useDesigner((state) => state.steps[id]);
  const schemas = useDesigner((state) => state.schemas[id]);
  if (!node) return null;
  const { catalog, document } = store.getState();
  const { outputs } = portsOf(node, catalog.byId.get(node.component), document.graph.edges);
  if (!outputs.length) return <p className={styles.note}>Nothing comes out of this step.</p>;
  return (
    <>
      {outputs.map((port) => {
        const made = step?.outputs.find((output) => output.port === port.name);
        const schema = schemas?.[port.name];
        return (
          <section key={port.name} className={styles.section} aria-label={port.title}>
            <div className={styles.list}>
              <button
                type="button"
                className={styles.item}
                disabled={!made}
                onClick={() => {
                  store.getState().patch({ port: { node: id, port: port.name } });
                  page.openDock("output");
                }}
              >
                <TypeGlyph type={port.type} size={12} />
                <span className={styles.grow}>
                  <b>{port.title}</b>
                  <span className={styles.quiet}>
                    {typeWord(port.type)}
                    {made?.rows !== null && made?.rows !== undefined
                      ? ` · ${formatNumber(made.rows)} rows · ${plural(made.columns ?? 0, "column")}`
                      : made
                        ? " · stored"
                        : " · not made yet"}
                  </span>
                </span>
              </button>
            </div>
            {port.help && <p className={styles.note}>{port.help}</p>}
            {port.type === "table" &&
              (schema ? (
                <div className={styles.columns}>
                  {schema.columns.slice(0, SHOWN).map((column) => (
                    <Tag
                      key={column.name}
                      title={`${column.name}: ${column.dtype}${column.role ? `, ${column.role}` : ""}`}
                    >
                      {column.name}
                    </Tag>
                  ))}
                  {schema.columns.length > SHOWN && (
                    <span className={styles.note}>
                      and {plural(schema.columns.length - SHOWN, "more", "more")}
                    </span>
                  )}
                </div>
              ) : (
                <p className={styles.note}>Its columns are known once the step has run.</p>
              ))}
          </section>
        );
      })}
    </>
  );
}
