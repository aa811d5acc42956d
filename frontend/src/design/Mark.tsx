/** The product's mark. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M3 2h8.500A9.500 9.500 0 0 1 21 11.500V13h-6v-1.500A3.500 3.500 0 0 0 11.500 8H3z"
        fill="var(--ink)"
      />
      <path d="M3 12h6v10H3z" fill="var(--ink)" />
      <circle cx="17.500" cy="18.500" r="3.500" fill="var(--ink)" />
    </svg>
  );
}
