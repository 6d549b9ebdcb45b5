import { expect, test } from "vitest";
import { AUDIT_POLICY, POD_SECURITY } from "../../../lib/talos/api-server.ts";

interface Request {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly url?: string;
}

const matches = (rule: (typeof AUDIT_POLICY.rules)[number], request: Request): boolean => {
  const { url } = request;
  if (rule.users && !rule.users.includes(request.user)) return false;
  if (rule.userGroups && !rule.userGroups.some((group) => request.groups?.includes(group))) return false;
  if (rule.verbs && !rule.verbs.some((verb) => verb === request.verb)) return false;
  if (rule.nonResourceURLs) {
    return rule.nonResourceURLs.some((pattern) =>
      pattern.endsWith("*") ? url?.startsWith(pattern.slice(0, -1)) : url === pattern,
    );
  }
  if (!rule.resources) return true;
  return rule.resources.some(
    ({ group, resources }) =>
      group === request.group && (!resources || resources.includes(request.resource ?? "")),
  );
};

/** The level of a request as the API server finds it: the first rule that matches. */
const level = (request: Request): string | undefined =>
  AUDIT_POLICY.rules.find((rule) => matches(rule, request))?.level;

const admin = "kubernetes-admin";

test.each([
  ["secrets", ""],
  ["configmaps", ""],
  ["serviceaccounts/token", ""],
  ["tokenreviews", "authentication.k8s.io"],
])("%s are recorded without content, whoever asks for whatever", (resource, group) => {
  for (const verb of ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]) {
    for (const user of [admin, "system:apiserver", "system:node:daphne"]) {
      expect(level({ user, groups: ["system:nodes"], verb, group, resource })).toBe("Metadata");
    }
  }
});

test.each([
  ["clusterrolebindings", "rbac.authorization.k8s.io"],
  ["validatingwebhookconfigurations", "admissionregistration.k8s.io"],
  ["networkpolicies", "networking.k8s.io"],
  ["ciliumclusterwidenetworkpolicies", "cilium.io"],
])("a change of %s is recorded with its content", (resource, group) => {
  expect(level({ user: admin, verb: "patch", group, resource })).toBe("Request");
  expect(level({ user: admin, verb: "get", group, resource })).toBe("Metadata");
});

test("noise is left out", () => {
  expect(level({ user: "kubelet", verb: "get", url: "/readyz/etcd" })).toBe("None");
  expect(level({ user: "a", verb: "update", group: "coordination.k8s.io", resource: "leases" })).toBe("None");
  expect(level({ user: "a", verb: "create", group: "", resource: "events" })).toBe("None");
  expect(level({ user: "system:kube-scheduler", verb: "watch", group: "", resource: "pods" })).toBe("None");
  expect(level({ user: "n", groups: ["system:nodes"], verb: "get", group: "", resource: "pods" })).toBe(
    "None",
  );
});

test("everything else is recorded: a person's reads, a node's writes, an exec", () => {
  expect(level({ user: admin, verb: "get", group: "", resource: "pods" })).toBe("Metadata");
  expect(level({ user: admin, verb: "create", group: "", resource: "pods/exec" })).toBe("Metadata");
  expect(level({ user: "n", groups: ["system:nodes"], verb: "patch", group: "", resource: "nodes" })).toBe(
    "Metadata",
  );
  expect(level({ user: admin, verb: "get", url: "/metrics" })).toBe("Metadata");
});

test("pods are held to baseline, except in kube-system", () => {
  expect(POD_SECURITY.defaults).toMatchObject({
    enforce: "baseline",
    audit: "restricted",
    warn: "restricted",
  });
  expect(POD_SECURITY.exemptions).toEqual({ namespaces: ["kube-system"], runtimeClasses: [], usernames: [] });
});
