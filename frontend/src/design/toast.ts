import { create } from "zustand";

export interface ToastItem {
  id: number;
  text: string;
  tone: "plain" | "fail";
  action?: { label: string; run: () => void };
}

interface ToastStore {
  items: ToastItem[];
  dismiss: (id: number) => void;
}

export const useToasts = create<ToastStore>((set) => ({
  items: [],
  dismiss: (id) => set((state) => ({ items: state.items.filter((item) => item.id !== id) })),
}));

let last = 0;

/** A passing note. Never the only copy of an error. */
export function toast(text: string, tone: ToastItem["tone"] = "plain", action?: ToastItem["action"]): void {
  last += 1;
  const id = last;
  useToasts.setState((state) => ({ items: [...state.items.slice(-2), { id, text, tone, action }] }));
  setTimeout(() => useToasts.getState().dismiss(id), action || tone === "fail" ? 8000 : 3500);
}
