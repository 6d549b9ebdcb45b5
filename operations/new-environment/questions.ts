/** Questions of `homelab new-environment`, each with the usual answer. */
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../lib/core/values/subnet.ts";
import type { Answers, Question } from "../cli/questions.ts";

/** Addresses that Services get, half of them to ask for. */
const SERVICES = 20;

/** An address in the network of the machine; empty while the answer is none. */
export const hostOf = (cidr: string, place: (subnet: Subnet, own: Ipv4Address) => Ipv4Address): string => {
  try {
    return `${place(Subnet.around(cidr), Subnet.addressOf(cidr))}`;
  } catch {
    return "";
  }
};

export const own = ({ address = "" }: Answers): string => hostOf(address, (_, machine) => machine);

/** A machine that only runs what the first one leaves. */
export interface Worker {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}

/** Further machines, as `NAME=ADDRESS=MAC` by commas; undefined for a text that is no such list. */
export const workersOf = ({ workers = "none" }: Answers): readonly Worker[] | undefined => {
  if (workers === "none") return [];
  const found = workers.split(",").map((each) => each.trim().split("="));
  if (found.some((parts) => parts.length !== 3 || parts.includes(""))) return undefined;
  return found.map(([name = "", address = "", mac = ""]) => ({ name, address, mac: mac.toLowerCase() }));
};

/** Addresses that the answers have given away so far. */
const taken = (answers: Answers): ReadonlySet<string> =>
  new Set([
    ...[own(answers), answers.gateway, answers.nameserver, answers.vip].flatMap((each) => each ?? []),
    ...(workersOf(answers) ?? []).map(({ address }) => address),
  ]);

/** The first of the places whose address is free and that of a host; empty where there is none. */
const free = (answers: Answers, places: (subnet: Subnet, own: Ipv4Address) => Ipv4Address[]): string => {
  const isFree = (subnet: Subnet, each: Ipv4Address) =>
    subnet.contains(each) &&
    !each.equals(subnet.network) &&
    !each.equals(subnet.broadcast) &&
    !taken(answers).has(`${each}`);
  return hostOf(answers.address ?? "", (subnet, machine) => {
    const found = places(subnet, machine).find((each) => isFree(subnet, each));
    if (!found) throw new RangeError(`${subnet}: must have a free address`);
    return found;
  });
};

const router = (answers: Answers): string =>
  free(answers, ({ network, broadcast }) => [network.plus(1), broadcast.plus(-1)]);
const beside = (answers: Answers): string =>
  free(answers, (_, machine) => [1, 2, 3, 4, 5, -1, -2, -3, -4, -5].map((step) => machine.plus(step)));

/** The last addresses of the network, a few before its end; fewer of a small network, and none that is taken. */
const lastServices = (answers: Answers): string => {
  const { address = "" } = answers;
  const size = (subnet: Subnet) =>
    Math.min(SERVICES, Math.floor((subnet.broadcast.value - subnet.network.value) / 4));
  const start = hostOf(address, (subnet) => {
    const count = size(subnet);
    const isFree = (from: Ipv4Address) =>
      Array.from({ length: count }, (_, at) => `${from.plus(at)}`).every((each) => !taken(answers).has(each));
    const steps = Array.from({ length: 3 * count + 6 }, (_, step) =>
      subnet.broadcast.plus(-count - Math.min(5, count) - step),
    );
    const found = steps.find((from) => subnet.contains(from) && isFree(from));
    if (!found || count < 2) throw new RangeError(`${subnet}: must have room for services`);
    return found;
  });
  const stop = hostOf(address, (subnet) => Ipv4Address.parse(start).plus(size(subnet) - 1));
  return `${start}-${stop}`;
};

/** Networks inside of the cluster, of which the first that is none of the machine's network is taken. */
const INSIDE = { pods: ["10.244.0.0/16", "172.30.0.0/16"], services: ["10.96.0.0/12", "172.28.0.0/16"] };

export const inside = ({ address = "" }: Answers, what: keyof typeof INSIDE): string => {
  const [usual = "", other = ""] = INSIDE[what];
  try {
    return Subnet.around(address).overlaps(Subnet.parse(usual)) ? other : usual;
  } catch {
    return usual;
  }
};

export const ENVIRONMENT_QUESTIONS: readonly Question[] = [
  { flag: "name", ask: "Name of the environment, a DNS label", otherwise: "home" },
  { flag: "domain", ask: "Domain that the hosts of apps lie in, e.g. home.example.org" },
  { flag: "node", ask: "Name of the machine", otherwise: "mini" },
  { flag: "address", ask: "Its fixed address with the network's prefix length, e.g. 192.168.1.20/24" },
  {
    flag: "workers",
    ask: "Further machines as workers, NAME=ADDRESS=MAC by commas, e.g. midi=192.168.1.22=7c:83:34:00:00:02",
    otherwise: "none",
  },
  { flag: "gateway", ask: "Address of the router", otherwise: router },
  { flag: "nameserver", ask: "Address that answers DNS", otherwise: ({ gateway = "" }) => gateway },
  { flag: "maintenance", ask: "Its address by DHCP, while it waits for its configuration", otherwise: own },
  { flag: "vip", ask: "A free address beside it, for the Kubernetes API", otherwise: beside },
  {
    flag: "services",
    ask: "Free addresses for load balancers, first-last, outside of the DHCP range",
    otherwise: lastServices,
  },
  { flag: "mac", ask: "MAC address of its network card" },
  {
    flag: "interface",
    ask: "Name of its network card in Talos",
    otherwise: ({ mac = "" }) => uplinkName(mac),
  },
  { flag: "disk", ask: "Disk that is overwritten, e.g. /dev/nvme0n1 or /dev/sda", otherwise: "/dev/nvme0n1" },
  { flag: "cpu", ask: "Its cores", otherwise: "4" },
  { flag: "memory", ask: "Its memory, as built in", otherwise: "16Gi" },
];

/** The name that a card has on every machine: after its MAC address. */
export const uplinkName = (mac: string): string => `enx${mac.toLowerCase().replaceAll(":", "")}`;
