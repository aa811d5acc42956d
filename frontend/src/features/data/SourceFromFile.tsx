import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { deleteUpload } from "@/api/datasets";
import { Button } from "@/design/Button";
import { formatBytes } from "@/design/format";
import { toast } from "@/design/toast";
import styles from "./Import.module.css";
import { forget, unfinished } from "./unfinished";
import { useFileDrop } from "./useFileDrop";

/** Picker and drop target; an upload that was cut off is offered again. */
export function SourceFromFile({ ws, onFile }: { ws: string; onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [before, setBefore] = useState(() => unfinished(ws));
  const over = useFileDrop(onFile, true);
  const discard = async () => {
    if (!before) return;
    forget(ws);
    setBefore(null);
    try {
      await deleteUpload(ws, before.id);
    } catch {
      // It had expired already, which is what was asked for.
      toast("Discarded");
    }
  };
  return (
    <>
      {before && (
        <div className={styles.unfinished}>
          <span>
            The upload of <strong>{before.name}</strong> ({formatBytes(before.size)}) was cut off. Choose the
            same file to go on where it stopped.
          </span>
          <Button size="compact" onClick={() => input.current?.click()}>
            Choose it again
          </Button>
          <Button size="compact" variant="quiet" onClick={() => void discard()}>
            Discard
          </Button>
        </div>
      )}
      <div className={styles.drop} data-over={over}>
        <FileUp size={22} strokeWidth={1.5} aria-hidden="true" />
        <strong>Drop a file here</strong>
        <span>
          CSV, TSV, JSON lines, Parquet or Excel. Anything else is kept as a file. It is sent in parts and can
          be paused.
        </span>
        <Button variant="primary" onClick={() => input.current?.click()}>
          Choose file
        </Button>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          aria-label="Data file"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) onFile(file);
          }}
        />
      </div>
    </>
  );
}
