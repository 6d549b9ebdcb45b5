/** The API server asked over HTTP, for thousands of objects that would take kubectl minutes. */
import { Agent, request } from "node:https";
import type { ClusterCredentials } from "../e2e/certificates.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";

/** Requests at a time. */
const AT_ONCE = 16;

export class ApiClient {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    { authority, certificate, key }: ClusterCredentials,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: authority, cert: certificate, key });
  }

  /** Refused: every answer above 299, with what it says. */
  async ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown> {
    const text = await new Promise<string>((resolve, reject) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const text = body === undefined ? "" : JSON.stringify(body);
      const headers = { "content-type": type, "content-length": Buffer.byteLength(text) };
      const asked = request(`${this.server}${path}`, { method, headers, agent: this.agent }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const said = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 500) < 300) resolve(said);
          else reject(new Error(`${method} ${path}: ${answer.statusCode}: ${said.slice(0, 300)}`));
        });
      });
      asked.on("error", reject);
      asked.end(text);
    });
    return JSON.parse(text);
  }

  /** Makes objects in a collection, many at a time. */
  async make(path: string, objects: readonly KubernetesObject[]): Promise<void> {
    await Promise.all(objects.map((object) => this.ask("POST", path, object)));
  }
}
