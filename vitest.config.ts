import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["__tests__/**/*.test.ts"],
    setupFiles: ["__tests__/setup.ts"],
    testTimeout: 30_000,
    // cdktf and its providers are loaded once a process, not once a file (docs/testing.md).
    isolate: false,
  },
});
