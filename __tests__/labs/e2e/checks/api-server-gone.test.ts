import { expect, test } from "vitest";
import { changedResources } from "../../../../labs/e2e/checks/api-server-gone.ts";

const state = (serial: number, ...resources: object[]) => JSON.stringify({ serial, resources });
const resource = (name: string, value: string, mode = "managed") => ({
  mode,
  type: "kubernetes_secret_v1",
  name,
  instances: [{ attributes: { value } }],
});

test("a higher serial and data that was read again change no resource", () => {
  expect(
    changedResources(
      state(1, resource("a", "x"), resource("d", "x", "data")),
      state(2, resource("a", "x"), resource("d", "y", "data")),
    ),
  ).toEqual([]);
});

test("a resource that went, came, or is another", () => {
  expect(
    changedResources(
      state(1, resource("a", "x"), resource("gone", "x")),
      state(1, resource("a", "y"), resource("new", "x")),
    ),
  ).toEqual(["kubernetes_secret_v1.a", "kubernetes_secret_v1.gone", "kubernetes_secret_v1.new"]);
});
