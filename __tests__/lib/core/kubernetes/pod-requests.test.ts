import { expect, test } from "vitest";
import { podAmount } from "../../../../lib/core/kubernetes/pod-requests.ts";

const container = (memory: string, restartPolicy?: string) => ({
  name: memory,
  resources: { requests: { memory } },
  ...(restartPolicy && { restartPolicy }),
});
const memory = (
  containers: ReturnType<typeof container>[],
  initContainers: ReturnType<typeof container>[] = [],
) => String(podAmount({ containers, initContainers }, "requests").memory);

test("containers run together", () => {
  expect(memory([container("100Mi"), container("50Mi")])).toBe("150Mi");
});

test("init containers run one by one before them: the largest counts alone", () => {
  expect(memory([container("100Mi")], [container("256Mi"), container("200Mi")])).toBe("256Mi");
  expect(memory([container("300Mi")], [container("256Mi")])).toBe("300Mi");
});

test("a sidecar runs on beside those after it", () => {
  const sidecar = container("64Mi", "Always");
  expect(memory([container("100Mi")], [sidecar])).toBe("164Mi");
  expect(memory([container("100Mi")], [sidecar, container("256Mi")])).toBe("320Mi");
  expect(memory([container("100Mi")], [container("256Mi"), sidecar])).toBe("256Mi");
});

test("what states nothing asks for nothing", () => {
  expect(String(podAmount({ containers: [{ name: "main" }] }, "limits").cpu)).toBe("0");
});
