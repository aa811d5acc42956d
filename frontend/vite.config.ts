import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const backend = process.env.STUDIO_BACKEND ?? `http://127.0.0.1:${process.env.STUDIO_PORT ?? 8000}`;

export default defineConfig(({ command }) => ({
  // Django serves the build under STATIC_URL; the dev server owns the root.
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Plotly's sources expect Node's global.
  define: { global: "globalThis" },
  server: {
    port: 5173,
    proxy: {
      "/api": backend,
      "/ws": { target: backend, ws: true },
    },
  },
  build: {
    outDir: "dist",
    manifest: true,
    target: "es2023",
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A group takes what its test names, not what that happens to import.
          includeDependenciesRecursively: false,
          groups: [
            {
              name: "react",
              test: /node_modules\/(react|react-dom|scheduler|zustand|use-sync-external-store|clsx)\//,
            },
            {
              // The heavy inputs stay with the pages that show them.
              name: "mantine",
              test: /node_modules\/(@floating-ui|@mantine\/(?!core\/esm\/components\/(NumberInput|PasswordInput|TagsInput|MultiSelect|Pill|PillsInput)\/))/,
            },
            {
              name: "tanstack",
              test: /node_modules\/@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store)\//,
            },
            { name: "virtual", test: /node_modules\/@tanstack\/(react-virtual|virtual-core)\// },
            // What several pages use, in one file: an icon of 200 bytes is not worth a request.
            {
              name: "shared",
              test: /src\/(design\/(?!NumberField|PasswordField|PickField|DataTable|LogView|useLog|ansi|SplitPane)|api\/|live\/)|node_modules\/lucide-react\//,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
}));
