import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { lockProblem, readSettings, tryLock } from "../../../operations/doctor/bucket-probe.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "operator", AWS_SECRET_ACCESS_KEY: "not-sent" };
let server: Server | undefined;
afterEach(() => server?.close());

/** A bucket on the loopback that answers as the listener says, and what it was asked. */
const bucketOf = async (listener: RequestListener) => {
  const asked: string[] = [];
  const started = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split("?")[0] ?? ""}`);
    request.resume().on("end", () => listener(request, response));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  const place = { bucket: "states", region: "main", endpoint: HttpUrl.parse(`http://localhost:${port}`) };
  return { place, asked };
};

/** Keeps keys, and holds to `If-None-Match` or does not. */
const keeping = (honours: boolean, statuses: Partial<Record<string, number>> = {}): RequestListener => {
  const keys = new Set<string>();
  return ({ method = "", url = "", headers }, response) => {
    const key = url.split("?")[0] ?? "";
    const isTaken = honours && keys.has(key) && headers["if-none-match"] === "*";
    if (method === "PUT") keys.add(key);
    response.writeHead(statuses[method] ?? (isTaken ? 412 : method === "DELETE" ? 204 : 200)).end();
  };
};

describe("the lock, tried", () => {
  test("on a server that holds to the condition", async () => {
    const { place, asked } = await bucketOf(keeping(true));
    const trial = await tryLock(place, KEYS);
    expect(trial).toEqual({ write: 200, secondWrite: 412, deletion: 204 });
    expect(lockProblem(place, trial)).toBeUndefined();
    const [, key = ""] = /^PUT (\/states\/trial-[0-9a-f-]+\.tfstate\.tflock)$/.exec(asked[0] ?? "") ?? [];
    expect(asked).toEqual([`PUT ${key}`, `PUT ${key}`, `DELETE ${key}`]);
  });

  test.each([
    ["takes both", keeping(false), /takes a second If-None-Match write \(200\)/],
    ["does not know conditions", keeping(true, { PUT: 501 }), /takes no If-None-Match write \(501\)/],
    ["refuses the keys", keeping(true, { PUT: 403 }), /cannot be written with these keys \(403\)/],
    ["lets nobody delete", keeping(true, { DELETE: 403 }), /delete nothing \(403\)/],
  ])("on a server that %s", async (_, listener, says) => {
    const { place } = await bucketOf(listener);
    expect(lockProblem(place, await tryLock(place, KEYS))?.says).toMatch(says);
  });

  test("on a server that is not there", async () => {
    const { place } = await bucketOf(keeping(true));
    await new Promise((resolve) => server?.close(resolve));
    const trial = await tryLock(place, KEYS);
    expect(lockProblem(place, trial)?.says).toBe(`${place.endpoint} does not answer`);
  });

  test("with the keys that an environment holds itself", async () => {
    const { place } = await bucketOf(keeping(true));
    const credentials = { accessKey: "own", secretKey: "own" };
    expect(await tryLock({ ...place, credentials }, {})).toMatchObject({ write: 200 });
    await expect(tryLock(place, {})).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
  });
});

describe("the settings of a bucket", () => {
  test("are read, and nothing is written", async () => {
    const { place, asked } = await bucketOf(({ url = "" }, response) =>
      response
        .writeHead(200)
        .end(
          url.includes("versioning")
            ? "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
            : "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
        ),
    );
    expect(await readSettings(place, KEYS)).toEqual({ versioning: true, objectLock: true });
    expect(asked.every((line) => line.startsWith("GET "))).toBe(true);
  });

  test.each([
    [403, { versioning: undefined, objectLock: undefined }],
    [404, { versioning: undefined, objectLock: false }],
  ])("a server that answers %i", async (status, settings) => {
    const { place } = await bucketOf((_, response) => response.writeHead(status).end());
    expect(await readSettings(place, KEYS)).toEqual(settings);
  });
});
