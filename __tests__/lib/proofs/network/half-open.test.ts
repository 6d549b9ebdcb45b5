import { expect, test } from "vitest";
import { problemsWith } from "./lab.ts";

const open = { enableDefaultDeny: { ingress: false, egress: false } };
const media = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "media" } };
const tools = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "tools" } };
const web = [{ ports: [{ port: "8080", protocol: "TCP" }] }];

test.each<[string, object, string]>([
  [
    "an ingress half that admits every endpoint",
    { endpointSelector: media, ingress: [{ fromEndpoints: [{}] }] },
    "half open: ingress of media/any-app lets tools/any-app → media/any-app",
  ],
  [
    "an ingress half that admits another namespace on one port",
    { endpointSelector: media, ingress: [{ fromEndpoints: [tools], toPorts: web }] },
    "half open: ingress of media/any-app lets tools/any-app → media/any-app 8080/TCP through",
  ],
  [
    "an egress half that goes everywhere in the cluster",
    { endpointSelector: tools, egress: [{ toEndpoints: [{}] }] },
    "half open: egress of tools/any-app lets tools/any-app → media/any-app",
  ],
])("%s is found while nobody can use it", (_, spec, message) => {
  const found = problemsWith({ ...open, ...spec });
  expect(found.join("\n")).toContain(message);
  expect(found.find((line) => line.startsWith("half open"))).toContain("stranger");
});
