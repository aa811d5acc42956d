import styles from "./Skeleton.module.css";

/** A bone of the final shape; invisible for the first 150 ms. */
export function Skeleton({
  width = "100%",
  height = 14,
  radius,
}: {
  width?: number | string;
  height?: number | string;
  radius?: number | string;
}) {
  return <span aria-hidden="true" className={styles.bone} style={{ width, height, borderRadius: radius }} />;
}

export function SkeletonRows({ count = 5, height = 32 }: { count?: number; height?: number }) {
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <Skeleton key={i} height={height - 10} width={`${96 - ((i * 17) % 34)}%`} />
      ))}
    </div>
  );
}
