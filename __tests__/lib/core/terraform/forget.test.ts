import { expect, test } from "vitest";
import { forget } from "../../../../lib/core/terraform/forget.ts";
import { synth } from "../../../synth.ts";

const block = (from: string) => ({ from, lifecycle: { destroy: false } });

test("keeps every address of a stack, each once, in a stable order", () => {
  const stack = synth((s) => {
    forget(s, "kubectl_manifest.b");
    forget(s, "kubectl_manifest.a");
    forget(s, "kubectl_manifest.b");
  });
  expect(stack).toMatchObject({ removed: [block("kubectl_manifest.a"), block("kubectl_manifest.b")] });
});

test("keeps stacks apart", () => {
  synth((s) => forget(s, "kubectl_manifest.a"));
  expect(synth((s) => forget(s, "kubectl_manifest.b"))).toMatchObject({
    removed: [block("kubectl_manifest.b")],
  });
});
