/** Questions of `homelab new-environment`, each with the usual answer. */
import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
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

const next = ({ address = "" }: Answers): string => hostOf(address, (_, own) => own.plus(1));
const first = ({ address = "" }: Answers): string => hostOf(address, ({ network }) => network.plus(1));
export const own = ({ address = "" }: Answers): string => hostOf(address, (_, machine) => machine);
const lastServices = ({ address = "" }: Answers): string => {
  const at = (offset: number) => hostOf(address, ({ broadcast }) => broadcast.plus(offset));
  return `${at(-SERVICES - 5)}-${at(-6)}`;
};

export const ENVIRONMENT_QUESTIONS: readonly Question[] = [
  { flag: "name", ask: "Name of the environment, a DNS label", otherwise: "home" },
  { flag: "domain", ask: "Domain that the hosts of apps lie in, e.g. home.example.org" },
  { flag: "node", ask: "Name of the machine", otherwise: "mini" },
  { flag: "address", ask: "Its fixed address with the network's prefix length, e.g. 192.168.1.20/24" },
  { flag: "gateway", ask: "Address of the router", otherwise: first },
  { flag: "nameserver", ask: "Address that answers DNS", otherwise: ({ gateway = "" }) => gateway },
  { flag: "maintenance", ask: "Its address by DHCP, while it waits for its configuration", otherwise: own },
  { flag: "vip", ask: "A free address beside it, for the Kubernetes API", otherwise: next },
  {
    flag: "services",
    ask: "Free addresses for load balancers, first-last, outside of the DHCP range",
    otherwise: lastServices,
  },
  { flag: "mac", ask: "MAC address of its network card" },
  { flag: "interface", ask: "Name of its network card in Talos", otherwise: ({ mac = "" }) => nameOf(mac) },
  { flag: "disk", ask: "Disk that is overwritten, e.g. /dev/nvme0n1 or /dev/sda", otherwise: "/dev/nvme0n1" },
  { flag: "cpu", ask: "Its cores", otherwise: "4" },
  { flag: "memory", ask: "Its memory, as built in", otherwise: "16Gi" },
];

/** The name that a card has on every machine: after its MAC address. */
const nameOf = (mac: string): string => `enx${mac.toLowerCase().replaceAll(":", "")}`;
