import { TerraformVariable } from "cdktf";
import { expect, test } from "vitest";
import { VeleroCredentials } from "../../../lib/backup/velero-credentials.ts";
import { VELERO_CREDENTIALS, VELERO_NAMESPACE } from "../../../lib/backup/volume-backup.ts";
import { onlyResource } from "../../synth.ts";
import { synthInCluster } from "../governance/cluster.ts";

test("a credentials file in the Secret that the chart takes, sensitive as a whole", () => {
  const stack = synthInCluster((scope) => {
    const ask = (id: string) =>
      new TerraformVariable(scope, id, { type: "string", sensitive: true }).stringValue;
    new VeleroCredentials(scope, "velero", {
      credentials: { accessKeyId: ask("id"), secretAccessKey: ask("secret") },
    });
  });
  expect(onlyResource(stack, "kubernetes_secret_v1")).toMatchObject({
    metadata: { name: VELERO_CREDENTIALS.name, namespace: VELERO_NAMESPACE },
    data: {
      [VELERO_CREDENTIALS.key]:
        '${sensitive("[default]\\naws_access_key_id=${var.id}\\naws_secret_access_key=${var.secret}\\n")}',
    },
  });
});

test("refuses literals, without repeating them", () => {
  const build = () =>
    synthInCluster((scope) => {
      new VeleroCredentials(scope, "velero", {
        credentials: { accessKeyId: "key-in-clear", secretAccessKey: "hunter2" },
      });
    });
  expect(build).toThrow(
    /credentials\.accessKeyId: must be a reference[\s\S]*credentials\.secretAccessKey: must be/,
  );
  expect(build).not.toThrow(/hunter2|key-in-clear/);
});
