import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the sandbox listens while the pages are being worked on. */
const sandbox = process.env.SANDBOX_URL ?? "http://127.0.0.1:8090";
const proxy = Object.fromEntries(
  ["/sandbox", "/cgi-bin/showqrcode", "/connect"].map((path) => [path, { target: sandbox }]),
);

export default defineConfig({
  plugins: [react()],
  // The same index.html also answers at /cgi-bin/componentloginpage, so addresses of files are absolute.
  base: "/",
  server: { port: 8091, proxy },
  preview: { port: 8091, proxy },
  build: {
    target: "es2022",
    outDir: "dist",
    // Pictures as data: addresses would need img-src data: in a strict policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
