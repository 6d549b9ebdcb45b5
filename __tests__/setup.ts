import "../lib/core/stack-trace.ts";
