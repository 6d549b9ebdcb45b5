import { expect, test } from "vitest";
import { prod } from "../../../environments/prod.ts";
import { parseEnvironment } from "../../../environments/schema.ts";
import { TODAY } from "../../stacks/homelab.ts";
import { lab, linesOf } from "../lab.ts";

const refused = (admission: string[]) =>
  linesOf(() => parseEnvironment({ ...structuredClone(prod), admission }, { today: TODAY }));
const named = prod.admission ?? [];

test("the policies of an environment are those of its GitOps side", () => {
  expect(refused([...named])).toEqual([]);
});

test("a policy that nobody names is reported, with what it would change", () => {
  const lines = refused(named.filter((each) => each !== "add-cp-toleration"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /must name policy add-cp-toleration.* its rule inject-cp-toleration would mutate Pod: .*tolerations/,
  );
});

test("a policy that nobody recorded is refused", () => {
  expect(refused([...named, "mutate-everything"]).join()).toContain("must be a policy that is recorded");
});

test("an environment with another GitOps side names none", () => {
  expect(linesOf(() => parseEnvironment(lab(), { today: TODAY }))).toEqual([]);
});
