import { expect, test } from "vitest";
import { reviewable, stackOf, synthesis } from "./homelab.ts";

const homelab = synthesis();

test.each([...homelab.stacks.keys()])("%s", async (name) => {
  await expect(reviewable(stackOf(homelab, name))).toMatchFileSnapshot(`../__snapshots__/${name}.yaml`);
});
