import { expect, test } from "vitest";
import { homelab, reviewable, STACKS, stackOf } from "./homelab.ts";

test.each(STACKS)("%s", async (name) => {
  await expect(reviewable(stackOf(homelab(), name))).toMatchFileSnapshot(`../__snapshots__/${name}.yaml`);
});
