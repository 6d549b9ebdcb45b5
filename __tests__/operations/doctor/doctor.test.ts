import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { exitCode } from "../../../operations/doctor/diagnosis.ts";
import { examine } from "../../../operations/doctor/doctor.ts";
import { lab, TODAY } from "../../environments/lab.ts";
import { talosctlAnswer } from "../talos/recorded.ts";
import {
  CERTIFICATE_END,
  CONFIGURATION,
  DAY,
  etcdMembers,
  etcdStatus,
  failure,
  kubeconfig,
  MEMBERS,
  machine,
  NOW,
  node,
  pods,
  SECRET,
  talosconfig,
  world,
} from "./world.ts";

const environment = parseEnvironment(lab(), { today: TODAY });
const look = (change?: Parameters<typeof world>[0]) => examine(world(change), environment);
/** The findings that are not well, as `check: status: what it says`. */
const trouble = async (change: Parameters<typeof world>[0]): Promise<string[]> =>
  (await look(change)).findings
    .filter(({ status }) => status !== "ok")
    .map(({ check, status, says }) => `${check}: ${status}: ${says}`);

test("all is well", async () => {
  const report = await look();
  expect(report.findings.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(report.findings.length).toBe(25);
  expect(report.summary).toBe("lab: all is well.");
  expect(exitCode(report.findings)).toBe(0);
});

/** An alarm of bea as every control plane tells it, which the recorded answer of talosctl looks like. */
const alarmOf = (alarm: string): string =>
  talosctlAnswer("etcd alarm list")
    .replaceAll(/a49c\w{12}/g, "a49c021e76e707d1")
    .replaceAll("CORRUPT", alarm);
const ran = (time: string) => ({ spec: {}, status: { lastSuccessfulTime: time } });

describe("tools", () => {
  test.each([
    ["v20.20.2", "v20.20.2, which gets no fixes since 2026-04-30"],
    ["v22.20.0", "v22.20.0"],
  ])("Node.js %s is well, and its end is told", async (nodeVersion, says) => {
    const { findings } = await look({ nodeVersion });
    expect(findings.find(({ check }) => check === "node")).toMatchObject({ status: "ok", says });
  });

  test.each([
    [{ nodeVersion: "v18.0.0" }, "node: fail: v18.0.0 is too old"],
    [
      { commands: { "terraform version": failure("") } },
      "terraform: fail: neither terraform nor tofu answers",
    ],
    [
      { commands: { "terraform version": { terraform_version: "1.5.7" } } },
      "terraform: fail: terraform 1.5.7 is too old",
    ],
    [
      { commands: { "talosctl version": "Talos v1.11.0" } },
      "talosctl: warn: 1.11.0, the environment has v1.12.4",
    ],
    [{ commands: { "talosctl version": failure("") } }, "talosctl: fail: does not answer"],
    [
      { commands: { "kubectl version": { gitVersion: "v1.31.0" } } },
      "kubectl: warn: 1.31.0 is more than one minor away from v1.33.2",
    ],
    [{ commands: { "age --version": failure("") } }, "age: warn: does not answer"],
  ])("%j", async (change, expected) => {
    expect(await trouble(change)).toEqual([expected]);
  });

  test("tofu does as well as terraform", async () => {
    const commands = { "terraform version": failure(""), "tofu version": { terraform_version: "1.11.0" } };
    expect(await trouble({ commands })).toEqual([]);
  });
});

describe("storage and clock", () => {
  test.each([
    [404, "fail: http", "does not exist"],
    [503, "fail: http", "answers 503"],
  ])("a bucket that answers %i", async (status, start, end) => {
    const found = await trouble({ head: async () => ({ status, serverTime: NOW, localTime: NOW }) });
    expect(found).toEqual([
      expect.stringMatching(new RegExp(`^state: ${start}.*${end}$`)),
      expect.stringMatching(new RegExp(`^backup bucket: ${start}.*${end}$`)),
    ]);
  });

  test.each([
    [4_000, []],
    [-10_000, ["clock: warn: 10 s behind http://s3.example.org:9000"]],
    [90_000, ["clock: fail: 90 s ahead of http://s3.example.org:9000"]],
  ])("a clock that is %i ms off", async (offset, expected) => {
    const found = await trouble({
      head: async () => ({ status: 403, serverTime: NOW, localTime: NOW + offset }),
    });
    expect(found.map((line) => line.replace(/http:\S+/, "http://s3.example.org:9000"))).toEqual(expected);
  });

  test("a server without a clock, and keys that are not set", async () => {
    const head = async () => ({ status: 403, serverTime: undefined, localTime: NOW });
    expect(await trouble({ head, variable: () => undefined })).toEqual([
      expect.stringMatching(/^clock: unknown: .* does not say the time/),
      "state keys: warn: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY not set",
      "lock: unknown: not tried without the keys of the state",
      "backup lock: unknown: not looked at without keys",
    ]);
  });
});

describe("the lock of the state, tried", () => {
  const trial = { write: 200, secondWrite: 412, deletion: 204 };
  const settings = { versioning: true, objectLock: true };
  test.each([
    [
      { ...trial, secondWrite: 200 },
      /^lock: fail: .* takes a second If-None-Match write \(200\): two can hold the lock$/,
    ],
    [{ ...trial, write: 403 }, /^lock: fail: lab-state cannot be written with these keys \(403\)$/],
    [{ ...trial, write: 501 }, /^lock: fail: lab-state takes no If-None-Match write \(501\)/],
    [{ ...trial, deletion: 403 }, /^lock: fail: lab-state lets these keys delete nothing \(403\)/],
  ])("%j", async (given, line) => {
    expect(await trouble({ tryLock: async () => given })).toEqual([expect.stringMatching(line)]);
  });

  test.each([
    [{ ...settings, versioning: false }, /^state versions: warn: lab-state keeps no old states$/],
    [{ ...settings, versioning: undefined }, /^state versions: warn: the server does not say$/],
    [
      { ...settings, objectLock: false },
      /^backup lock: fail: lab-backup locks nothing; the environment says compliance$/,
    ],
    [{ ...settings, objectLock: undefined }, /^backup lock: unknown: the server does not say$/],
  ])("%j", async (given, line) => {
    expect(await trouble({ bucketSettings: async () => given })).toEqual([expect.stringMatching(line)]);
  });
});

describe("machines", () => {
  test.each([
    [
      { "get extensions": machine.schematic("0".repeat(64)) },
      /^images: fail: bea runs the schematic 000000000000, /,
    ],
    [
      { "get securitystate": machine.secureBoot(true) },
      /^secure boot: fail: bea booted with secure boot; the environment says the opposite$/,
    ],
    [
      { "etcd alarm list": alarmOf("CORRUPT") },
      /^etcd: fail: must have no alarms: got CORRUPT of bea a49c021e76e707d1$/,
    ],
    [
      {
        "etcd alarm list": {
          ...{ code: 0, stdout: "", timedOut: false },
          stderr: "WARNING: 1 error occurred:\n\t* x\n",
        },
      },
      /^etcd: fail: must have no alarms: got WARNING: 1 error occurred: \* x$/,
    ],
    [{ "etcd members": etcdMembers([]) }, /^etcd: fail: bea must see the members ada at .*: got none$/],
    [
      {
        "etcd members": etcdMembers([
          ...MEMBERS,
          { ...MEMBERS[0], id: "a49c021e76e707df" } as (typeof MEMBERS)[0],
        ]),
      },
      /^etcd: fail: bea must see the members .*: got ada at [^,]+, ada at /,
    ],
    [{ "etcd status": etcdStatus({ learner: true }) }, /^etcd: fail: ada must vote: got a learner$/],
    [
      { "etcd status": etcdStatus({ leader: "0000000000000000" }) },
      /^etcd: fail: ada must follow the one leader/,
    ],
    [{ "etcd status": etcdStatus({ size: "2.0 GB" }) }, /^etcd: fail: ada must keep below 90 % of its quota/],
    [{ "etcd members": failure("") }, /^etcd: unknown: the control planes did not say$/],
    [{ "get machineconfig": failure("") }, /^configuration: unknown: bea, cleo, ada, dora did not say$/],
    [
      { "get machineconfig": machine.configuration(CONFIGURATION.replace("/dev/sda", "/dev/sdb")) },
      /^configuration: warn: bea: machine.install.disk: must be "\/dev\/sda": got "\/dev\/sdb"$/,
    ],
    [
      { "get machineconfig": machine.configuration(`${CONFIGURATION}---\nkind: WatchdogTimerConfig\n`) },
      /^configuration: warn: bea: document WatchdogTimerConfig: is written by nobody here$/,
    ],
  ])("%#", async (commands, line) => {
    const found = await trouble({ commands });
    expect(found[0]).toMatch(line);
    expect(found.join()).not.toContain(SECRET);
  });
});

describe("certificates", () => {
  test.each([
    [20, "warn: https://10.1.10.5:6443 answers: its certificate has 20 days left"],
    [-3, "fail: https://10.1.10.5:6443 answers: its certificate ended 3 days ago"],
  ])("of an API server with %i days", async (days, expected) => {
    const change = { certificate: async () => ({ name: "kube-apiserver", end: NOW + days * DAY }) };
    expect(await trouble(change)).toEqual([`virtual IP: ${expected}`]);
  });

  test("something else behind the virtual IP", async () => {
    const change = { certificate: async () => ({ name: "proxy", end: NOW + 200 * DAY }) };
    expect(await trouble(change)).toEqual([expect.stringMatching(/^virtual IP: fail: .* something else/)]);
  });

  test("of the configurations, soon over", async () => {
    const now = CERTIFICATE_END - 10.5 * DAY;
    const found = await trouble({
      now: () => now,
      certificate: async () => ({ name: "kube-apiserver", end: now + 200 * DAY }),
      commands: {
        "cronjob talos-backup-daily": ran(new Date(now).toISOString()),
        "cronjob talos-backup-weekly": ran(new Date(now).toISOString()),
      },
    });
    expect(found).toEqual([
      "talosconfig: warn: /home/.talos/config: its certificate has 10 days left",
      "kubeconfig: warn: /home/.kube/config: its certificate has 10 days left",
    ]);
  });

  test.each([
    [
      "of another cluster",
      talosconfig(undefined, ["10.9.9.9"]),
      kubeconfig(undefined, "https://10.9.9.9:6443"),
      /warn: .* is of another cluster$/,
    ],
    [
      "without a certificate",
      "contexts: {}",
      "users: []",
      /unknown: .* has no (certificate|current context)/,
    ],
    ["malformed", "{", "[", /unknown: .* has no/],
    [
      "with a broken certificate",
      talosconfig("x"),
      kubeconfig("x"),
      /unknown: .* has a certificate that cannot be read$/,
    ],
  ])("of configurations %s", async (_, talos, kube, expected) => {
    const found = await trouble({ readFile: (path) => (path.includes("talos") ? talos : kube) });
    expect(found).toEqual([expect.stringMatching(expected), expect.stringMatching(expected)]);
  });
});

describe("the cluster", () => {
  const nodes = (...items: unknown[]) => ({ commands: { "get nodes": { items } } });
  const [ada, bea, cleo, dora] = ["ada", "bea", "cleo", "dora"].map((name) => node(name));

  test.each([
    [nodes(ada, bea, cleo), "nodes: fail: dora is missing"],
    [nodes(ada, bea, cleo, node("dora", { ready: false })), "nodes: fail: dora is not Ready"],
    [nodes(ada, bea, cleo, node("dora", { cordoned: true })), "nodes: fail: dora is cordoned"],
    [nodes(ada, bea, cleo, dora, node("zoe")), "nodes: fail: zoe is in no environment"],
    [
      nodes(ada, bea, cleo, node("dora", { talos: "v1.11.0", kubelet: "v1.32.0" })),
      "versions: warn: dora has Talos v1.11.0, dora has kubelet v1.32.0; the environment says v1.12.4 and v1.33.2",
    ],
    [
      { commands: { "get configmap": { data: { "policy-audit-mode": "true" } } } },
      "default deny: fail: audit; the environment says enforce",
    ],
    [
      { commands: { ciliumclusterwide: { items: [] } } },
      "default deny: fail: off; the environment says enforce",
    ],
    [
      { commands: { "cronjob talos-backup-daily": { spec: { suspend: true } } } },
      "last backup: fail: daily: the CronJob is suspended",
    ],
    [
      { commands: { "cronjob talos-backup-daily": { spec: {} } } },
      "last backup: fail: daily: there was none yet",
    ],
    [
      { commands: { "cronjob talos-backup-weekly": { spec: {} } } },
      "last backup: warn: weekly: there was none yet",
    ],
    [
      { commands: { "get pods": pods("20Gi", "6Gi") } },
      "capacity: warn: 81 % of memory is requested; it does not fit without the largest node",
    ],
    [{ commands: { "get pods": pods("20Gi", "16Gi") } }, "capacity: fail: 113 % of memory is requested"],
    [
      {
        connect: async (host: string) =>
          host === "10.1.10.14" ? Promise.reject(new Error("no")) : undefined,
      },
      "Talos API: fail: dora (10.1.10.14) of 4 nodes do not answer",
    ],
  ])("%#: %s", async (change, expected) => {
    expect(await trouble(change)).toEqual([expected]);
  });

  test("a backup that is late, and one that is lost", async () => {
    const last = (time: string) => ({ commands: { "cronjob talos-backup-daily": ran(time) } });
    expect(await trouble(last("2026-05-31T06:30:00Z"))).toEqual([
      expect.stringMatching(/^last backup: warn: daily: 25 h 30 min ago/),
    ]);
    expect(await trouble(last("2026-05-01T00:00:00Z"))).toEqual([
      expect.stringMatching(/^last backup: fail: daily: 752 h/),
    ]);
  });

  test.each([
    ["Unable to connect to the server: dial tcp", "the API server does not answer"],
    ["error: You must be logged in to the server (Unauthorized)", "kubectl is not allowed to see it"],
    ["x509: certificate signed by unknown authority", "the certificates do not fit"],
    ['Error from server (NotFound): cronjobs "talos-backup-daily" not found', "it is not there"],
    [`token ${SECRET}`, "kubectl failed (1)"],
  ])("when kubectl says %s", async (stderr, expected) => {
    const commands = { "get nodes": failure(stderr) };
    expect(await trouble({ commands })).toEqual(
      ["nodes", "capacity"].map((check) => `${check}: unknown: ${expected}`),
    );
  });
});
