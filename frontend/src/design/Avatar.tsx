import type { User } from "@/api/types";

const COLORS = [2, 5, 4, 7, 8, 9, 3, 1];

export function userName(user: User | null | undefined): string {
  return user ? user.display_name || user.username : "Studio";
}

export function Avatar({ user, size = 22 }: { user: User | null | undefined; size?: number }) {
  const name = userName(user);
  const initials = name
    .split(/[\s._-]+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7);
  return (
    <span
      title={name}
      aria-hidden="true"
      style={{
        display: "inline-grid",
        placeItems: "center",
        flex: "none",
        width: size,
        height: size,
        borderRadius: "50%",
        font: `600 ${Math.max(9, size * 0.41)}px/1 var(--font)`,
        background: `var(--series-${COLORS[hash % COLORS.length]})`,
        color: "var(--surface)",
      }}
    >
      {initials}
    </span>
  );
}
