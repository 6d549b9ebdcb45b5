/** A server that answers as GitHub's REST interface does, as far as the workflows ask it. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Item {
  id: number;
  number: number;
  body: string;
  title?: string;
  state?: string;
  user: { type: string };
  pull_request?: object;
}

export interface Deployment {
  readonly environment: string;
  readonly sha: string;
  /** The newest first. */
  readonly states: readonly string[];
}

export interface FakeGitHub {
  readonly url: string;
  readonly comments: Map<number, Item[]>;
  readonly issues: Item[];
  deployments: readonly Deployment[];
  /** Environments of the repository, with how many people may approve. */
  reviewers: Readonly<Record<string, number>>;
  /** `METHOD path` of each request. */
  readonly requests: string[];
  /** Answers everything with this status. */
  refuseWith: number | undefined;
  /** Somebody's comment or issue. */
  item(id: number, body: string, type?: string): Item;
  close(): Promise<void>;
}

const read = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
};

export const TOKEN = "a-token";

export const startGitHub = async (): Promise<FakeGitHub> => {
  const comments = new Map<number, Item[]>();
  const issues: Item[] = [];
  const requests: string[] = [];
  let next = 1000;
  const item = (id: number, body: string, type = "Bot"): Item => ({
    id,
    number: id,
    body,
    state: "open",
    user: { type },
  });
  const answer = (
    method: string,
    path: string,
    query: URLSearchParams,
    sent: Record<string, string>,
  ): unknown => {
    const page = <T>(all: readonly T[]): T[] => {
      const size = Number(query.get("per_page") ?? 30);
      const from = (Number(query.get("page") ?? 1) - 1) * size;
      return all.slice(from, from + size);
    };
    const commentsOf = /^\/issues\/(\d+)\/comments$/.exec(path);
    if (commentsOf) {
      const all = comments.get(Number(commentsOf[1])) ?? [];
      if (method === "GET") return page(all);
      comments.set(Number(commentsOf[1]), [...all, item(next++, String(sent.body))]);
      return {};
    }
    const comment = /^\/issues\/comments\/(\d+)$/.exec(path);
    if (comment && method === "PATCH")
      return Object.assign(
        [...comments.values()].flat().find(({ id }) => id === Number(comment[1])) ?? {},
        sent,
      );
    if (path === "/issues" && method === "GET")
      return page(issues.filter(({ state }) => state === query.get("state")));
    if (path === "/issues") return issues.push({ ...item(next++, ""), ...sent });
    const issue = /^\/issues\/(\d+)$/.exec(path);
    if (issue && method === "PATCH")
      return Object.assign(issues.find(({ number }) => number === Number(issue[1])) ?? {}, sent);
    if (path === "/environments")
      return {
        environments: Object.entries(fake.reviewers).map(([name, count]) => ({
          name,
          protection_rules: [{ type: "required_reviewers", reviewers: Array(count).fill({}) }],
        })),
      };
    if (path === "/deployments")
      return page(
        fake.deployments
          .map((each, id) => ({ ...each, id }))
          .filter(({ environment }) => environment === query.get("environment")),
      );
    const statuses = /^\/deployments\/(\d+)\/statuses$/.exec(path);
    if (statuses)
      return page(fake.deployments[Number(statuses[1])]?.states.map((state) => ({ state })) ?? []);
    return undefined;
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const method = request.method ?? "";
    const path = pathname.replace("/repos/owner/homelab", "");
    requests.push(`${method} ${path}`);
    const authorized = request.headers.authorization === `Bearer ${TOKEN}`;
    const result = authorized ? answer(method, path, searchParams, await read(request)) : undefined;
    response.statusCode = fake.refuseWith ?? (!authorized ? 401 : result === undefined ? 404 : 200);
    response.end(JSON.stringify(result ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeGitHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    issues,
    deployments: [],
    reviewers: {},
    requests,
    refuseWith: undefined,
    item,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return fake;
};
