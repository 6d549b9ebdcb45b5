import { describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import { flowsOf } from "../../../operations/explain/flows.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { Directory } from "../../../operations/reach/directory.ts";
import { matrixData } from "../../../operations/reach/matrix-data.ts";
import { sceneOf } from "../../../operations/reach/scene.ts";
import { spoken } from "../../../operations/reach/spoken.ts";
import { parsed } from "../../stacks/homelab.ts";

describe("what reports print, questions take", () => {
  const around = surroundingsOf(parsed("dev"), apps);
  const directory = new Directory(sceneOf([around.network]));
  const living = [...around.catalogue.apps.values()];
  const unknown = (names: readonly string[]): string[] =>
    [...new Set(names.flatMap((name) => name.split("+")))].filter((name) => {
      try {
        directory.resolve(name);
        return false;
      } catch {
        return true;
      }
    });

  test("ends of allowances, which refusals name", () => {
    const routes = around.allowances.flatMap((allowance) => allowance.routes);
    expect(unknown(routes.flatMap(({ from, to }) => [from.label, to.label]))).toEqual([]);
  });

  test("flows of explain", () => {
    const names = living
      .slice(0, 5)
      .flatMap((app) => flowsOf(app, around.allowances, around.network))
      .flatMap(({ from, to }) => [from, to]);
    expect(names.length).toBeGreaterThan(20);
    expect(unknown(names)).toEqual([]);
  });

  test("rows of the matrix, as they are and as they are spoken", () => {
    const ids = matrixData(around.network).identities.map(([id]) => id);
    expect(unknown([...ids, ...ids.map(spoken)])).toEqual([]);
  });

  test("apps by name alone, by namespace, by environment as explain takes them, and under apps/", () => {
    for (const { name, namespace } of living) {
      const named = [name, `dev/${name}`, `apps/${name}`].map((each) => directory.resolve(each).identity.id);
      expect([name, ...new Set(named)]).toEqual([name, named[0]]);
      expect(unknown([`${namespace}/${name}`])).toEqual([]);
    }
    expect(unknown(["whoam", "prod/whoami", "dev/whoam"])).toEqual(["whoam", "prod/whoami", "dev/whoam"]);
  });
});
