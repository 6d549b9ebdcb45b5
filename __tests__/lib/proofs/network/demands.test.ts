import { expect, test } from "vitest";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import { Subnet } from "../../../../lib/core/values/subnet.ts";
import { defaultDenyPolicy } from "../../../../lib/network/default-deny.ts";
import { exceptionAllowance, type NetworkException } from "../../../../lib/network/exceptions.ts";
import { etcdBackupCopyAllowance } from "../../../../lib/network/platform-allowances.ts";
import { profileAllowances } from "../../../../lib/network/profiles.ts";
import { environmentDemands } from "../../../../lib/proofs/network/demands.ts";
import { proveNetwork } from "../../../../lib/proofs/network/prove.ts";
import { environments } from "../../../stacks/homelab.ts";
import { allowances, apps, urls } from "./lab.ts";

const printer: NetworkException = {
  name: "printer",
  reason: "The printer pushes scans.",
  reviewBy: "2027-06-30",
  from: { cidr: Subnet.parse("192.168.1.5/32") },
  to: { namespace: "media" },
  ports: [{ protocol: "TCP", port: 8000 }],
};

const [dev] = environments((input) => {
  const copy = { bucket: `copy-${input.name}`, region: "eu-west-1", endpoint: "https://s3.example.org" };
  if (input.backup) input.backup.copy = copy;
  input.assumptions = input.assumptions.filter(({ path }) => path !== "backup.copy");
  input.namespaces = [{ name: "media", podSecurity: "baseline", size: "xs", profiles: ["web", "internet"] }];
  input.networkPolicy.exceptions = [
    { ...printer, from: { cidr: "192.168.1.5/32" }, to: { namespace: "media" }, ports: [...printer.ports] },
  ];
});
const demands = dev ? environmentDemands(dev) : [];

const chosen = [
  etcdBackupCopyAllowance(HttpUrl.parse("https://s3.example.org")),
  ...profileAllowances("media", ["web", "internet"]),
  exceptionAllowance(printer),
];

const problems = (some = chosen, asked = demands): readonly string[] => {
  const all = [...allowances, ...some];
  const policies = [...all.map((allowance) => allowance.policy()), defaultDenyPolicy()];
  return proveNetwork({ ...urls, apps, allowances: all, demands: asked, policies }).problems;
};

test("what the environment asks for lives", () => {
  expect(problems()).toEqual([]);
});

test.each(chosen.map((allowance) => [allowance.name, allowance] as const))(
  "%s that nobody makes is missed by name",
  (name, left) => {
    const [first] = problems(chosen.filter((each) => each !== left));
    expect(first).toMatch(new RegExp(`^must live: .*; add the allowance ${name} with a route`));
  },
);

test.each<[string, NetworkException["to"], string]>([
  [
    "an app by a typo",
    { namespace: "tools", labels: { "app.kubernetes.io/name": "it-toolz" } },
    "tools/it-toolz",
  ],
  ["a namespace that does not exist", { namespace: "toolz" }, "toolz/*"],
])("an exception that selects %s is refused, and nobody is made up for it", (_, to, label) => {
  const odd = { ...printer, name: "odd", to };
  const found = problems([...chosen, exceptionAllowance(odd)]);
  expect(found).toContainEqual(
    expect.stringMatching(/^exception-odd: must select a pod that exists, .*; nearest tools\//),
  );
  expect(found.find((line) => line.startsWith("exception-odd"))).toContain(`got ${label}`);
});
