import { expect, test } from "vitest";
import { definitionsFor, unserved } from "../../../labs/e2e/definitions.ts";
import { talosServiceAccountDefinition } from "../../../labs/e2e/talos-service-account-definition.ts";
import { environmentNamed } from "../../../operations/cli/environments.ts";

const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: "x" } });
const dev = environmentNamed("dev");

test("kinds of Kubernetes need no definition", async () => {
  const own = [
    object("v1", "Secret"),
    object("batch/v1", "CronJob"),
    object("networking.k8s.io/v1", "NetworkPolicy"),
  ];
  expect(await definitionsFor(own, dev)).toEqual([]);
});

test("Talos' kind has the definition that is written here", async () => {
  expect(await definitionsFor([object("talos.dev/v1alpha1", "ServiceAccount")], dev)).toEqual([
    talosServiceAccountDefinition,
  ]);
});

test("a kind without a source is refused, all at once", async () => {
  const unknown = [object("example.com/v1", "Thing"), object("example.org/v1", "Other")];
  await expect(definitionsFor(unknown, dev)).rejects.toThrow(
    "example.com/v1 Thing: no definition serves it: name its source in labs/e2e/definitions.ts\nexample.org/v1 Other: no definition",
  );
});

test("a version counts only when it is served", () => {
  const account = (version: string) => object(`talos.dev/${version}`, "ServiceAccount");
  expect(unserved([account("v1alpha1")], [talosServiceAccountDefinition])).toEqual([]);
  expect(unserved([account("v1")], [talosServiceAccountDefinition])).toHaveLength(1);
  const [version] = talosServiceAccountDefinition.spec.versions;
  if (version === undefined) throw new Error("the definition has no version");
  const retired = {
    ...talosServiceAccountDefinition,
    spec: { ...talosServiceAccountDefinition.spec, versions: [{ ...version, served: false }] },
  };
  expect(unserved([account("v1alpha1")], [retired])).toHaveLength(1);
});

test("a chart of which nobody knows what it installs is refused", async () => {
  const changed = { ...dev, versions: { ...dev.versions, argocdChart: "0.0.1" } };
  await expect(definitionsFor([object("argoproj.io/v1alpha1", "Application")], changed)).rejects.toThrow(
    "chart argo-cd 0.0.1: what it installs is not known: add its appVersion",
  );
});

test("an app's definitions are those of the chart that its Application installs", async () => {
  const schedule = object("velero.io/v1", "Schedule");
  const application = (targetRevision: string) => ({
    ...object("argoproj.io/v1alpha1", "Application"),
    spec: { source: { chart: "velero", targetRevision } },
  });
  await expect(definitionsFor([schedule, application("0.0.1")], dev)).rejects.toThrow(
    "chart velero 0.0.1: what it installs is not known",
  );
  await expect(definitionsFor([schedule], dev)).rejects.toThrow("no Application installs the chart velero");
});
