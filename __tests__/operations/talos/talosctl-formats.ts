/** Answers as talosctl writes them; `talosctl-output.test.ts` holds them against recorded ones. */

/** Go's `tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)`: the last cell of a line is not padded. */
const tabwriter = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3)))
        .join(""),
    )
    .map((line) => `${line}\n`)
    .join("");
};

export interface MemberRow {
  readonly node: string;
  readonly member: string;
  readonly leader: string;
  readonly term?: number;
  readonly index?: number;
  readonly applied?: number;
  readonly learner?: boolean;
  readonly size?: string;
  readonly errors?: string;
}

export const etcdStatusText = (rows: readonly MemberRow[]): string =>
  tabwriter([
    [
      "NODE",
      "MEMBER",
      "DB SIZE",
      "IN USE",
      "LEADER",
      "RAFT INDEX",
      "RAFT TERM",
      "RAFT APPLIED INDEX",
      "LEARNER",
      "PROTOCOL",
      "STORAGE",
      "ERRORS",
    ],
    ...rows.map((row) => [
      row.node,
      row.member,
      row.size ?? "21 MB",
      "6.0 MB (29.08%)",
      row.leader,
      `${row.index ?? 53391}`,
      `${row.term ?? 4}`,
      `${row.applied ?? row.index ?? 53391}`,
      `${row.learner ?? false}`,
      "3.6.4",
      "3.6.0",
      row.errors ?? "",
    ]),
  ]);

export interface ListedMember {
  readonly id: string;
  readonly hostname: string;
  readonly address: string;
  readonly learner?: boolean;
}

/** One list for each node that is asked. */
export const etcdMembersText = (lists: ReadonlyMap<string, readonly ListedMember[]>): string =>
  tabwriter([
    ["NODE", "ID", "HOSTNAME", "PEER URLS", "CLIENT URLS", "LEARNER"],
    ...[...lists].flatMap(([node, members]) =>
      members.map(({ id, hostname, address, learner = false }) => [
        node,
        id,
        hostname,
        `https://${address}:2380`,
        `https://${address}:2379`,
        `${learner}`,
      ]),
    ),
  ]);

const goTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().replace("T", " ").replace("Z", "")}456789 +0000 UTC`;

export const timeText = (rows: readonly { node: string; time: number; server: number }[]): string =>
  tabwriter([
    ["NODE", "NTP-SERVER", "NODE-TIME", "NTP-SERVER-TIME"],
    ...rows.map(({ node, time, server }) => [node, "time.cloudflare.com", goTime(time), goTime(server)]),
  ]);

export const resourceText = (node: string, type: string, id: string, spec: unknown): string =>
  `${JSON.stringify({ metadata: { id, namespace: "runtime", phase: "running", type, version: 1 }, node, spec }, null, 4)}\n`;

export const snapshotText = (path: string, bytes: number, keys = 1204): string =>
  `etcd snapshot saved to "${path}" (${bytes} bytes)\nsnapshot info: hash 0a1b2c3d, revision 53391, total keys ${keys}, total size ${bytes}\n`;
