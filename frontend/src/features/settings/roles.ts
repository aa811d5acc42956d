import type { Role } from "@/api/types";

export const ROLES: { value: Role; label: string }[] = [
  { value: "owner", label: "Owner" },
  { value: "contributor", label: "Contributor" },
  { value: "reader", label: "Reader" },
];
