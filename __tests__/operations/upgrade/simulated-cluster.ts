/** A cluster behind `talosctl` and `kubectl`, with a clock of its own, that breaks where it is told to. */
import type { CommandResult, RunCommand } from "../../../lib/core/process/command.ts";
import type { Inventory } from "../../../operations/talos/inventory.ts";
import { Talosctl } from "../../../operations/talos/talosctl.ts";
import type { Journal, JournalStore } from "../../../operations/upgrade/journal.ts";
import { Kubectl } from "../../../operations/upgrade/kubectl.ts";
import type { UpgradeDependencies } from "../../../operations/upgrade/upgrade-run.ts";
import { snapshotText } from "../talos/talosctl-formats.ts";
import { kubectlAnswer } from "./simulated-kubectl.ts";
import { Crash, type Fault, MINUTE, type Restart, type SimulatedNode } from "./simulated-node.ts";
import { talosctlText } from "./simulated-talosctl.ts";

const ok = (stdout = "", stderr = ""): CommandResult => ({ code: 0, stdout, stderr, timedOut: false });
const failed = (stderr: string): CommandResult => ({ code: 1, stdout: "", stderr, timedOut: false });

const option = (args: readonly string[], name: string): string => args[args.indexOf(name) + 1] ?? "";

export class SimulatedCluster {
  readonly nodes: SimulatedNode[];
  /** Events that must never happen, and did. */
  readonly violations: string[] = [];
  readonly commands: string[] = [];
  readonly lines: string[] = [];
  readonly faults = new Map<number, Fault>();
  /** For the next command that a pattern fits. */
  readonly faultsOn: [RegExp, Fault][] = [];
  readonly restarts: Restart[] = [];
  /** The fate of each restart through the firmware. */
  readonly firmware: ("well" | "dead")[] = [];
  /** Names of nodes that came back through their firmware. */
  readonly throughFirmware: string[] = [];
  readonly files = new Map<string, number>();
  journal: Journal | undefined;
  emptySnapshots = 0;
  alarm = "";
  /** Names in the order in which upgrades were begun. */
  readonly upgradeOrder: string[] = [];
  /** The most control planes that were away at once because of an upgrade. */
  mostControlPlanesAway = 0;
  now = Date.parse("2026-06-01T08:00:00Z");
  private step = 0;
  private events: { at: number; happen: () => void }[] = [];

  constructor(
    readonly inventory: Inventory,
    versions: { talos: string; kubernetes: string },
  ) {
    this.nodes = inventory.nodes.map((node, index) => ({
      ...node,
      version: versions.talos,
      runs: node.schematic,
      kubelet: versions.kubernetes,
      pods: versions.kubernetes,
      boot: 1,
      stage: "running",
      up: true,
      etcd: node.role === "controlplane",
      ready: true,
      cordoned: false,
      member: `a49c021e76e707d${index}`,
      leaving: false,
      upgrades: 0,
    }));
  }

  /** Commands and writes of the journal so far. */
  get steps(): number {
    return this.step;
  }

  get dependencies(): UpgradeDependencies {
    return {
      talosctl: new Talosctl(this.run, this.inventory),
      kubectl: new Kubectl(this.run, this.inventory),
      journal: this.store,
      clock: { now: () => this.now, sleep: async (milliseconds) => this.advance(milliseconds) },
      snapshotDirectory: "/snapshots",
      fileSize: (path) => this.files.get(path),
      log: (line) => this.lines.push(line),
    };
  }

  node(name: string): SimulatedNode {
    const found = this.nodes.find((node) => node.name === name);
    if (!found) throw new Error(`no node ${name}`);
    return found;
  }

  get controlPlanes(): SimulatedNode[] {
    return this.nodes.filter(({ role }) => role === "controlplane");
  }

  at(delay: number, happen: () => void): void {
    this.events.push({ at: this.now + delay, happen });
  }

  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = this.events.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.events = this.events.filter((event) => event !== next);
      this.now = Math.max(this.now, next.at);
      next.happen();
    }
    this.now = end;
  }

  private readonly store: JournalStore = {
    read: () => structuredClone(this.journal),
    write: (journal) => {
      const fault = this.faults.get(this.step++);
      if (fault === "crash") throw new Crash();
      this.journal = structuredClone(journal);
      if (fault === "crash-after") throw new Crash();
    },
  };

  readonly run: RunCommand = async (command, args, { timeout = 0 }) => {
    this.commands.push([command, ...args].join(" "));
    const fault = this.faults.get(this.step++) ?? this.faultOn(args.join(" "));
    if (fault === "crash") throw new Crash();
    if (fault === "fail") return failed("injected");
    if (fault === "garbage") return ok("}{ NODE\n???");
    if (fault === "empty") return ok();
    if (fault === "hang") {
      this.advance(timeout);
      return { code: -1, stdout: "", stderr: "", timedOut: true };
    }
    const waits = fault === undefined;
    const result =
      command === "talosctl" ? this.talosctl(args, waits, timeout) : kubectlAnswer(this, args, waits);
    if (fault === "crash-after") throw new Crash();
    if (fault === "fail-after") return failed("injected");
    if (fault === "hang-after") {
      this.advance(timeout);
      return { code: -1, stdout: "", stderr: "", timedOut: true };
    }
    return result;
  };

  private faultOn(line: string): Fault | undefined {
    const index = this.faultsOn.findIndex(([pattern]) => pattern.test(line));
    return index === -1 ? undefined : this.faultsOn.splice(index, 1)[0]?.[1];
  }

  private talosctl(args: readonly string[], waits: boolean, timeout: number): CommandResult {
    if (args.includes("--client")) return ok(`Client:\nTalos ${this.inventory.target.talos}\n`);
    const addresses = option(args, "--nodes").split(",");
    const asked = this.nodes.filter(({ address }) => addresses.includes(address));
    const up = asked.filter((node) => node.up);
    const verb = args.slice(args.indexOf("--nodes") + 2);
    const warning = up.length < asked.length ? "WARNING: 1 error occurred\n" : "";
    const [first] = up;
    if (!first) return failed("rpc error: code = Unavailable");
    switch (verb.slice(0, 2).join(" ")) {
      case "etcd snapshot": {
        this.advance(5_000);
        const path = verb[2] ?? "";
        const bytes = this.emptySnapshots-- > 0 ? 0 : 21_000_224;
        this.files.set(path, bytes);
        return ok(snapshotText(path, bytes));
      }
      case "upgrade --image":
        return this.upgrade(first, option(args, "--image"), waits, timeout);
      case "image pull":
        return ok();
      case "reboot --mode":
        return this.powerCycle(first, option(args, "--mode"), waits, timeout);
      case "upgrade-k8s --to":
        return this.upgradeKubernetes(`v${option(args, "--to")}`, args.includes("--dry-run"));
      default: {
        const text = talosctlText(this, verb.join(" "), first, up);
        return text === undefined ? failed(`unknown command ${verb.join(" ")}`) : ok(text, warning);
      }
    }
  }

  /** Talos' own checks are left out: the order must hold without them. */
  private upgrade(node: SimulatedNode, image: string, waits: boolean, timeout: number): CommandResult {
    if (node.stage !== "running") return failed("upgrade is already in progress");
    const others = this.nodes.filter((other) => other !== node);
    const [, schematic = "", version = ""] = /metal-installer\/([0-9a-f]+):(.+)$/.exec(image) ?? [];
    if (node.version === version && node.runs === schematic)
      this.violations.push(`${node.name} upgraded twice`);
    if (!this.controlPlanes.every(({ etcd }) => etcd))
      this.violations.push(`${node.name} begun without full quorum`);
    if (others.some(({ leaving, up, ready }) => leaving || !up || !ready)) {
      this.violations.push(`${node.name} begun while another node is away`);
    }
    if (!node.cordoned) this.violations.push(`${node.name} not drained`);
    if (this.upgradeOrder.some((name) => name !== node.name) && this.throughFirmware.length === 0)
      this.violations.push(`${node.name} begun before the first node came back through its firmware`);
    if (![...this.files].some(([path, bytes]) => bytes > 0 && path.includes(`-${node.name}-`))) {
      this.violations.push(`${node.name} begun without a snapshot`);
    }
    node.upgrades += 1;
    node.leaving = true;
    this.upgradeOrder.push(node.name);
    const away = this.controlPlanes.filter(({ leaving }) => leaving).length;
    this.mostControlPlanesAway = Math.max(this.mostControlPlanesAway, away);
    node.stage = "upgrading";
    const restart = this.restarts.shift() ?? "well";
    const duration = restart === "long" ? 18 * MINUTE : restart === "dead" ? 90 * MINUTE : 4 * MINUTE;
    this.at(MINUTE, () => Object.assign(node, { up: false, etcd: false, ready: false }));
    this.at(duration, () => this.comesBack(node, restart, version, schematic));
    if (!waits) return ok();
    this.advance(Math.min(duration, timeout));
    return duration <= timeout ? ok() : { code: -1, stdout: "", stderr: "", timedOut: true };
  }

  private powerCycle(node: SimulatedNode, mode: string, waits: boolean, timeout: number): CommandResult {
    const others = this.nodes.filter((other) => other !== node);
    if (mode !== "powercycle") this.violations.push(`${node.name} restarted by ${mode}`);
    if (!node.cordoned) this.violations.push(`${node.name} restarted without a drain`);
    if (others.some(({ leaving, up }) => leaving || !up))
      this.violations.push(`${node.name} restarted while another node is away`);
    node.leaving = true;
    node.stage = "rebooting";
    const duration = (this.firmware.shift() ?? "well") === "dead" ? 90 * MINUTE : 3 * MINUTE;
    this.at(MINUTE, () => Object.assign(node, { up: false, etcd: false, ready: false }));
    this.at(duration, () => {
      this.throughFirmware.push(node.name);
      this.comesBack(node, "well", node.version, node.runs);
    });
    if (!waits) return ok();
    this.advance(Math.min(duration, timeout));
    return duration <= timeout ? ok() : { code: -1, stdout: "", stderr: "", timedOut: true };
  }

  private comesBack(node: SimulatedNode, restart: Restart, version: string, schematic: string): void {
    const isOld = restart === "rolled-back";
    Object.assign(node, { up: true, boot: node.boot + 1, stage: "running" });
    if (!isOld)
      Object.assign(node, { version, runs: restart === "wrong-image" ? "0".repeat(64) : schematic });
    const well = restart === "not-ready" || restart === "no-etcd" ? 60 * MINUTE : MINUTE;
    const member = restart === "no-etcd" ? well : restart === "slow-etcd" ? 8 * MINUTE : 20_000;
    this.at(member, () => {
      node.etcd = node.role === "controlplane";
    });
    this.at(well, () => Object.assign(node, { ready: true, leaving: false }));
  }

  private upgradeKubernetes(version: string, isDryRun: boolean): CommandResult {
    if (isDryRun) return ok("automatically detected the lowest Kubernetes version\n");
    if (this.nodes.some(({ version: talos }) => talos !== this.inventory.target.talos)) {
      this.violations.push("Kubernetes begun before Talos is done");
    }
    for (const node of this.nodes) Object.assign(node, { kubelet: version, pods: version });
    this.advance(5 * MINUTE);
    return ok();
  }
}
