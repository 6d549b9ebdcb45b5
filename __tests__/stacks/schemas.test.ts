/** Every block of every stack against the schemas of the real providers. */

import { describe, expect, test } from "vitest";
import { judgeStack } from "../../labs/contract/schema-check.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { schemas } from "../schemas.ts";
import { environments, homelab, STACKS, stackOf, synthesis } from "./homelab.ts";

/** Providers whose pinned version could not be had, so that the schema of another one is kept. */
const OTHER_VERSIONS = ["hashicorp/aws is pinned at 6.22.1, and judged by the schema of 5.100.0"];

/** A new type or version is kept with it, on a machine that has the provider (`npm run homelab -- providers`). */
const UPDATE = "npm run homelab -- contract --update-schemas";

describe.each(STACKS)("%s", (stackName) => {
  test("writes what the schemas have", () => {
    const stack = stackOf(homelab(), stackName);
    const { problems, unjudged, otherVersions, judged } = judgeStack(stack, schemas);
    expect(problems).toEqual([]);
    expect(unjudged, UPDATE).toEqual([]);
    expect(
      otherVersions.filter((line) => !OTHER_VERSIONS.includes(line)),
      UPDATE,
    ).toEqual([]);
    // A homelab without backups has an empty layer of them.
    expect(judged > 0).toBe(blocksOf(stack).length > 0);
  });

  test("an argument by another name breaks each block", () => {
    const stack = stackOf(homelab(), stackName);
    for (const { kind, type, id, block } of blocksOf(stack)) {
      const [name, value] = Object.entries(block).find(([each]) => !META.includes(each)) ?? [];
      if (name === undefined) continue;
      const { [name]: __, ...rest } = block;
      const broken = withBlock(stack, kind, type, id, { ...rest, [`${name}_x`]: value });
      expect(judgeStack(broken, schemas).problems.join("\n"), `${type}.${id}`).toContain(
        `${type}.${id}.${name}_x: no such argument`,
      );
    }
  });

  test("a value of another type breaks each argument", () => {
    const stack = stackOf(homelab(), stackName);
    for (const { kind, type, id, block } of blocksOf(stack)) {
      for (const name of Object.keys(block).filter((each) => !META.includes(each))) {
        const value = typeof block[name] === "object" ? "text" : { of: "another type" };
        const broken = withBlock(stack, kind, type, id, { ...block, [name]: value });
        expect(judgeStack(broken, schemas).problems.join("\n"), `${type}.${id}`).toContain(
          `${type}.${id}.${name}`,
        );
      }
    }
  });
});

test("on AWS itself", () => {
  const onAws = environments((input) => {
    if (input.backup) input.backup.endpoint = null;
  });
  for (const [name, stack] of synthesis(onAws).stacks)
    expect([name, judgeStack(stack, schemas).problems]).toEqual([name, []]);
});

const META = ["//", "provider", "depends_on", "lifecycle", "count", "for_each"];

type Kind = "resource" | "data";

/** One block of each type: what breaks one breaks the others. */
const blocksOf = (stack: TerraformJson) =>
  (["resource", "data"] as const).flatMap((kind) =>
    Object.entries(stack[kind] ?? {})
      .filter(([type]) => type !== "terraform_remote_state")
      .flatMap(([type, byId]) =>
        Object.entries(byId)
          .slice(0, 1)
          .map(([id, block]) => ({ kind, type, id, block })),
      ),
  );

const withBlock = (stack: TerraformJson, kind: Kind, type: string, id: string, block: object) =>
  ({
    ...stack,
    [kind]: { ...stack[kind], [type]: { ...stack[kind]?.[type], [id]: block } },
  }) as TerraformJson;
