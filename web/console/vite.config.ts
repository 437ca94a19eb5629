import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const hub = process.env.HONGYAN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 5173,
    proxy: { "/api": hub, "/wx": hub },
  },
  build: {
    manifest: true,
    target: "es2022",
    // A data: URI would need its own line in the content policy; small files stay files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/test-setup.ts"] },
});
