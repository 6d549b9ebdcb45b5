import { expect, test } from "vitest";
import { foreignDomainProblems } from "../../../lib/app/foreign-domains.ts";
import { app } from "../../../lib/app/index.ts";
import type { Sender } from "../../../lib/app/written.ts";
import { environments, synthesis, undemandingApps, withoutPrivilegedApps } from "../../stacks/homelab.ts";

const domains = {
  own: "example.org",
  others: new Map([
    ["dev.example.org", "dev"],
    ["other.net", "other"],
  ]),
  acceptedRisks: [] as string[],
};
const given = (values: object, more: Partial<Sender> = {}) =>
  ({
    ...{
      name: "web",
      values,
      env: {},
      containers: {},
      mounts: {},
      parameters: [],
      declaration: { props: {} },
    },
    ...more,
  }) as unknown as Sender & { readonly name: string };
const problems = (values: object, acceptedRisks: string[] = []) =>
  foreignDomainProblems([given(values)], { ...domains, acceptedRisks });

test.each([
  ["a URL in a list", { args: ["--url=https://web.dev.example.org/x"] }, "args[0]", "dev"],
  ["a host in a text", { config: "listen 80;\nserver WEB.other.net;" }, "config", "other"],
  ["the domain itself", { cookie: { domain: ".dev.example.org" } }, "cookie.domain", "dev"],
])("%s of another environment is refused", (_, values, path, environment) => {
  expect(problems(values)).toEqual([
    expect.stringContaining(`apps.web.${path}: must not name a host of ${environment}: write {domain}`),
  ]);
});

test.each<[string, Partial<Sender>]>([
  ["env.URL", { env: { URL: "https://a.other.net" } }],
  [
    "containers.side.args[0]",
    { containers: { side: { args: ["a.other.net"] } } as unknown as Sender["containers"] },
  ],
  [
    "mounts./etc/x.conf",
    { mounts: { "/etc/x.conf": { kind: "file", path: "x.conf", text: "a.other.net" } } },
  ],
  ["flags.host", { parameters: [{ name: "host", value: "a.other.net" }] }],
  [
    "args[0]",
    { declaration: { props: { args: ["--url=a.other.net"] } } as unknown as Sender["declaration"] },
  ],
])("so it is in %s", (path, more) => {
  expect(foreignDomainProblems([given({}, more)], domains)).toEqual([
    expect.stringContaining(`apps.web.${path}: must not name a host of other`),
  ]);
});

test("hosts of its own domain, of nobody, addresses of mail and API groups pass", () => {
  expect(
    problems({
      url: "https://web.example.org",
      near: "dev-example.org notother.net",
      email: "admin@other.net",
      groupName: "acme.other.net",
    }),
  ).toEqual([]);
});

test("an accepted risk lets the app through, and dies with its reason", () => {
  expect(problems({ url: "https://a.other.net" }, ["foreign-domain-web"])).toEqual([]);
  expect(problems({}, ["foreign-domain-web"])).toEqual([
    "acceptedRisks.foreign-domain-web: must silence something; that app names no host of another",
  ]);
});

test("synthesis refuses it for what each environment makes of an app", () => {
  const stranger = app("stranger", {
    image: "example/web:v1.0.0",
    port: "none",
    size: "xs",
    environments: ["dev", "prod"],
    env: { BASE_URL: "https://stranger.dev.truxonline.com" },
  });
  const parsed = environments(withoutPrivilegedApps);
  let message = "";
  try {
    synthesis(parsed, {}, [...undemandingApps.filter(({ name }) => name !== "infisical-operator"), stranger]);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain("[prod-apps/apps] apps.stranger.env.BASE_URL: must not name a host of dev");
  expect(message).not.toContain("[dev-apps/apps] apps.stranger.env.BASE_URL");
});
