import { app } from "../lib/app/index.ts";

/** Small tools for developers, all in the browser. */
export const itTools = app("it-tools", {
  chart: {
    repository: "https://charts.jeffresc.dev",
    name: "it-tools",
    version: "0.1.4",
  },
  // The chart's own default is an image of somebody else, under a tag of this one.
  values: { image: { repository: "ghcr.io/corentinth/it-tools", tag: "2024.10.22-7ca5933" } },
  port: 8080,
  host: { prod: "it-tools.truxonline.com" },
  namespace: "tools",
  size: "xs",
  priority: "low",
  places: {
    podLabels: [{ at: "podLabels", containers: { "it-tools": "app" } }],
    priorityClassName: [],
    resources: ["resources"],
    replicas: ["replicaCount"],
  },
});
