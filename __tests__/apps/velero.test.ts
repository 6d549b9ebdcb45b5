import { expect, test } from "vitest";
import { velero } from "../../apps/velero.ts";
import { backupOf } from "../../environments/absent.ts";
import { prod } from "../../environments/prod.ts";
import { egressTo, Port } from "../../lib/app/index.ts";
import { APP_SIZES } from "../../lib/app/sizes.ts";
import { fieldsOf } from "../../lib/core/fields.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";

test("writes to the bucket that the backup stack of prod has, and may reach it", () => {
  const { bucket, region, endpoint } = backupOf(prod).volumes ?? {};
  const url = new URL(endpoint ?? "");
  expect(velero.props.values).toMatchObject({
    configuration: {
      backupStorageLocation: [{ bucket, config: { region, s3Url: endpoint } }],
    },
  });
  expect(velero.props.network).toContainEqual(egressTo(url.hostname, Port.tcp(Number(url.port))));
});

test("what holds a restored pod back asks for no more than any app does, so that its quota lets it in", () => {
  const { "fs-restore-action-config": config } = fieldsOf(fieldsOf(velero.props.values).configMaps);
  const { labels, data } = fieldsOf(config);
  expect(labels).toEqual({
    "velero.io/plugin-config": "",
    "velero.io/pod-volume-restore": "RestoreItemAction",
  });
  const { cpuRequest, memRequest, cpuLimit, memLimit } = fieldsOf(data);
  for (const { requests, limits } of Object.values(APP_SIZES))
    for (const [asked, has] of [
      [cpuRequest, requests.cpu],
      [memRequest, requests.memory],
      [cpuLimit, limits.cpu],
      [memLimit, limits.memory],
    ])
      expect(Quantity.parse(String(asked)).isMoreThan(Quantity.parse(String(has)))).toBe(false);
});
