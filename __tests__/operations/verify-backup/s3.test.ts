import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { s3Client, s3Store } from "../../../operations/verify-backup/s3.ts";
import { collect } from "./fixtures.ts";

const credentials = { AWS_ACCESS_KEY_ID: "reader", AWS_SECRET_ACCESS_KEY: "not-sent" };
let server: Server | undefined;
afterEach(() => server?.close());

/** The client against a server on the loopback. */
const against = async (listener: RequestListener) => {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  return s3Store(s3Client({ ...credentials, AWS_ENDPOINT_URL_S3: `http://localhost:${port}` }));
};

it("asks a server other than AWS by path, signed, and without the secret", async () => {
  const asked: string[] = [];
  const store = await against((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response
      .writeHead(200, { "last-modified": "Sun, 01 Mar 2026 02:00:00 GMT", "content-length": 3 })
      .end("abc");
  });
  const { object, bytes } = await store.get("backups", "etcd/a.snap.age");
  expect(object).toEqual({ key: "etcd/a.snap.age", size: 3, stored: new Date("2026-03-01T02:00:00Z") });
  expect(Buffer.from(await collect(bytes)).toString()).toBe("abc");
  expect(asked[0]).toMatch(/^\/backups\/etcd\/a\.snap\.age\S* AWS4-HMAC-SHA256 Credential=reader\//);
  expect(asked[0]).not.toContain("not-sent");
});

it("lists every page", async () => {
  const store = await against((request, response) => {
    const isSecond = request.url?.includes("continuation-token=next");
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `<ListBucketResult><IsTruncated>${!isSecond}</IsTruncated>${isSecond ? "" : "<NextContinuationToken>next</NextContinuationToken>"}` +
        `<Contents><Key>etcd/${isSecond ? 2 : 1}</Key><Size>5</Size><LastModified>2026-03-01T02:00:00Z</LastModified></Contents></ListBucketResult>`,
    );
  });
  expect((await store.list("b", "etcd/")).map(({ key }) => key)).toEqual(["etcd/1", "etcd/2"]);
});

it.each([
  [404, "NoSuchKey", "missing", "is not there: NoSuchKey"],
  [403, "AccessDenied", "unreachable", "cannot be fetched: AccessDenied"],
])("refuses on %i", async (status, code, reason, message) => {
  const store = await against((_, response) => {
    response.writeHead(status, { "content-type": "application/xml" });
    response.end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
  });
  await expect(store.get("b", "k")).rejects.toMatchObject({
    reason,
    message: expect.stringContaining(message),
  });
});

it("refuses when the connection ends early", async () => {
  const store = await against((_, response) => {
    response.writeHead(200, { "last-modified": "Sun, 01 Mar 2026 02:00:00 GMT", "content-length": 9 });
    response.write("abc", () => response.destroy());
  });
  const { bytes } = await store.get("b", "k");
  await expect(collect(bytes)).rejects.toMatchObject({ reason: "unreachable" });
});

it.each([{}, { AWS_ACCESS_KEY_ID: "a" }, { AWS_SECRET_ACCESS_KEY: "b" }])(
  "refuses to look for credentials: %j",
  (environment) => {
    expect(() => s3Client(environment)).toThrow("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: must be set");
  },
);
