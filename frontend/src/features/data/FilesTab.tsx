import { useQuery } from "@tanstack/react-query";
import { datasetFilesQuery } from "@/api/datasets";
import { formatBytes, plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import styles from "./FilesTab.module.css";

/** What is inside a file dataset. */
export function FilesTab({ ws, id, version }: { ws: string; id: string; version: number }) {
  const files = useQuery(datasetFilesQuery(ws, id, version));
  if (files.isPending) return <SkeletonRows count={6} />;
  if (files.isError) return <ProblemCard problem={files.error} onRetry={() => files.refetch()} />;
  const { entries, count, is_archive: archive } = files.data;
  return (
    <div className={styles.files}>
      <p className={styles.lead}>
        {archive ? `An archive of ${plural(count, "file")}.` : "One file, kept as it is."}
        {entries.length < count && ` The first ${entries.length} are listed.`} Connect it to a step with the
        component File Dataset.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className={styles.size}>
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an archive may hold one name twice
            <tr key={at}>
              <td className={styles.name}>{entry.name}</td>
              <td className={styles.size}>{formatBytes(entry.size_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
