// Runs before the first paint so that the page never flashes in the wrong theme.
// A file of its own because the content security policy forbids inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("studio-theme");
  } catch {
    // Storage can be forbidden; the system's theme is then the answer.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
