import { create } from "zustand";

export const useAnnouncement = create<{ text: string }>(() => ({ text: "" }));

/** Says a sentence in the page's one polite live region. */
export function announce(text: string): void {
  // The same words twice are only read again when the region changed in between.
  useAnnouncement.setState((state) => ({ text: state.text === text ? `${text}\u00a0` : text }));
}
