import { describe, expect, test } from "vitest";
import {
  parseAlarms,
  parseMembers,
  parseResources,
  parseSnapshot,
  parseStatus,
  parseTimes,
} from "../../../operations/talos/talosctl-output.ts";
import { talosctlAnswer, talosctlVersion } from "./recorded.ts";
import { etcdMembersText, etcdStatusText } from "./talosctl-formats.ts";

const STATUS = `NODE         MEMBER             DB SIZE   IN USE            LEADER             RAFT INDEX   RAFT TERM   RAFT APPLIED INDEX   LEARNER   PROTOCOL   STORAGE   ERRORS
172.20.0.4   a2b8a1f794bdd561   3.6 MB    2.2 MB (61.59%)   a49c021e76e707db   4703         2           4701                 false     3.6.4      3.6.0     
172.20.0.3   912415ee6ed360c4   512 B     2.2 MB (61.88%)   a49c021e76e707db   4703         2           4703                 true                           memberID:1 alarm:NOSPACE
`;

describe("etcd status, as talosctl v1.12.4 prints it", () => {
  test("is read by column, with empty cells and cells that hold spaces", () => {
    expect(parseStatus(STATUS)).toEqual([
      {
        node: "172.20.0.4",
        member: "a2b8a1f794bdd561",
        size: 3_600_000,
        leader: "a49c021e76e707db",
        raftIndex: 4703,
        raftTerm: 2,
        appliedIndex: 4701,
        learner: false,
        errors: "",
      },
      {
        node: "172.20.0.3",
        member: "912415ee6ed360c4",
        size: 512,
        leader: "a49c021e76e707db",
        raftIndex: 4703,
        raftTerm: 2,
        appliedIndex: 4703,
        learner: true,
        errors: "memberID:1 alarm:NOSPACE",
      },
    ]);
  });

  test.each([
    ["another header", STATUS.replace("LEARNER", "VOTER"), /must be a table of NODE, MEMBER/],
    ["no header", "", /must be a table/],
    ["a row out of its columns", STATUS.replace("172.20.0.4   ", "172.20.0.411111"), /keep to its columns/],
    ["a member id", STATUS.replace("a2b8a1f794bdd561", "a2b8a1f794bdd56x"), /must be a member id/],
    ["a size", STATUS.replace("3.6 MB", "3.6 MX"), /must be a size: got "3.6 MX"/],
    ["a term", STATUS.replace("4703         2 ", "4703         x "), /must be a number: got "x"/],
    ["a learner", STATUS.replace("false", "perha"), /must be true or false: got "perha"/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseStatus(text)).toThrow(message);
  });
});

test("members are read with their peer addresses", () => {
  const text = `NODE         ID                 HOSTNAME   PEER URLS                 CLIENT URLS               LEARNER
172.20.0.2   a49c021e76e707db   daphne     https://172.20.0.2:2380   https://172.20.0.2:2379   false
172.20.0.2   912415ee6ed360c4                                                                  true
`;
  expect(parseMembers(text)).toEqual([
    {
      node: "172.20.0.2",
      id: "a49c021e76e707db",
      hostname: "daphne",
      peerUrls: ["https://172.20.0.2:2380"],
      learner: false,
    },
    { node: "172.20.0.2", id: "912415ee6ed360c4", hostname: "", peerUrls: [], learner: true },
  ]);
});

describe("times", () => {
  const HEADER =
    "NODE         NTP-SERVER            NODE-TIME                                 NTP-SERVER-TIME";
  const row = (node: string, server: string) =>
    `${HEADER}\n172.20.0.2   time.cloudflare.com   ${node.padEnd(39)}   ${server}\n`;

  test("are read to the millisecond, with or without a fraction", () => {
    expect(
      parseTimes(row("2026-03-20 10:00:00.123456789 +0000 UTC", "2026-03-20 10:00:01 +0000 UTC")),
    ).toEqual([
      {
        node: "172.20.0.2",
        time: Date.parse("2026-03-20T10:00:00.123Z"),
        server: Date.parse("2026-03-20T10:00:01Z"),
      },
    ]);
  });

  test("must be in UTC", () => {
    expect(() => parseTimes(row("2026-03-20 10:00:00 +0100 CET", "2026-03-20 10:00:01 +0000 UTC"))).toThrow(
      /must be a time in UTC: got "2026-03-20 10:00:00 \+0100 CET"/,
    );
  });
});

describe(`recorded answers of talosctl ${talosctlVersion}`, () => {
  const status = parseStatus(talosctlAnswer("etcd status"));
  const members = parseMembers(talosctlAnswer("etcd members"));
  const nodes = status.map(({ node }) => node);

  test("are read: every member tells of every other", () => {
    expect(nodes).toHaveLength(3);
    expect(members.map(({ node }) => node)).toEqual(nodes.flatMap((node) => [node, node, node]));
    expect(parseTimes(talosctlAnswer("time")).length).toBeGreaterThan(nodes.length);
    expect(parseSnapshot(talosctlAnswer("etcd snapshot /operator/taken.snapshot"))).toMatchObject({
      path: "/operator/taken.snapshot",
      keys: 1,
    });
  });

  test("of resources are JSON of one node after the other", () => {
    const [version] = parseResources(talosctlAnswer("get version -o json"));
    expect(version).toMatchObject({ spec: { version: expect.stringMatching(/^v1\.12/) } });
    const extensions = parseResources(talosctlAnswer("get extensions -o json"));
    expect(extensions.map(({ spec }) => Object(spec.metadata).name)).toContain("schematic");
  });

  test("are what the tests' own answers look like", () => {
    const rows = status.map(({ node, member, leader }) => ({ node, member, leader }));
    const own = (text: string) => text.replace(/\d\.\d MB \(.*%\)/g, "used").replace(/ +$/gm, "");
    expect(own(etcdStatusText(rows))).toBe(own(talosctlAnswer("etcd status")));
    const lists = nodes.map((at) => {
      const seen = members.filter(({ node }) => node === at);
      const address = (urls: readonly string[]) => new URL(urls[0] ?? "").hostname;
      return [at, seen.map((each) => ({ ...each, address: address(each.peerUrls) }))] as const;
    });
    expect(etcdMembersText(new Map(lists))).toBe(talosctlAnswer("etcd members"));
  });

  test("of alarms name each once, though every member tells it, and take the header for none", () => {
    const text = talosctlAnswer("etcd alarm list");
    expect(text.trim().split("\n").length).toBeGreaterThan(2);
    expect(parseAlarms(text)).toHaveLength(1);
    expect(status.map(({ member }) => `CORRUPT of ${member}`)).toContain(parseAlarms(text)[0]);
    expect(parseAlarms("")).toEqual([]);
    expect(() => parseAlarms("WHO   WHAT\n")).toThrow(/must be a table of NODE, MEMBER, ALARM/);
  });
});

describe("a snapshot", () => {
  const TEXT = `etcd snapshot saved to "/a b/x.snapshot" (21000224 bytes)
snapshot info: hash 0a1b2c3d, revision 7, total keys 12, total size 21000192
`;
  test("is what was saved and what is in it", () => {
    expect(parseSnapshot(TEXT)).toEqual({
      path: "/a b/x.snapshot",
      bytes: 21_000_224,
      hash: "0a1b2c3d",
      revision: 7,
      keys: 12,
    });
  });

  test.each(TEXT.trim().split("\n"))("is refused with only: %s", (line) => {
    expect(() => parseSnapshot(line)).toThrow("does not say what it saved");
  });
});

describe("resources", () => {
  test("follow each other", () => {
    const text = `{
    "node": "172.20.0.2",
    "spec": {
        "metadata": {
            "name": "schematic"
        }
    }
}
{
    "node": "172.20.0.3",
    "spec": {}
}
`;
    expect(parseResources(text)).toEqual([
      { node: "172.20.0.2", spec: { metadata: { name: "schematic" } } },
      { node: "172.20.0.3", spec: {} },
    ]);
    expect(parseResources("")).toEqual([]);
  });

  test.each(['{"spec":{}}', '{"node":"172.20.0.2"}', "{"])("refuses %s", (text) => {
    expect(() => parseResources(text)).toThrow();
  });
});
