/** The upload that was under way when the page went: to be continued with the same file. */
export interface Unfinished {
  id: string;
  name: string;
  size: number;
  modified: number;
}

const key = (ws: string) => `studio-upload-${ws}`;

export function remember(ws: string, upload: Unfinished): void {
  try {
    localStorage.setItem(key(ws), JSON.stringify(upload));
  } catch {
    // Without storage an upload cannot be continued after a reload, but works.
  }
}

export function forget(ws: string): void {
  try {
    localStorage.removeItem(key(ws));
  } catch {
    // Nothing was kept.
  }
}

export function unfinished(ws: string): Unfinished | null {
  try {
    const found = JSON.parse(localStorage.getItem(key(ws)) ?? "null") as Unfinished | null;
    return found && typeof found.id === "string" && typeof found.size === "number" ? found : null;
  } catch {
    return null;
  }
}

export function isSameFile(upload: Unfinished, file: File): boolean {
  return upload.name === file.name && upload.size === file.size && upload.modified === file.lastModified;
}
