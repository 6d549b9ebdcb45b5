/** The environment that answers make of the sample: its data, and its file. */
import { readFileSync } from "node:fs";
import { home } from "../../examples/one-node/environment.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { Answers } from "../cli/questions.ts";
import { identifierOf } from "../new-app/declared.ts";
import { hostOf, own } from "./questions.ts";

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

/** The data of the environment. */
export const draftOf = (answers: Answers, today: string): unknown =>
  JSON.parse(filled(JSON.stringify(home), answers, today));

/** The file of the environment, with the sample's words about each field. */
export const fileOf = (answers: Answers, today: string): string => {
  const name = answers.name ?? "";
  return filled(readFileSync(SAMPLE, "utf8"), answers, today)
    .replace('"terravixens/environments"', '"./schema.ts"')
    .replace(
      /\/\*\*[\s\S]*?\*\//,
      `/** ${name}: one machine on a flat network, without VLANs and without S3. */`,
    )
    .replace("export const home:", `export const ${identifierOf(name)}:`);
};
