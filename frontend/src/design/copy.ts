import { toast } from "./toast";

/** Copies text, also where the clipboard API needs a secure context that a plain http host is not. */
export async function copyText(text: string, said = "Copied"): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
    return;
  } catch {
    // Not a secure context, or refused: the older way still works for a user's own click.
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  toast(
    done ? said : "The browser refused to copy. Select the text and copy it by hand.",
    done ? "plain" : "fail",
  );
}
