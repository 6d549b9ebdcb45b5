/** Client for the few requests that the workflows send to GitHub. */

export interface GitHubProps {
  /**
   * `owner/name`.
   */
  readonly repository: string;
  readonly token: string;
  /** @default "https://api.github.com" */
  readonly url?: string;
}

export interface Entry {
  /** Number of an issue, or id of a comment. */
  readonly id: number;
  readonly body: string;
  /** True when an automation wrote it. */
  readonly byBot: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const PAGE = 100;

const entry = (json: Json, id: unknown): Entry => ({
  id: Number(id),
  body: String(json.body ?? ""),
  byBot: (json.user as Json | null)?.type === "Bot",
});

/** The REST interface of GitHub for one repository. A request that fails throws, with what was asked and the status. */
export class GitHub {
  private readonly base: string;

  constructor(private readonly props: GitHubProps) {
    this.base = `${props.url ?? "https://api.github.com"}/repos/${props.repository}`;
  }

  /** Comments of an issue or pull request, oldest first. */
  async comments(issue: number): Promise<Entry[]> {
    return (await this.all(`/issues/${issue}/comments`)).map((json) => entry(json, json.id));
  }

  /** Open issues, without pull requests. */
  async openIssues(): Promise<Entry[]> {
    const issues = await this.all("/issues?state=open");
    return issues.filter((json) => !json.pull_request).map((json) => entry(json, json.number));
  }

  async addComment(issue: number, body: string): Promise<void> {
    await this.request("POST", `/issues/${issue}/comments`, { body });
  }

  async changeComment(id: number, body: string): Promise<void> {
    await this.request("PATCH", `/issues/comments/${id}`, { body });
  }

  async addIssue(title: string, body: string): Promise<void> {
    await this.request("POST", "/issues", { title, body });
  }

  async changeIssue(
    issue: number,
    change: { readonly body?: string; readonly state?: "closed" },
  ): Promise<void> {
    await this.request("PATCH", `/issues/${issue}`, change);
  }

  /** Commit of the last deployment to an environment that succeeded, as far as the last hundred tell. */
  async lastDeployed(environment: string): Promise<string | undefined> {
    const query = `/deployments?environment=${encodeURIComponent(environment)}&per_page=${PAGE}`;
    for (const { id, sha } of await this.list(query)) {
      const [last] = await this.list(`/deployments/${id}/statuses?per_page=1`);
      if (last?.state === "success") return String(sha);
    }
    return undefined;
  }

  /** True when a person must approve a job of an environment. One that was never set up lets every job by. */
  async isReviewed(environment: string): Promise<boolean> {
    const { environments } = (await this.request("GET", `/environments?per_page=${PAGE}`)) as {
      environments: { name: string; protection_rules?: { type: string; reviewers?: unknown[] }[] }[];
    };
    const rules = environments.find(({ name }) => name === environment)?.protection_rules ?? [];
    return rules.some(({ type, reviewers = [] }) => type === "required_reviewers" && reviewers.length > 0);
  }

  private async all(path: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let page = 1; ; page++) {
      const more = await this.list(`${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
      found.push(...more);
      if (more.length < PAGE) return found;
    }
  }

  private async list(path: string): Promise<Json[]> {
    return (await this.request("GET", path)) as Json[];
  }

  private async request(method: string, path: string, body?: Json): Promise<unknown> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.props.token}`,
        "x-github-api-version": "2022-11-28",
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: GitHub answered ${response.status}`);
    return response.json();
  }
}
