import { app } from "../lib/app/index.ts";

/** Edits PDF files. Its own accounts are off: authentication at the gateway lets people in. */
export const stirlingPdf = app("stirling-pdf", {
  chart: {
    repository: "https://stirling-tools.github.io/Stirling-PDF-chart",
    name: "stirling-pdf-chart",
    version: "2.2.0",
  },
  values: {
    image: { registry: "docker.stirlingpdf.com", repository: "stirlingtools/stirling-pdf", tag: "2.10.1" },
    envs: [
      { name: "SECURITY_ENABLELOGIN", value: "false" },
      // The heap, and what Java needs beside it, within the limit of the size.
      { name: "JAVA_TOOL_OPTIONS", value: "-XX:MaxRAMPercentage=40 -XX:MaxMetaspaceSize=200m" },
    ],
    // It takes minutes to come up.
    probes: {
      liveness: { enabled: true, failureThreshold: 30 },
      readiness: { enabled: true, failureThreshold: 30 },
    },
    containerSecurityContext: {
      runAsUser: 1000,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    },
  },
  port: 8080,
  service: { name: "stirling-pdf-stirling-pdf-chart", port: 8080 },
  host: { prod: "pdf.truxonline.com" },
  namespace: "tools",
  size: "m",
  priority: "low",
  places: {
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["replicaCount"],
  },
});
