/**
 * A network of its own for the run: namespaces of Linux in which there is nothing but the loopback interface.
 *
 * The addresses and names of the real homelab live on that interface, so what is deployed is what `npm run synth` writes,
 * endpoints and all; and a workstation in the homelab cannot reach the real cluster by mistake. Every program that
 * was started ends with the sandbox.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { mustRun, runCommand } from "../../lib/core/process/command.ts";

const NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** An ordinary user becomes root of the sandbox alone. */
const unshareArguments = (): string[] => [
  ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
  ...NAMESPACES,
];

/** The reason why this machine cannot have a sandbox; undefined when it can. */
const sandboxProblem = async (): Promise<string | undefined> => {
  if (process.platform !== "linux") return `namespaces of Linux are needed: this is ${process.platform}`;
  const args = [...unshareArguments(), "ip", "link", "set", "lo", "up"];
  const { code, stderr } = await runCommand("unshare", args, {});
  return code === 0 ? undefined : `no network namespace can be made here: ${stderr.trim()}`;
};

/** The programs that this machine lacks, and why it cannot have a sandbox, a line each. */
export const sandboxLacks = async (...programs: readonly string[]): Promise<string[]> => {
  const answers = [...programs, "ip", "unshare"].map(async (program) => {
    const { code } = await runCommand(program, ["--help"], {});
    return code === -1 ? [`${program} is not installed`] : [];
  });
  const lacks = (await Promise.all(answers)).flat();
  const problem = lacks.length > 0 ? undefined : await sandboxProblem();
  return problem === undefined ? lacks : [...lacks, problem];
};

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program in a sandbox, on this terminal; returns its exit code. A signal to this process ends the sandbox, with
 * all that runs there: `unshare` itself passes none on.
 */
export const runInSandbox = async (command: string, args: readonly string[]): Promise<number> => {
  let stopped: NodeJS.Signals | undefined;
  let end = () => {};
  const stop = (signal: NodeJS.Signals) => {
    stopped = signal;
    end();
  };
  for (const signal of STOPS) process.on(signal, stop);
  try {
    const { code, stderr } = await runCommand("unshare", [...unshareArguments(), command, ...args], {
      shown: true,
      onStart: (kill) => {
        end = () => kill("SIGKILL");
      },
    });
    if (stopped !== undefined) throw new Error(`stopped by ${stopped}`);
    if (stderr !== "") throw new Error(stderr);
    return code === -1 ? 1 : code;
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
  }
};

/** Inside: gives the loopback interface the addresses, and lets the names mean this machine. */
export const settle = async (hosts: readonly string[], directory: string): Promise<void> => {
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  const names = hosts.filter((host) => isIP(host) === 0);
  await mustRun("ip", ["link", "set", "lo", "up"]);
  for (const address of addresses.filter((each) => !each.startsWith("127."))) {
    await mustRun("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
  }
  const file = join(directory, "hosts");
  writeFileSync(file, `${readFileSync("/etc/hosts", "utf8")}\n127.0.0.1 localhost ${names.join(" ")}\n`);
  // Seen in this sandbox alone.
  await mustRun("mount", ["--bind", file, "/etc/hosts"]);
};
