import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { toProblem } from "@/api/client";
import { sessionQuery, signOut } from "@/api/session";
import { Avatar, userName } from "@/design/Avatar";
import { ActionMenu } from "@/design/Menu";
import { toast } from "@/design/toast";
import { useTheme } from "@/design/useTheme";
import styles from "./Frame.module.css";

const THEMES = [
  { value: "auto", label: "Theme of the system", icon: <Monitor size={14} /> },
  { value: "light", label: "Light theme", icon: <Sun size={14} /> },
  { value: "dark", label: "Dark theme", icon: <Moon size={14} /> },
] as const;

export function AccountMenu({ onSheet }: { onSheet: () => void }) {
  const session = useQuery(sessionQuery());
  const client = useQueryClient();
  const navigate = useNavigate();
  const { choice, setTheme } = useTheme();
  const user = session.data?.user ?? null;
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      const problem = toProblem(error);
      // Already signed out elsewhere is as good.
      if (problem.status !== 401) {
        toast(`Not signed out: ${problem.title}. ${problem.detail}`, "fail");
        return;
      }
    }
    client.clear();
    await navigate({ to: "/sign-in", search: {} });
  };
  return (
    <ActionMenu
      opener={
        <button type="button" className={styles.account} aria-label={`Account of ${userName(user)}`}>
          <Avatar user={user} size={24} />
        </button>
      }
      entries={[
        { heading: user?.email || user?.username || "" },
        {
          label: "Account and tokens",
          icon: <UserRound size={14} />,
          onSelect: () => void navigate({ to: "/account" }),
        },
        { label: "Keyboard shortcuts", icon: <Keyboard size={14} />, onSelect: onSheet },
        "divider",
        ...THEMES.map(({ value, label, icon }) => ({
          label,
          icon,
          aside: choice === value ? <Check size={14} aria-label="Chosen" /> : undefined,
          onSelect: () => setTheme(value),
        })),
        "divider",
        { label: "Sign out", icon: <LogOut size={14} />, onSelect: () => void leave() },
        { heading: `Studio ${session.data?.version ?? ""}` },
      ]}
    />
  );
}
