// Reads Vite's manifest after a build and fails when a route is heavier than budgets.json allows.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const root = new URL("..", import.meta.url);
const read = (name) => readFileSync(new URL(name, root));
const manifest = JSON.parse(read("dist/.vite/manifest.json"));
const { routes } = JSON.parse(read("budgets.json"));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(read(`dist/${file}`), { level: 9 }).length / 1000);
  return sizes.get(file);
}

/** Every file that must arrive before the entry runs; dynamic imports come later. */
function filesOf(entry, found = new Set()) {
  const item = manifest[entry] ?? Object.values(manifest).find((each) => each.src === entry);
  if (!item) throw new Error(`budgets.json names ${entry}, which is not in the build's manifest.`);
  if (found.has(item.file)) return found;
  found.add(item.file);
  for (const css of item.css ?? []) found.add(css);
  for (const key of item.imports ?? []) filesOf(key, found);
  return found;
}

const loaded = new Map();
let failed = false;
for (const route of routes) {
  const files = new Set();
  for (const entry of route.entries) filesOf(entry, files);
  loaded.set(route.name, files);
  const before = loaded.get(route.on) ?? new Set();
  const own = [...files].filter((file) => !before.has(file));
  const sum = (ending) =>
    own.filter((file) => file.endsWith(ending)).reduce((all, file) => all + size(file), 0);
  const facts = [
    ["js", sum(".js"), route.js],
    ["css", sum(".css"), route.css],
    ["requests", own.length, route.requests],
  ].filter(([, , limit]) => limit !== undefined);
  const over = facts.filter(([, value, limit]) => value > limit);
  failed ||= over.length > 0;
  const text = facts.map(([name, value, limit]) => `${name} ${Math.round(value)} of ${limit}`).join(", ");
  if (process.argv.includes("--files"))
    for (const file of own) console.log(`        ${size(file).toFixed(1)}  ${file}`);
  console.log(`${over.length ? "OVER" : "ok  "}  ${route.name}: ${text}`);
}
if (failed) {
  console.error(
    "A route is heavier than budgets.json allows. Make it lighter, or raise the budget with a reason in the commit.",
  );
  process.exit(1);
}
