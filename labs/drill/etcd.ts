/** One member of etcd, and what is in it. */
import { join } from "node:path";
import { freePort, LoopbackServer, listensOn } from "../programs/service.ts";

/** etcd's own limit of operations in a transaction. */
const BATCH = 128;
const PAGE = 5_000;
const PARALLEL = 8;

/** A key as etcd keeps it. */
export interface StoredKey {
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
}

interface RangeResponse {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly create_revision: string;
    readonly mod_revision: string;
    readonly version: string;
  }[];
  readonly more?: boolean;
}

const encode = (text: string): string => Buffer.from(text).toString("base64");
const decode = (text = ""): string => Buffer.from(text, "base64").toString();

export class Etcd {
  private constructor(
    private readonly service: LoopbackServer,
    readonly endpoint: string,
  ) {}

  /** Starts etcd on a data directory, which may hold a restored snapshot. */
  static async start(directory: string): Promise<Etcd> {
    const port = await freePort();
    const peer = `http://127.0.0.1:${await freePort()}`;
    const endpoint = `http://127.0.0.1:${port}`;
    const args = [
      ...["--data-dir", directory, "--log-level", "warn"],
      ...["--listen-client-urls", endpoint, "--advertise-client-urls", endpoint],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`],
    ];
    const service = new LoopbackServer({
      command: "etcd",
      args,
      log: join(directory, "..", "etcd.log"),
      isUp: listensOn(port),
    });
    await service.start();
    const etcd = new Etcd(service, endpoint);
    await etcd.revision();
    return etcd;
  }

  kill(): Promise<void> {
    return this.service.kill();
  }

  async put(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    const operation = ([key, value]: readonly [string, string]) => ({
      requestPut: { key: encode(key), value: encode(value) },
    });
    await this.transactions(entries.map(operation));
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.transactions(keys.map((key) => ({ requestDeleteRange: { key: encode(key) } })));
  }

  /** A snapshot as etcd streams it, with its checksum at the end. */
  async snapshot(): Promise<Buffer> {
    const response = await fetch(`${this.endpoint}/v3/maintenance/snapshot`, { method: "POST", body: "{}" });
    const parts = (await response.text()).split("\n").filter((line) => line !== "");
    return Buffer.concat(parts.map((line) => Buffer.from(JSON.parse(line).result.blob, "base64")));
  }

  async revision(): Promise<number> {
    const { header } = await this.call<RangeResponse>("kv/range", { key: encode("\0"), limit: "1" });
    return Number(header.revision);
  }

  /** Every key there is. */
  async all(): Promise<Map<string, StoredKey>> {
    const found = new Map<string, StoredKey>();
    let from = "\0";
    for (;;) {
      const page = await this.call<RangeResponse>("kv/range", {
        key: encode(from),
        range_end: encode("\0"),
        limit: String(PAGE),
      });
      for (const kv of page.kvs ?? []) {
        found.set(decode(kv.key), {
          value: decode(kv.value),
          createRevision: Number(kv.create_revision),
          modRevision: Number(kv.mod_revision),
          version: Number(kv.version),
        });
      }
      const last = page.kvs?.at(-1);
      if (!page.more || !last) return found;
      from = `${decode(last.key)}\0`;
    }
  }

  private async transactions(operations: readonly object[]): Promise<void> {
    const batches: (readonly object[])[] = [];
    for (let at = 0; at < operations.length; at += BATCH) batches.push(operations.slice(at, at + BATCH));
    const work = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        await this.call("kv/txn", { success: batch });
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
  }

  private async call<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(`${this.endpoint}/v3/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`etcd: ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
