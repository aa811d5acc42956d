import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { toProblem } from "@/api/client";
import { createDataset, createDatasetVersion } from "@/api/datasets";
import { keys } from "@/api/keys";
import { listToTags } from "@/api/tags";
import type { DataSource, DatasetKind, DatasetVersion, ParseOptions } from "@/api/types";
import { Button } from "@/design/Button";
import { Sheet } from "@/design/Dialog";
import { TextAreaField, TextField } from "@/design/Field";
import { TagsField } from "@/design/PickField";
import { ProblemCard } from "@/design/ProblemCard";
import { Segmented } from "@/design/Segmented";
import styles from "./Import.module.css";
import { ParsePanel } from "./ParsePanel";
import { SourceFromDatastore } from "./SourceFromDatastore";
import { SourceFromFile } from "./SourceFromFile";
import { Uploader } from "./Uploader";
import { UploadProgress } from "./UploadProgress";
import { isSameFile, unfinished } from "./unfinished";

export interface ImportSheetProps {
  ws: string;
  /** Makes a new version of this dataset instead of a dataset. */
  dataset?: { id: string; name: string; kind: DatasetKind };
  /** Dropped on the page before the sheet was open. */
  file?: File | null;
  onClose: () => void;
  onCreated: (version: DatasetVersion) => void;
}

function nameOf(file: string): string {
  const base = file.split("/").at(-1) ?? file;
  return (
    base
      .replace(/\.(gz|zst|bz2)$/i, "")
      .replace(/\.[a-z0-9]{1,8}$/i, "")
      .replace(/[*?[\]]+/g, "")
      .replace(/^[\s._-]+|[\s._-]+$/g, "") || "dataset"
  );
}

/** What is an archive or a document by its name is not offered as a table first. */
const NO_TABLE = /\.(zip|gz|tgz|bz2|xz|zst|7z|tar|whl|pdf|png|jpe?g|pkl|onnx|py)$/i;

const nothing = () => () => undefined;

/** From a file or a path to a dataset: send, look, correct, name, create. */
export function ImportSheet({ ws, dataset, file, onClose, onCreated }: ImportSheetProps) {
  const client = useQueryClient();
  const [from, setFrom] = useState<"file" | "datastore">("file");
  const [uploader, setUploader] = useState<Uploader | null>(null);
  const [path, setPath] = useState<{ datastore: string; path: string } | null>(null);
  const [options, setOptions] = useState<ParseOptions | null>(null);
  const [name, setName] = useState("");
  const [named, setNamed] = useState(false);
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<string[]>([]);
  const [kind, setKind] = useState<DatasetKind>(dataset?.kind ?? "table");
  const upload = useSyncExternalStore(uploader?.subscribe ?? nothing, () => uploader?.read() ?? null);

  const suggest = (text: string) => {
    if (!named) setName(nameOf(text));
  };
  const begin = (chosen: File) => {
    const before = unfinished(ws);
    uploader?.stop();
    const next = new Uploader(ws, chosen, before && isSameFile(before, chosen) ? before.id : null);
    next.start();
    setUploader(next);
    setFrom("file");
    setOptions(null);
    if (!dataset) setKind(NO_TABLE.test(chosen.name) ? "file" : "table");
    suggest(chosen.name);
  };
  const begun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dropped file begins once
  useEffect(() => {
    if (!file || begun.current) return;
    begun.current = true;
    begin(file);
  }, [file]);
  useEffect(() => () => uploader?.stop(), [uploader]);

  const source: DataSource | null =
    from === "file" ? (upload?.phase === "complete" && upload.id ? { upload: upload.id } : null) : path;
  const create = useMutation({
    mutationFn: () => {
      if (!source || (kind === "table" && !options)) throw new Error("There is nothing to create from yet.");
      const read = kind === "table" ? options : null;
      return dataset
        ? createDatasetVersion(ws, dataset.id, { source, options: read, description: description.trim() })
        : createDataset(ws, {
            name: name.trim(),
            description: description.trim(),
            tags: listToTags(tags),
            source,
            options: read,
            kind,
          });
    },
    onSuccess: (version) => {
      void client.invalidateQueries({ queryKey: keys.datasets(ws) });
      onCreated(version);
    },
  });
  const problem = create.error ? toProblem(create.error) : null;
  const busy = upload && (upload.phase === "sending" || upload.phase === "waiting");
  const close = () => {
    // Closing keeps what was sent: the same file goes on from there.
    if (busy) uploader?.pause();
    onClose();
  };
  return (
    <Sheet
      opened
      onClose={close}
      title={dataset ? `New version of ${dataset.name}` : "New dataset"}
      size={980}
    >
      <form
        className={styles.sheet}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <div>
          <Segmented
            label="Where the data come from"
            value={from}
            items={[
              { value: "file", label: "Upload a file" },
              { value: "datastore", label: "From a datastore" },
            ]}
            onChange={(value) => {
              setFrom(value);
              setOptions(null);
            }}
          />
        </div>
        {from === "file" &&
          (uploader && upload && upload.phase !== "canceled" ? (
            <UploadProgress
              uploader={uploader}
              upload={upload}
              onCancel={() => {
                void uploader.cancel();
                setUploader(null);
                setOptions(null);
              }}
            />
          ) : (
            <SourceFromFile ws={ws} onFile={begin} />
          ))}
        {from === "datastore" && (
          <SourceFromDatastore
            ws={ws}
            chosen={path}
            onChoose={(next) => {
              setPath(next);
              setOptions(null);
              if (next) suggest(next.path);
            }}
          />
        )}
        {source && !dataset && (
          <div>
            <Segmented
              label="What becomes of it"
              value={kind}
              items={[
                { value: "table", label: "Read as a table" },
                { value: "file", label: "Keep as a file" },
              ]}
              onChange={setKind}
            />
          </div>
        )}
        {source && kind === "file" && (
          <p className={styles.note}>
            The bytes stay as they are, such as a zip of Python modules for a script step.
          </p>
        )}
        {source && kind === "table" && (
          <ParsePanel key={JSON.stringify(source)} ws={ws} source={source} onOptions={setOptions} />
        )}
        {source && (
          <div className={styles.form}>
            {!dataset && (
              <TextField
                label="Name"
                value={name}
                maxLength={200}
                error={problem?.forField("name")}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                  setNamed(true);
                }}
              />
            )}
            {!dataset && (
              <TagsField
                label="Tags"
                placeholder={tags.length ? undefined : "Type a tag, then Enter"}
                value={tags}
                onChange={setTags}
              />
            )}
            <TextAreaField
              label={dataset ? "What changed" : "Description"}
              minRows={2}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
          </div>
        )}
        {problem && <ProblemCard problem={problem} />}
        {source && (
          <div className={styles.foot}>
            <Button onClick={close}>Close</Button>
            <Button
              type="submit"
              variant="primary"
              busy={create.isPending}
              disabled={(kind === "table" && !options) || (!dataset && !name.trim())}
            >
              {dataset ? "Create version" : "Create dataset"}
            </Button>
          </div>
        )}
      </form>
    </Sheet>
  );
}
