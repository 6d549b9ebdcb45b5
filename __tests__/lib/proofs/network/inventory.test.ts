import { expect, test } from "vitest";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import { platformPods } from "../../../../lib/network/platform-pods.ts";
import { inventory } from "../../../../lib/proofs/network/inventory.ts";

const around = {
  repository: HttpUrl.parse("https://git.example.org/x.git"),
  backupEndpoint: HttpUrl.parse("http://192.0.2.1:9000"),
};
const { hubbleUi } = platformPods;

test.each([
  ["by its labels", hubbleUi.labels],
  ["by its name", { "app.kubernetes.io/name": "hubble-ui", tier: "web" }],
])("an app that is a pod of the platform %s is one pod, with the labels of both", (_, labels) => {
  const all = inventory({ ...around, apps: [{ namespace: hubbleUi.namespace, labels }] });
  expect(all.apps).toEqual([]);
  expect(all.pods.filter(({ id }) => id === hubbleUi.id)).toMatchObject([
    { labels: { ...labels, ...hubbleUi.labels } },
  ]);
});

test("an app of the same name elsewhere is a pod of its own", () => {
  const all = inventory({ ...around, apps: [{ namespace: "tools", labels: hubbleUi.labels }] });
  expect(all.apps).toHaveLength(1);
});
