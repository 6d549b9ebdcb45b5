/** Random clusters and policies: every peer kind, ports, default deny modes, all three kinds of objects. */
import fc from "fast-check";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import { ccnp, cnp, networkPolicy, pod } from "./fixtures.ts";

const NAMESPACES = ["shop", "blog"] as const;
const namespace = fc.constantFrom(...NAMESPACES);
const value = fc.constantFrom("a", "b", "c");
const namespaceLabels = { shop: { team: "x" }, blog: { team: "y" } };

export const cluster: fc.Arbitrary<readonly Identity[]> = fc
  .array(
    fc.record({
      namespace,
      app: value,
      tier: fc.option(value, { nil: undefined }),
      port: fc.constantFrom(80, 8080),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((pods) => [
    ...pods.map((entry, at) =>
      pod(
        `p${at}`,
        entry.namespace,
        { app: entry.app, ...(entry.tier === undefined ? {} : { tier: entry.tier }) },
        {
          namespaceLabels: namespaceLabels[entry.namespace],
          namedPorts: [{ name: "web", port: entry.port }],
        },
      ),
    ),
    { id: "node", kind: "host" },
    { id: "other-node", kind: "remote-node" },
    { id: "health", kind: "health" },
    { id: "world", kind: "world" },
    { id: "near", kind: "cidr", cidr: "10.1.2.3/32", dnsNames: ["api.example.com"] },
    { id: "far", kind: "cidr", cidr: "8.8.8.8/32" },
  ]);

const key = fc.constantFrom("app", "tier", "k8s:app", "k8s:io.cilium.k8s.namespace.labels.team");
const expression = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.array(value, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
  fc.record({
    key: fc.constant("k8s:io.kubernetes.pod.namespace"),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.array(namespace, { minLength: 1, maxLength: 2 }),
  }),
);
export const selector = fc.oneof(
  fc.constant({}),
  value.map((app) => ({ matchLabels: { app } })),
  fc.array(expression, { minLength: 1, maxLength: 2 }).map((matchExpressions) => ({ matchExpressions })),
);

const entity = fc.constantFrom("all", "world", "cluster", "host", "remote-node", "health", "none");
const cidr = fc.constantFrom("0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "8.8.8.0/24");
const cidrRule = fc.oneof(
  cidr.map((entry) => ({ cidr: entry })),
  fc.constant({ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }),
);
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 2 });

const peers = (side: "from" | "to"): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constant({}),
    fc.constant({ [`${side}Endpoints`]: [] }),
    some(selector).map((list) => ({ [`${side}Endpoints`]: list })),
    some(entity).map((list) => ({ [`${side}Entities`]: list })),
    some(cidr).map((list) => ({ [`${side}CIDR`]: list })),
    some(cidrRule).map((list) => ({ [`${side}CIDRSet`]: list })),
  );

const port = fc.oneof(
  fc.record({
    port: fc.constantFrom("80", "8080", "53", "0", "web"),
    protocol: fc.constantFrom("TCP", "UDP", "ANY"),
  }),
  fc.constant({ port: "79", endPort: 100, protocol: "TCP" }),
);
const ports: fc.Arbitrary<object> = fc.oneof(
  fc.constant({}),
  some(port).map((list) => ({ toPorts: [{ ports: list }] })),
);

const rule = (side: "from" | "to"): fc.Arbitrary<object> =>
  fc.tuple(peers(side), ports).map(([left, right]) => ({ ...left, ...right }));

const spec = (allow: boolean, deny: boolean): fc.Arbitrary<object> =>
  fc
    .record({
      endpointSelector: selector,
      ...(allow && { ingress: fc.option(some(rule("from"))), egress: fc.option(some(rule("to"))) }),
      ...(deny && { ingressDeny: fc.option(some(rule("from"))), egressDeny: fc.option(some(rule("to"))) }),
      enableDefaultDeny: fc.option(
        fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
      ),
    })
    .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, entry]) => entry !== null)))
    .filter((fields) => ["ingress", "egress", "ingressDeny", "egressDeny"].some((field) => field in fields));

const kubernetesSpec: fc.Arbitrary<object> = fc.record(
  {
    podSelector: fc.oneof(
      fc.constant({}),
      value.map((app) => ({ matchLabels: { app } })),
    ),
    policyTypes: fc.subarray(["Ingress", "Egress"]),
    ingress: some(fc.record({ from: some(fc.constantFrom({ podSelector: {} }, { namespaceSelector: {} })) })),
    egress: some(fc.record({ to: some(cidr.map((entry) => ({ ipBlock: { cidr: entry } }))) })),
  },
  { requiredKeys: ["podSelector"] },
);

const named = (content: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc
    .tuple(content, fc.option(namespace), fc.uuid())
    .map(([fields, scope, name]) => (scope === null ? ccnp(name, fields) : cnp(scope, name, fields)));

/** One object of any kind. */
const policy: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: named(spec(true, true)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(kubernetesSpec, namespace, fc.uuid())
      .map(([fields, scope, name]) => networkPolicy(scope, name, fields)),
  },
);

/** An object that only allows, and turns default deny on nowhere. */
export const allowOnly: fc.Arbitrary<object> = named(
  spec(true, false).map((fields) => ({ ...fields, enableDefaultDeny: { ingress: false, egress: false } })),
);

/** An object that only denies, with any default deny mode. */
export const denyOnly: fc.Arbitrary<object> = named(spec(false, true));

export const policies = fc.array(policy, { maxLength: 6 });
