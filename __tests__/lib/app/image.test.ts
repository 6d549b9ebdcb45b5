/** Containers, ports, mounts and runs of an image: the values that app-template gets for them, and the refusals. */
import { describe, expect, test } from "vitest";
import { needIn } from "../../../lib/app/app-pods.ts";
import { appTemplateValues } from "../../../lib/app/app-template.ts";
import { initContainer, sidecar } from "../../../lib/app/containers.ts";
import {
  claimOf,
  fileBeside,
  filesBeside,
  memory,
  nfs,
  scratch,
  secretFiles,
} from "../../../lib/app/mounts.ts";
import { once, onSchedule } from "../../../lib/app/runs.ts";
import { fromSecret } from "../../../lib/app/variables.ts";
import { fieldsOf } from "../../../lib/core/fields.ts";
import { Port } from "../../../lib/network/port.ts";
import { chartApp, environment, type Fields, imageApp, problems, resolved } from "./lab.ts";

const SECRET = "/apps/tools/web";
const valuesOf = (changes: Fields): Fields => appTemplateValues(resolved(imageApp(changes)));
const mainOf = (values: Fields): Fields => fieldsOf(fieldsOf(values.controllers).main);
const job: Fields = { host: undefined, environments: ["prod"], port: "none", isolated: "it only counts" };

describe("further containers", () => {
  const exporter = sidecar({
    image: "example/exporter:v1.0.0",
    size: "xs",
    args: ["--listen=:9104"],
    env: { PASSWORD: fromSecret("password"), TZ: "Europe/Paris" },
    health: { port: 9104, path: "/metrics" },
  });
  const containers = {
    exporter,
    vpn: sidecar({ image: "example/vpn:v1.0.0", size: "xs", startsFirst: true }),
    copy: initContainer({ image: "example/copy:v1.0.0", size: "s", command: ["cp", "/a", "/b"] }),
  };
  const values = valuesOf({ secrets: [SECRET], containers });

  test("stand in the pod with their sizes, secrets and probes", () => {
    expect(fieldsOf(mainOf(values).containers).exporter).toMatchObject({
      image: { repository: "example/exporter", tag: "v1.0.0" },
      args: ["--listen=:9104"],
      env: { PASSWORD: { valueFrom: { secretKeyRef: { name: "web-secrets", key: "password" } } } },
      resources: { requests: { memory: "64Mi" } },
      probes: { liveness: { spec: { httpGet: { path: "/metrics", port: 9104 } } } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
  });

  test("run in the order in which they are declared when they come first, a sidecar among them for good", () => {
    expect(mainOf(values).initContainers).toMatchObject({
      vpn: { restartPolicy: "Always" },
      copy: { dependsOn: "vpn", command: ["cp", "/a", "/b"] },
    });
  });

  test("see of the app's volumes what they name, below paths of their own", () => {
    const copy = initContainer({
      image: "example/copy:v1.0.0",
      size: "xs",
      mounts: { "/to": "data", "/run": "/run" },
    });
    const { persistence } = valuesOf({
      containers: { exporter, copy },
      secrets: [SECRET],
      storage: { data: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/data" } },
      mounts: { "/run": scratch("1Gi"), "/tv": nfs("192.0.2.69", "/tv", { readOnly: true }) },
      podSecurity: "baseline",
    });
    const advancedMounts = (copied: readonly Fields[], own: Fields) => ({
      advancedMounts: { main: { main: [own], ...(copied.length > 0 && { copy: copied }) } },
    });
    expect(persistence).toMatchObject({
      data: advancedMounts([{ path: "/to" }], { path: "/data" }),
      run: advancedMounts([{ path: "/run" }], { path: "/run" }),
      tv: advancedMounts([], { path: "/tv", readOnly: true }),
    });
    expect(JSON.stringify(persistence)).not.toMatch(/exporter|globalMounts/);
  });

  test("have the labels by which admission sizes them", () => {
    expect(values.defaultPodOptions).toMatchObject({
      labels: {
        "vixens.io/sizing.main": "B-nano",
        "vixens.io/sizing.exporter": "B-nano",
        "vixens.io/sizing.vpn": "B-nano",
        "vixens.io/sizing.copy": "B-small",
      },
    });
  });

  test("count: those that run together as a sum, and one before them alone when it is more", () => {
    const memoryOf = (changes: Fields) => {
      const { requests, largest } = needIn(resolved(imageApp(changes)), environment(), "xl");
      return [String(requests.memory), String(largest.memory)];
    };
    // Each with the pod of an update: 2 × (64 + 64 + 64), 2 × 256.
    expect(memoryOf({ containers: { a: exporter, b: exporter }, secrets: [SECRET] })).toEqual([
      "384Mi",
      "128Mi",
    ]);
    expect(memoryOf({ containers: { copy: containers.copy } })).toEqual(["512Mi", "512Mi"]);
  });

  test.each<[string, Fields, string]>([
    ["the name of the app's own", { main: exporter }, "containers.main: must be a DNS label other than main"],
    [
      "an image that moves",
      { a: { ...exporter, image: "busybox" } },
      "containers.a.image: must be repository:tag",
    ],
    [
      "root",
      { a: { ...exporter, runAs: 0 } },
      "containers.a.runAs: must not be 0 without the privilege root",
    ],
    [
      "a volume that the app does not have",
      { a: sidecar({ image: "example/a:v1.0.0", size: "xs", mounts: { "/data": "date", tmp: "/tmp" } }) },
      "containers.a.mounts./data: must be a volume of the app, by its name in storage or its path: it has none",
    ],
    ["an unknown size", { a: { ...exporter, size: "xxl" } }, "containers.a.size: must be"],
    ["a secret of no path", { a: exporter }, "containers.a.env.PASSWORD: must be of a path in secrets"],
    [
      "a secret in its arguments",
      { a: { ...exporter, args: ["--password=x"] } },
      "containers.a.args[0]: must not be",
    ],
  ])("refused: %s", (_, given, says) => {
    expect(problems([imageApp({ containers: given })]).join()).toContain(`apps.web.${says}`);
  });

  test("are an image's: a chart says them in its values", () => {
    expect(problems([chartApp({ containers })])).toEqual([
      expect.stringContaining("apps.charted.containers: must not stand beside chart"),
    ]);
  });
});

describe("further ports", () => {
  test("are of its Service, by TCP and UDP", () => {
    const ports = { dns: Port.udp(53), "dns-tcp": Port.tcp(53) };
    expect(valuesOf({ ports }).service).toMatchObject({
      main: { ports: { http: { port: 8080 }, dns: { port: 53, protocol: "UDP" }, "dns-tcp": { port: 53 } } },
    });
  });

  test.each<[string, Fields, string]>([
    ["that is there", { a: Port.tcp(8080) }, 'ports.a: must be another port than port: got "TCP 8080"'],
    ["twice", { a: Port.udp(53), b: Port.udp(53) }, "ports.b: must be another port than ports.a"],
    ["of a range", { a: Port.tcp(80, 90) }, "ports.a: must be one port of TCP or UDP"],
    ["called http", { http: Port.tcp(81) }, "ports.http: must be a name of at most 15 characters"],
    ["that is a number", { a: 53 }, "ports.a: must be Port.tcp(number) or Port.udp(number)"],
  ])("refused: one %s", (_, ports, says) => {
    expect(problems([imageApp({ ports })]).join()).toContain(`apps.web.${says}`);
  });
});

describe("the files of a folder", () => {
  test("are a ConfigMap of their own, with their names as keys", () => {
    const values = valuesOf({ mounts: { "/etc/config": filesBeside("renovate") } });
    expect(fieldsOf(values.configMaps)["etc-config"]).toMatchObject({
      forceRename: "web-etc-config",
      data: { "config.json": expect.stringContaining("{") },
    });
    expect(values.persistence).toMatchObject({
      "etc-config": { type: "configMap", identifier: "etc-config", globalMounts: [{ path: "/etc/config" }] },
    });
  });

  test("are refused with the app where the folder is not there", () => {
    expect(problems([imageApp({ mounts: { "/etc/config": filesBeside("nowhere") } })]).join()).toContain(
      "mounts./etc/config: must be a file that is there",
    );
  });
});

describe("mounts", () => {
  const storage = { data: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/data" } };

  test("are volumes at their paths", () => {
    const { persistence, configMaps } = valuesOf({
      secrets: [SECRET],
      mounts: {
        "/tv": nfs("192.0.2.69", "/volume3/Content", { subPath: "TV Show", readOnly: true }),
        "/run": scratch("1Gi"),
        "/dev/shm": memory("256Mi"),
        "/auth": secretFiles(SECRET),
        "/etc/mosquitto.conf": fileBeside("mosquitto/mosquitto.conf"),
      },
    });
    expect(persistence).toMatchObject({
      tv: {
        type: "nfs",
        server: "192.0.2.69",
        path: "/volume3/Content",
        globalMounts: [{ path: "/tv", subPath: "TV Show", readOnly: true }],
      },
      run: { type: "emptyDir", sizeLimit: "1Gi", globalMounts: [{ path: "/run" }] },
      "dev-shm": { type: "emptyDir", medium: "Memory", sizeLimit: "256Mi" },
      auth: { type: "secret", name: "web-secrets", globalMounts: [{ path: "/auth", readOnly: true }] },
      "etc-mosquitto-conf": { type: "configMap", identifier: "files" },
    });
    const { files } = fieldsOf(configMaps);
    expect(fieldsOf(fieldsOf(files).data)["etc-mosquitto-conf"]).toContain("listener 1883");
  });

  test.each<[string, Fields, string]>([
    ["a path that is none", { tv: nfs("192.0.2.69", "/a") }, "mounts.tv: must be at an absolute path"],
    [
      "a share that is none",
      { "/tv": nfs("192.0.2.69", "a") },
      "mounts./tv: must be a share by its absolute path",
    ],
    ["a server that is none", { "/tv": nfs("nfs://nas", "/a") }, "mounts./tv: must be on a server"],
    [
      "the path of a claim",
      { "/data": scratch("1Gi") },
      "mounts./data: must be at another path than storage.data",
    ],
    ["a size that is none", { "/run": scratch("much") }, "mounts./run: must have a size"],
    ["another app's secret", { "/a": secretFiles("/apps/b") }, "mounts./a: must be a path in secrets"],
    [
      "a file that is not there",
      { "/a": fileBeside("a/b") },
      "mounts./a: must be a file that is there: apps/a/b cannot be read",
    ],
    [
      "a claim of nobody",
      { "/a": claimOf("b", "c") },
      'mounts./a: must be a claim in storage of an app that lives here: got "b.c"',
    ],
  ])("refused: %s", (_, mounts, says) => {
    expect(problems([imageApp({ mounts, storage })]).join()).toContain(`apps.web.${says}`);
  });

  test("a file with a secret in it is refused", () => {
    const file = { kind: "file", path: "a.ini", text: "[db]\npassword = hunter2\n" };
    expect(problems([imageApp({ mounts: { "/a.ini": file } })])).toEqual([
      expect.stringContaining("apps.web.mounts./a.ini: must not be a literal"),
    ]);
  });
});

describe("a claim of several apps", () => {
  const shared = { class: "shared", size: "1Gi", access: "many nodes" };
  const owner = (volume: Fields) => imageApp({ namespace: "media", storage: { films: volume } }, "owner");
  const guest = imageApp({ namespace: "media", mounts: { "/films": claimOf("owner", "films") } }, "guest");
  const changes = {
    storageClasses: [
      { name: "shared", driver: { side: "gitops", name: "nfs" } as const, manyNodes: true },
      { name: "disk", driver: { side: "gitops", name: "iscsi" } as const },
    ],
  };

  test("is mounted where its class and it itself are for many nodes", () => {
    expect(problems([owner(shared), guest], changes)).toEqual([]);
    const values = appTemplateValues(resolved(guest, [owner(shared)], changes));
    expect(values.persistence).toMatchObject({ films: { existingClaim: "owner-films" } });
  });

  test.each<[string, Fields, string]>([
    [
      "one node's",
      { class: "disk", size: "1Gi" },
      "apps.guest.mounts./films: must be for many nodes: nothing puts the pods of two apps on one",
    ],
    [
      "of a disk",
      { ...shared, class: "disk" },
      "apps.owner.storage.films.access: must be one node: volumes of disk",
    ],
  ])("is refused: %s", (_, volume, says) => {
    expect(problems([owner(volume), guest], changes).join()).toContain(says);
  });

  test("is refused in values as well, and across namespaces", () => {
    const named = imageApp(
      { namespace: "media", values: { persistence: { a: { existingClaim: "owner-films" } } } },
      "guest",
    );
    expect(problems([owner({ class: "disk", size: "1Gi" }), named], changes)).toEqual([
      expect.stringContaining("apps.guest.values: must be for many nodes"),
    ]);
    const far = imageApp({ mounts: { "/films": claimOf("owner", "films") } }, "guest");
    expect(problems([owner(shared), far], changes)).toEqual([
      expect.stringContaining("must be of the namespace guest; owner is in media"),
    ]);
  });
});

describe("a run", () => {
  test("at times is a CronJob, and one that hibernates is suspended", () => {
    const runs = onSchedule("17 3 * * *", "Europe/Paris");
    const main = mainOf(valuesOf({ ...job, runs }));
    expect(main).toMatchObject({
      type: "cronjob",
      cronjob: {
        schedule: "17 3 * * *",
        timeZone: "Europe/Paris",
        concurrencyPolicy: "Forbid",
        suspend: false,
      },
    });
    expect(main).not.toHaveProperty("replicas");
    expect(mainOf(valuesOf({ ...job, runs, hibernate: true }))).toMatchObject({ cronjob: { suspend: true } });
  });

  test("once is a hook of the sync, which an object with the digest of all values brings about", () => {
    const values = valuesOf({ ...job, runs: once() });
    expect(mainOf(values)).toMatchObject({
      type: "job",
      annotations: { "argocd.argoproj.io/hook": "Sync" },
    });
    const other = valuesOf({ ...job, runs: once(), env: { A: "b" } });
    expect(other.configMaps).not.toEqual(values.configMaps);
  });

  test.each<[string, Fields, string]>([
    [
      "with a schedule that is none",
      { runs: onSchedule("daily") },
      "runs.schedule: must have five fields of cron",
    ],
    [
      "in a time zone that is none",
      { runs: onSchedule("0 3 * * *", "Paris") },
      "runs.timeZone: must be a time zone",
    ],
    [
      "with a port",
      { port: 80, runs: once() },
      "port: must be none: a pod that runs to its end serves nobody",
    ],
    ["of several pods", { replicas: 2, runs: once() }, "replicas: must be 1: a run is one pod"],
  ])("refused: %s", (_, changes, says) => {
    expect(problems([imageApp({ ...job, ...changes })]).join()).toContain(`apps.web.${says}`);
  });
});

test("capabilities are of containers that run as root, with the admission policy told so", () => {
  const privileges = { why: "prepares a directory", root: true, capabilities: ["CHOWN"] };
  const prepare = initContainer({ image: "example/copy:v1.0.0", size: "xs", runAs: 0 });
  const declared = imageApp({ privileges, runAs: 1000, containers: { prepare } });
  const acceptedRisks = ["privileged-web"];
  const values = appTemplateValues(resolved(declared, [], { acceptedRisks }));
  expect(mainOf(values)).toMatchObject({
    containers: { main: { securityContext: { capabilities: { drop: ["ALL"] } } } },
    initContainers: {
      prepare: { securityContext: { runAsUser: 0, capabilities: { drop: ["ALL"], add: ["CHOWN"] } } },
    },
  });
  expect(values.defaultPodOptions).toMatchObject({
    annotations: { "vixens.io/explicitly-allow-root": "true" },
  });
  const powerless = imageApp({ privileges: { ...privileges, root: false } });
  expect(problems([powerless], { acceptedRisks })).toEqual([
    'apps.web.privileges.capabilities: must stand beside root: no other user has them: got ["CHOWN"]',
  ]);
});

test("a Secret that is mounted as files is no variable as well", () => {
  const values = valuesOf({ secrets: [SECRET], mounts: { "/auth": secretFiles(SECRET) } });
  expect(fieldsOf(mainOf(values).containers).main).not.toHaveProperty("envFrom");
});

test("a secret's key is a variable, of the first path or another", () => {
  const other = "/apps/shared/mail";
  const env = { USER: fromSecret("username"), MAIL: fromSecret("password", other) };
  expect(fieldsOf(mainOf(valuesOf({ secrets: [SECRET, other], env })).containers).main).toMatchObject({
    env: {
      USER: { valueFrom: { secretKeyRef: { name: "web-secrets", key: "username" } } },
      MAIL: { valueFrom: { secretKeyRef: { name: "web-mail-secrets", key: "password" } } },
    },
  });
  expect(problems([imageApp({ secrets: [SECRET], env })])).toEqual([
    'apps.web.env.MAIL: must be of a path in secrets: got "/apps/shared/mail"',
  ]);
});
