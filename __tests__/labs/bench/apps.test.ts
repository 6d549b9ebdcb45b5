import { expect, test } from "vitest";
import { generatedApps } from "../../../labs/bench/apps.ts";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import { environment } from "../../lib/app/lab.ts";

test("a thousand generated apps are accepted, and a third of them uses another", () => {
  const edge = { ...environment().edge, domain: "dev.truxonline.com" };
  const { apps, waves, problems } = catalogueOf(generatedApps(1000), environment({ name: "dev", edge }));
  expect(problems).toEqual([]);
  expect(apps.size).toBe(1000);
  expect([...waves.values()].filter((wave) => wave > 0)).toHaveLength(333);
});
