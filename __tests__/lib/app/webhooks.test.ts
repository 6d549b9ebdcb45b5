import { expect, test } from "vitest";
import { appAllowance } from "../../../lib/app/allowances.ts";
import { calledByApiServer, Port } from "../../../lib/app/index.ts";
import { closedPorts } from "../../../lib/app/need-problems.ts";
import { imageApp, resolved } from "./lab.ts";

const metadata = { name: "hook", namespace: "hooks" };
const chart = (targetPort: string | number, containerPort: number) => ({
  namespace: "hooks",
  webhooks: [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "hook" },
      webhooks: [{ name: "v.example.org", service: { namespace: "hooks", name: "hook" } }],
    },
  ],
  services: [{ apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 443, targetPort }] } }],
  workloads: [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        template: {
          metadata: {},
          spec: { containers: [{ name: "main", ports: [{ name: "webhook", containerPort }] }] },
        },
      },
    },
  ],
});

test("an app says on which port API servers call it", () => {
  const app = resolved(imageApp({ network: [calledByApiServer(Port.tcp(9502))] }));
  const [, webhook] = appAllowance(app, new Map())?.routes ?? [];
  expect(`${webhook?.from.label} → ${webhook?.to.label} ${webhook?.ports}`).toBe(
    "kube-apiserver+remote-node → web/web 9502/TCP",
  );
});

test("a webhook that a chart registers on a port without an open way is found, by number and by name", () => {
  expect(closedPorts(chart(9502, 9502), { links: [] })).toEqual([9502]);
  expect(closedPorts(chart("webhook", 9502), { links: [] })).toEqual([9502]);
  expect(closedPorts(chart("webhook", 9502), { links: [calledByApiServer(Port.tcp(9502))] })).toEqual([]);
  expect(closedPorts(chart("webhook", 9443), { links: [] })).toEqual([]);
});
