import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../..");
const COMPONENTS = resolve(SRC, "../../designer/components");

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

it("names no component in the designer or the forms", () => {
  const names = files(COMPONENTS)
    .filter((path) => path.endsWith(".py") && !basename(path).startsWith("_"))
    .map((path) => basename(path, ".py"));
  expect(names.length).toBeGreaterThan(10);
  const sources = [join(SRC, "features/designer"), join(SRC, "forms")]
    .flatMap(files)
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path));
  const found = sources.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return names
      .filter((name) => text.includes(`${name}@`) || (name.includes("_") && text.includes(name)))
      .map((name) => `${path}: ${name}`);
  });
  expect(found).toEqual([]);
});
