import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Schematic } from "../../../lib/talos/schematic.ts";

const extension = fc.stringMatching(/^siderolabs\/[a-z0-9-]{1,12}$/);

describe("id", () => {
  test.each([
    [[], "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"],
    [
      ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"],
      "613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245",
    ],
    [
      ["siderolabs/i915", "siderolabs/intel-ucode", "siderolabs/iscsi-tools", "siderolabs/util-linux-tools"],
      "249d9135de54962744e917cfe654117000cba369f9152fbab9d055a00aa3664f",
    ],
  ])("%j has the id that the Image Factory gives", (extensions, id) => {
    expect(Schematic.withExtensions(extensions).id).toBe(id);
  });

  test("is deaf to order and repetition", () => {
    fc.assert(
      fc.property(
        fc
          .array(extension)
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
          ),
        ([list, shuffled]) => {
          expect(Schematic.withExtensions([...shuffled, ...list]).id).toBe(Schematic.withExtensions(list).id);
        },
      ),
    );
  });

  test("differs when an extension is added", () => {
    fc.assert(
      fc.property(fc.uniqueArray(extension, { minLength: 1 }), ([first, ...rest]) => {
        expect(Schematic.withExtensions([first ?? "", ...rest]).id).not.toBe(
          Schematic.withExtensions(rest).id,
        );
      }),
    );
  });
});

test("the installer image names the schematic and the version", () => {
  expect(Schematic.withExtensions([]).installerImage("v1.12.4")).toBe(
    "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba:v1.12.4",
  );
});

test.each([
  "iscsi-tools",
  "siderolabs/",
  "siderolabs/Iscsi",
  "ghcr.io/siderolabs/iscsi-tools",
  "siderolabs/a\n",
])("refuses %j", (name) => {
  expect(() => Schematic.withExtensions([name])).toThrow(
    `must be an official extension, siderolabs/<name>: got ${JSON.stringify(name)}`,
  );
});
