/**
 * The weight budget, over what was built: the first load (entry, shell and one language) stays under
 * 300 kB gzipped, and no route adds more than 250 kB to it. Run after `vite build`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const kB = 1024;
const limits = { first: 300 * kB, route: 250 * kB };
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));

const sizes = new Map();
function weigh(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(dist + file)).length);
  return sizes.get(file);
}

/** Every file a chunk needs before it can run. */
function needs(key, found = new Set(), visited = new Set()) {
  if (visited.has(key)) return found;
  visited.add(key);
  const chunk = manifest[key];
  if (!chunk) throw new Error(`the manifest has no ${key}`);
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const other of chunk.imports ?? []) needs(other, found, visited);
  return found;
}
const total = (files) => [...files].reduce((sum, file) => sum + weigh(file), 0);
const show = (bytes) => `${(bytes / kB).toFixed(1)} kB`;

const first = new Set();
for (const key of ["index.html", "src/app/Shell.tsx", "src/locales/zh-CN/index.ts"]) needs(key, first);
const firstSize = total(first);
let failed = firstSize > limits.first;
console.log(`first load ${show(firstSize)} of ${show(limits.first)}`);

for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !/^src\/features\/.*\.tsx$/.test(key)) continue;
  const extra = total([...needs(key)].filter((file) => !first.has(file)));
  if (extra > limits.route) failed = true;
  console.log(`${extra > limits.route ? "TOO HEAVY " : ""}+ ${show(extra).padStart(9)}  ${key}`);
}
if (failed) {
  console.error("over the weight budget");
  process.exit(1);
}
