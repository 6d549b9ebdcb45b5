/** Containers of the played machine: real processes, each with mounts and a network of its own, on one root. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { mustRun } from "../../lib/core/process/command.ts";

/** Directories of this machine that programs load libraries from. */
const LIBRARIES = ["bin", "lib", "lib64", "usr"];
const DEVICES = ["null", "urandom"];

/**
 * Joins the network of the machine, mounts pairs of what lies where, and becomes the program. Every address of the
 * sandbox is reached through the machine.
 */
const START = `set -e
ip link set lo up
ip link add pod type veth peer name "pod$N" netns "$HOST"
ip address add "10.254.$N.2/30" dev pod
ip link set pod up
nsenter --target "$HOST" --net sh -c "ip address add 10.254.$N.1/30 dev pod$N && ip link set pod$N up"
ip route add default via "10.254.$N.1"
while [ "$1" != -- ]; do
  [ -e "$ROOT$2" ] || mkdir -p "$ROOT$2"
  mount --rbind "$1" "$ROOT$2"
  shift 2
done
shift
exec chroot "$ROOT" "$@"`;

/** Makes the root that containers share: libraries and devices of this machine, and some files at its top. */
export const makeRoot = async (root: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const name of ["dev", "proc", "tmp", "var/lib/kubelet/pods"])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of LIBRARIES) {
    const [from, to] = [join("/", name), join(root, name)];
    const there = lstatSync(from, { throwIfNoEntry: false });
    if (there?.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    if (!there?.isDirectory()) continue;
    mkdirSync(to);
    await mustRun("mount", ["--rbind", from, to]);
  }
  await mustRun("mount", ["--rbind", "/proc", join(root, "proc")]);
  for (const name of [...DEVICES, "termination-log"]) writeFileSync(join(root, "dev", name), "");
  for (const name of DEVICES) await mustRun("mount", ["--bind", join("/dev", name), join(root, "dev", name)]);
  for (const [name, file] of Object.entries(files)) copyFileSync(file, join(root, name));
};

export interface ContainerProps {
  readonly root: string;
  /** Directory for its log and its last words. */
  readonly directory: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly mounts: readonly { readonly from: string; readonly at: string }[];
}

/** The end of a container. */
export interface Ended {
  readonly code: number;
  /** Its termination message. */
  readonly message: string;
}

let started = 0;

/** Starts a container; `ended` is there when it ends, however it does. */
export const startContainer = (props: ContainerProps): { child: ChildProcess; ended: Promise<Ended> } => {
  const { root, directory, name, command, variables, mounts } = props;
  const words = join(directory, `${name}.termination`);
  writeFileSync(words, "");
  const all = [...mounts, { from: words, at: "/dev/termination-log" }];
  const log = openSync(join(directory, `${basename(name)}.log`), "a");
  started += 1;
  const child = spawn(
    "unshare",
    [
      ...["--net", "--mount", "sh", "-c", START, "sh"],
      ...all.flatMap(({ from, at }) => [from, at]),
      ...["--", ...command],
    ],
    {
      stdio: ["ignore", log, log],
      env: {
        ...{ PATH: process.env.PATH, HOME: "/", ROOT: root, HOST: String(process.pid), N: String(started) },
        ...variables,
      },
    },
  );
  const ended = new Promise<Ended>((resolve) => {
    child.once("exit", (code) => resolve({ code: code ?? -1, message: readFileSync(words, "utf8") }));
    child.once("error", ({ message }) => resolve({ code: -1, message }));
  });
  return { child, ended };
};
