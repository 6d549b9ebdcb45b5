import { describe, expect, test } from "vitest";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";

test.each([
  ["http://192.0.2.69:8085", "192.0.2.69", 8085, false],
  ["https://s3.example.org", "s3.example.org", 443, true],
  ["http://git.example.org/a/b.git", "git.example.org", 80, false],
])("%s is of %s, port %i", (text, hostname, port, isEncrypted) => {
  expect(HttpUrl.parse(text)).toMatchObject({ hostname, port, isEncrypted });
});

test("stays as it was written, to the last slash", () => {
  for (const text of ["https://s3.example.org", "https://s3.example.org/", "http://s3.example.org:80/x"]) {
    expect(`${HttpUrl.parse(text)}`).toBe(text);
    expect(JSON.stringify([HttpUrl.parse(text)])).toBe(`["${text}"]`);
  }
});

test("its host has the port unless that is the scheme's own", () => {
  expect(HttpUrl.parse("http://192.0.2.69:8085/x").host).toBe("192.0.2.69:8085");
  expect(HttpUrl.parse("https://s3.example.org:443").host).toBe("s3.example.org");
});

describe("refuses", () => {
  test.each([
    "",
    "s3.example.org",
    "s3.example.org:9000",
    "ftp://s3.example.org",
    "git@github.com:a/b.git",
    "https://",
    "https://s3.example.org?x=1",
    "https://s3.example.org#x",
    "https://s3 .example.org",
    "https://s3.example.org:99999",
    "HTTPS://s3.example.org",
    "https://192.0.2.1.1",
  ])("%j", (text) => {
    expect(HttpUrl.isValid(text)).toBe(false);
    expect(() => HttpUrl.parse(text)).toThrow(`got ${JSON.stringify(text)}`);
  });

  test("a login, and does not repeat it", () => {
    expect(() => HttpUrl.parse("https://user:hunter2@s3.example.org")).toThrow(
      /^(?!.*hunter2)must be an http/,
    );
  });
});
