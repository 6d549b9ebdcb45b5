import { expect, test } from "vitest";
import { extensionsOf } from "../../environments/extensions.ts";
import { besideAge, lab, problems } from "./lab.ts";

const schematic = (...extensions: string[]) => ({ "schematics.plain.extensions": extensions });

test("an extension that the factory has not is refused, with the nearest that it has", () => {
  expect(problems(schematic("siderolabs/iscsi-tool"))).toEqual([
    'schematics.plain.extensions[0]: must be an extension that the Image Factory has for Talos 1.12; did you mean siderolabs/iscsi-tools?: got "siderolabs/iscsi-tool"',
  ]);
});

test("one that came with a later Talos is refused before it", () => {
  const [later] = (extensionsOf("1.13") ?? []).filter((each) => !extensionsOf("1.12")?.includes(each));
  if (!later) expect.unreachable();
  expect(problems(schematic(later))).toHaveLength(1);
  expect(besideAge(problems({ ...schematic(later), "versions.talos": "v1.13.9" }))).toEqual([]);
});

test("the homelab's are known in every minor", () => {
  for (const minor of ["1.10", "1.11", "1.12", "1.13", "1.14"])
    for (const name of ["iscsi-tools", "util-linux-tools", "i915", "intel-ucode"])
      expect(extensionsOf(minor)).toContain(`siderolabs/${name}`);
  expect(extensionsOf("1.15")).toBeUndefined();
});

test.each(["/dev/sda1", "/dev/vdb2", "/dev/nvme0n1p1", "/dev/mmcblk0p2", "/dev/disk/by-id/ata-X-part3"])(
  "%s is a partition, not a disk to install to",
  (disk) => {
    expect(problems({ "nodes.0.installDisk": disk })).toEqual([
      `nodes.ada.installDisk: must be a whole disk and no partition, e.g. /dev/nvme0n1: got "${disk}"`,
    ]);
  },
);

test.each(["/dev/sda", "/dev/nvme0n1", "/dev/disk/by-id/nvme-Samsung_SSD_980_S64"])(
  "%s is a disk",
  (disk) => {
    expect(problems({ "nodes.0.installDisk": disk }, lab())).toEqual([]);
  },
);
