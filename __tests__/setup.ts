/** Runs before each test file. Files share their processes: docs/testing.md says how a test stays cheap. */
import "../lib/core/stack-trace.ts";
