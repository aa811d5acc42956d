const KEY = "studio-workspace";

/** The workspace that `/` opens. */
export const lastWorkspace = {
  read(): string | null {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // Storage is forbidden: the first workspace it is.
      return null;
    }
  },
  write(name: string): void {
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // A convenience; nothing hangs on it.
    }
  },
};
