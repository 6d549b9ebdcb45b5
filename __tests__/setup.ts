import "../lib/stack-trace.ts";
