/** The environment that answers make of the sample: its data, and its file. */
import { readFileSync } from "node:fs";
import type { EnvironmentInput } from "../../environments/schema.ts";
import { home } from "../../examples/one-node/environment.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { Answers } from "../cli/questions.ts";
import { identifierOf } from "../new-app/declared.ts";
import { hostOf, inside, own, uplinkName, workersOf } from "./questions.ts";

const SAMPLE = "examples/one-node/environment.ts";

/** First and last of the two halves of the addresses for Services; what is malformed stays for the rules to refuse. */
const halves = (services: string): readonly [string, string, string, string] => {
  const [start = "", stop = ""] = services.split("-").map((each) => each.trim());
  try {
    const from = Ipv4Address.parse(start);
    const middle = Math.floor((Ipv4Address.parse(stop).value - from.value) / 2);
    return [start, `${from.plus(middle)}`, `${from.plus(middle + 1)}`, stop];
  } catch {
    return [start, stop, start, stop];
  }
};

/** Days until the accepted risks of a new environment are looked at again. */
const REVIEW_DAYS = 90;

const dayAfter = (today: string, days: number): string =>
  new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);

/** Texts of the sample, each with the one that takes its place: whole ones in quotes, so that nothing else is meant. */
const replacements = (answers: Answers, today: string): ReadonlyMap<string, string> => {
  const given = (flag: string) => answers[flag] ?? "";
  const [start, middle, second, stop] = halves(given("services"));
  const network = hostOf(given("address"), (subnet) => subnet.network);
  const [, length = ""] = given("address").split("/");
  return new Map([
    ["home", given("name")],
    ["mini", given("node")],
    ["home.example.org", given("domain")],
    ["argocd.home.example.org", `argocd.${given("domain")}`],
    ["192.168.1.20/24", given("address")],
    ["192.168.1.0/24", `${network}/${length}`],
    ["10.244.0.0/16", inside(answers, "pods")],
    ["10.96.0.0/12", inside(answers, "services")],
    ["192.168.1.20", given("maintenance")],
    ["192.168.1.21", given("vip")],
    ["192.168.1.1", given("gateway")],
    ["192.168.1.53", given("nameserver")],
    ["192.168.1.200", start],
    ["192.168.1.209", middle],
    ["192.168.1.210", second],
    ["192.168.1.219", stop],
    ["7c:83:34:00:00:01", given("mac").toLowerCase()],
    ["enx7c8334000001", given("interface")],
    ["^enx7c8334000001$", `^${given("interface")}$`],
    ["/dev/nvme0n1", given("disk")],
    ["4", given("cpu")],
    ["16Gi", given("memory")],
    ["2026-11-01", today],
    ["2099-12-31", dayAfter(today, REVIEW_DAYS)],
    ...["get links", "get disks", "get cpu"].map((what): [string, string] => [
      `talosctl --nodes 192.168.1.20 ${what} --insecure`,
      `talosctl --nodes ${given("maintenance")} ${what} --insecure`,
    ]),
    ["talosctl --nodes 192.168.1.20 memory", `talosctl --nodes ${own(answers)} memory`],
  ]);
};

const filled = (text: string, answers: Answers, today: string): string => {
  const instead = replacements(answers, today);
  return text.replaceAll(/"([^"\\\n]*)"/g, (quoted, inside: string) => {
    const given = instead.get(inside);
    return given === undefined ? quoted : JSON.stringify(given);
  });
};

/** Further machines: as the first one, under names, addresses and cards of their own. */
const workerNodes = (answers: Answers, today: string): EnvironmentInput["nodes"] => {
  const [first] = JSON.parse(filled(JSON.stringify(home.nodes), answers, today)) as EnvironmentInput["nodes"];
  const [, length] = (answers.address ?? "").split("/");
  return (workersOf(answers) ?? []).flatMap(({ name, address, mac }) => {
    const vlans = first?.vlans.map((vlan) => ({ ...vlan, address: `${address}/${length}` })) ?? [];
    const card = { mac, interface: uplinkName(mac) };
    return first ? [{ ...first, name, role: "worker", ...card, maintenanceAddress: address, vlans }] : [];
  });
};

/** The data of the environment. */
export const draftOf = (answers: Answers, today: string): EnvironmentInput => {
  const data = JSON.parse(filled(JSON.stringify(home), answers, today)) as EnvironmentInput;
  const workers = workerNodes(answers, today);
  const interfaces = [...data.loadBalancer.interfaces, ...workers.map((each) => `^${each.interface}$`)];
  return { ...data, nodes: [...data.nodes, ...workers], loadBalancer: { ...data.loadBalancer, interfaces } };
};

/** The file of the environment, with the sample's words about each field. */
export const fileOf = (answers: Answers, today: string): string => {
  const name = answers.name ?? "";
  const workers = workerNodes(answers, today);
  return filled(readFileSync(SAMPLE, "utf8"), answers, today)
    .replace(
      /(?<=\n {4}\},)(?=\n {2}\],\n {2}\/\/ Addresses)/,
      workers.map((each) => JSON.stringify(each)).join(),
    )
    .replace(/(?<=\n {4}interfaces: \["[^"]*")/, workers.map((each) => `, "^${each.interface}$"`).join(""))
    .replace('"terravixens/environments"', '"./schema.ts"')
    .replace(
      /\/\*\*[\s\S]*?\*\//,
      `/** ${name}: ${workers.length === 0 ? "one machine" : "one control plane with workers"} on a flat network, without VLANs and without S3. */`,
    )
    .replace("export const home:", `export const ${identifierOf(name)}:`);
};
