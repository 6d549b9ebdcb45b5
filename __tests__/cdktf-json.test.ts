import { expect, test } from "vitest";
import config from "../cdktf.json" with { type: "json" };

test("the app is the bundle's launcher, which compiles only what changed", () => {
  expect(config.app).toBe("node bin/synth.mjs");
});

test("has no context: the command line would put it in place of CDKTF_CONTEXT_JSON", () => {
  expect(config).not.toHaveProperty("context");
});
