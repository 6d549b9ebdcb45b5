import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { ChartSource } from "../../../environments/recorded/chart-request.ts";
import { chartFactsOf } from "../../../labs/chart-facts/facts.ts";
import { objectsIn } from "../../../labs/e2e/charts.ts";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import { closedDevices } from "../../../lib/app/pod-privileges.ts";
import { chartApp, environment, type Fields, imageApp, problems } from "./lab.ts";

const RESOURCES = { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "250m", memory: "128Mi" } };
const LABELS = { "app.kubernetes.io/instance": "web" };

/** A chart of one Deployment, whose pod and container are changed. */
const becoming =
  (pod: Fields, container: Fields): ChartSource =>
  (request) => {
    const main = { name: "main", image: "example/web:v1.0.0", resources: RESOURCES, ...container };
    const workload = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: { containers: [main], ...pod } },
      },
    };
    return chartFactsOf(request, objectsIn(stringify(workload), request.namespace), []);
  };
const acceptedRisks = ["privileged-web"];
const app = (privileges: Fields = {}) =>
  chartApp({ namespace: "media", privileges: { why: "It has to, for a test.", ...privileges } }, "web");
const refused = (pod: Fields, container: Fields, privileges: Fields = {}): string[] =>
  problems([app(privileges)], { charts: becoming(pod, container), acceptedRisks });
const context = (securityContext: Fields) => ({ securityContext });
const hostPath = (path: string) => ({ volumes: [{ name: "node", hostPath: { path } }] });

describe("a pod in a privileged namespace may do what its app declares, and nothing else", () => {
  test("nothing is asked of a plain one", () => {
    expect(refused({}, {})).toEqual([]);
  });

  test.each<[string, Fields, Fields, string, Fields]>([
    ["the node's network", { hostNetwork: true }, {}, "hostNetwork", { hostNetwork: true }],
    ["the node's processes", { hostPID: true }, {}, "privileged", { privileged: true }],
    ["the node's IPC", { hostIPC: true }, {}, "privileged", { privileged: true }],
    ["a privileged container", {}, context({ privileged: true }), "privileged", { privileged: true }],
    [
      "a capability",
      {},
      context({ capabilities: { add: ["SYS_TIME", "CHOWN"] } }),
      "capabilities",
      { capabilities: ["SYS_TIME"] },
    ],
    ["a path of the node", hostPath("/etc/ssl"), {}, "hostPaths", { hostPaths: ["/etc"] }],
    [
      "a port of the node",
      {},
      { ports: [{ containerPort: 80, hostPort: 80 }] },
      "hostPorts",
      { hostPorts: [80] },
    ],
    ["another proc", {}, context({ procMount: "Unmasked" }), "privileged", { privileged: true }],
    [
      "a setting of the kernel",
      { securityContext: { sysctls: [{ name: "net.core.somaxconn", value: "1024" }] } },
      {},
      "privileged",
      { privileged: true },
    ],
    [
      "no seccomp",
      {},
      context({ seccompProfile: { type: "Unconfined" } }),
      "privileged",
      { privileged: true },
    ],
    [
      "a process of a Windows node",
      {},
      context({ windowsOptions: { hostProcess: true } }),
      "privileged",
      { privileged: true },
    ],
    ["user 0", {}, context({ runAsUser: 0 }), "root", { root: true }],
    ["user 0 of the pod", { securityContext: { runAsUser: 0 } }, {}, "root", { root: true }],
    ["a way to root", {}, context({ allowPrivilegeEscalation: true }), "root", { root: true }],
  ])("%s", (_, pod, container, field, declared) => {
    expect(refused(pod, container)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^apps.web.pods.Deployment/web: must stand in privileges as ${field}, where it can be seen`,
        ),
      ),
    ]);
    expect(refused(pod, container, declared)).toEqual([]);
  });

  test("of capabilities, paths and ports those that are declared, one by one", () => {
    const add = context({ capabilities: { add: ["SYS_TIME", "NET_RAW"] } });
    expect(refused({}, add, { capabilities: ["SYS_TIME"] })).toEqual([
      expect.stringMatching(/got \["NET_RAW"\]$/),
    ]);
    expect(refused(hostPath("/etcetera"), {}, { hostPaths: ["/etc"] })).toEqual([
      expect.stringMatching(/got \["\/etcetera"\]$/),
    ]);
  });

  test("a container's own user counts before its pod's", () => {
    expect(refused({ securityContext: { runAsUser: 0 } }, context({ runAsUser: 1000 }))).toEqual([]);
  });

  test("an app that calls itself restricted is held to that, wherever it runs", () => {
    const own = imageApp({ namespace: "media" });
    expect(problems([own], { charts: becoming({ hostPID: true }, {}) })).toEqual([
      expect.stringMatching(
        /^apps.web.pods.Deployment\/web: must meet restricted, the app's own Pod Security Standard, or be named in privileges: got "hostPID: true; /,
      ),
    ]);
  });
});

describe("values of a chart that nobody rendered are read instead", () => {
  const unknown = (values: Fields) => problems([chartApp({ namespace: "media", values }, "web")]);

  test.each<[Fields, string]>([
    [
      { a: { capabilities: { add: ["NET_ADMIN"] } } },
      "a.capabilities.add: must stand in privileges as capabilities",
    ],
    [{ allowPrivilegeEscalation: true }, "allowPrivilegeEscalation: must stand in privileges as root"],
    [{ b: { runAsUser: 0 } }, "b.runAsUser: must stand in privileges as root"],
    [{ ports: [{ hostPort: 80 }] }, "ports[0].hostPort: must stand in privileges as hostPorts"],
    [{ procMount: "Unmasked" }, "procMount: must stand in privileges as privileged"],
    [{ c: { sysctls: [{ name: "a" }] } }, "c.sysctls: must stand in privileges as privileged"],
    [
      { seccompProfile: { type: "Unconfined" } },
      "seccompProfile.type: must stand in privileges as privileged",
    ],
    [
      { windowsOptions: { hostProcess: true } },
      "windowsOptions.hostProcess: must stand in privileges as privileged",
    ],
  ])("%j", (values, says) => {
    expect(unknown(values)).toContainEqual(expect.stringContaining(says));
  });

  test("what asks for nothing is let be", () => {
    const values = {
      ...{
        allowPrivilegeEscalation: false,
        runAsUser: 1000,
        hostPort: 0,
        procMount: "Default",
        hostNetwork: false,
      },
      ...{
        capabilities: { drop: ["ALL"], add: [] },
        sysctls: [],
        seccompProfile: { type: "RuntimeDefault" },
      },
    };
    expect(unknown(values).filter((line) => line.includes("privileges"))).toEqual([]);
  });
});

describe("a device that no container may open", () => {
  const closed = (container: Fields, path = "/dev/dri"): string[] => {
    const home = environment({ acceptedRisks, charts: becoming(hostPath(path), container) });
    const declaration = app({ hostPaths: ["/dev/dri"], privileged: true });
    return [...catalogueOf([declaration], home).apps.values()].flatMap((each) => closedDevices(each, home));
  };
  const volumeMounts = [{ name: "node", mountPath: "/dev/dri" }];

  test("is named, as long as nothing that mounts it is privileged", () => {
    expect(closed({ volumeMounts })).toEqual(["/dev/dri"]);
    expect(closed(context({ privileged: true }))).toEqual(["/dev/dri"]);
    expect(closed({ volumeMounts, ...context({ privileged: true }) })).toEqual([]);
    expect(closed({ volumeMounts, ...context({ privileged: true }) }, "/dev")).toEqual([]);
  });
});
