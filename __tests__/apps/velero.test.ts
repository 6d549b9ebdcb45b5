import { expect, test } from "vitest";
import { velero } from "../../apps/velero.ts";
import { backupOf } from "../../environments/absent.ts";
import { prod } from "../../environments/prod.ts";
import { egressTo, Port } from "../../lib/app/index.ts";

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
