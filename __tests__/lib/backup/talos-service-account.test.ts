import { expect, test } from "vitest";
import { type TalosRole, TalosServiceAccount } from "../../../lib/backup/talos-service-account.ts";

const withRoles = (...roles: string[]) =>
  new TalosServiceAccount({ name: "backup", namespace: "velero", roles: roles as TalosRole[] });

test("is what the CRD of Talos describes", () => {
  expect(withRoles("os:etcd:backup").toJSON()).toEqual({
    apiVersion: "talos.dev/v1alpha1",
    kind: "ServiceAccount",
    metadata: { name: "backup", namespace: "velero" },
    spec: { roles: ["os:etcd:backup"] },
  });
});

test("takes the roles of Talos", () => {
  expect(() =>
    withRoles("os:admin", "os:operator", "os:reader", "os:etcd:backup", "os:impersonator").validate(),
  ).not.toThrow();
});

test.each([
  [[], "spec.roles: must name at least one role: got []"],
  [["os:etcd-backup"], 'got ["os:etcd-backup"]'],
  [["os:reader", "root"], 'got ["root"]'],
])("refuses the roles %j", (roles, message) => {
  expect(() => withRoles(...roles).validate()).toThrow(message);
});
