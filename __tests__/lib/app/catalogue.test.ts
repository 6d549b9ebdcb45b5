import { describe, expect, test } from "vitest";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { exposedBy, loadBalancer, talksToItself, uses } from "../../../lib/app/links.ts";
import { Port } from "../../../lib/network/port.ts";
import { environment, imageApp, problems } from "./lab.ts";

const inTools = { namespace: "tools" };

describe("what only one app can have", () => {
  test("a name", () => {
    const apps = [imageApp(), imageApp({ host: { prod: "other.example.org" }, ...inTools })];
    expect(problems(apps)).toEqual(['apps.web.name: must be of one app; web has it too: got "web"']);
  });

  test("a host", () => {
    const apps = [imageApp(), imageApp({ host: { prod: "web.example.org" } }, "other")];
    expect(problems(apps)).toEqual([
      'apps.web.host.prod: must be of one app; other has it too: got "web.example.org"',
    ]);
  });

  test("an address", () => {
    const network = [exposedBy(loadBalancer({ prod: "192.0.2.72" }), Port.tcp(80))];
    expect(problems([imageApp({ network }), imageApp({ network }, "other")])).toEqual([
      'apps.web.network.exposedBy(loadBalancer): must be of one app; other has it too: got "192.0.2.72"',
    ]);
  });

  test("a namespace of its own", () => {
    expect(problems([imageApp({ namespace: "x" }), imageApp({ namespace: "x" }, "other")])).toEqual([
      'apps.web.namespace: must be of one app; other has it too, and apps that share one have it in namespaces of the environment: got "x"',
    ]);
    expect(problems([imageApp(inTools), imageApp(inTools, "other")])).toEqual([]);
  });
});

describe("dependencies", () => {
  const dev = imageApp({ host: { dev: "db.example.org" } }, "db");

  test.each([
    ["dependsOn", { dependsOn: [dev] }],
    ["uses", { network: [uses(dev)] }],
  ])("%s: one that lives elsewhere is refused", (_, changes) => {
    expect(problems([dev, imageApp(changes)])).toEqual([
      'apps.web.dependsOn: must live in prod too, as web does: got "db"',
    ]);
  });

  test("one that is not in the catalogue is refused", () => {
    const db = imageApp({}, "db");
    expect(problems([imageApp({ network: [uses(db)] })])).toEqual([
      'apps.web.dependsOn: must live in prod too, as web does: got "db"',
    ]);
  });

  test("a circle is refused, with the way around", () => {
    const dependsOn: AppDeclaration[] = [];
    const first = imageApp({ dependsOn }, "first");
    const second = imageApp({ network: [uses(first)] }, "second");
    dependsOn.push(second);
    expect(problems([first, second])).toEqual([
      "apps: must not depend on each other in a circle: got first → second → first",
    ]);
  });

  test("waves count the longest way", () => {
    const base = imageApp({}, "base");
    const middle = imageApp({ network: [uses(base)] }, "middle");
    const top = imageApp({ dependsOn: [base, middle] }, "top");
    const { apps, waves } = catalogueOf([top, middle, base], environment());
    const waveOf = (each: AppDeclaration) => waves.get(apps.get(each) as never);
    expect([base, middle, top].map(waveOf)).toEqual([0, 1, 2]);
  });
});

describe("namespaces", () => {
  test("one of its own is as small as its app allows", () => {
    const { ownNamespaces } = catalogueOf(
      [imageApp({}, "a"), imageApp({ size: "m" }, "b"), imageApp(inTools, "c")],
      environment(),
    );
    expect(ownNamespaces).toEqual([
      { name: "a", podSecurity: "restricted", size: "xxs" },
      { name: "b", podSecurity: "restricted", size: "s" },
    ]);
  });

  test("hibernating apps need the least", () => {
    const { ownNamespaces } = catalogueOf([imageApp({ size: "xl", hibernate: true })], environment());
    expect(ownNamespaces).toEqual([{ name: "web", podSecurity: "restricted", size: "xxs" }]);
  });

  test("a shared one holds all its apps", () => {
    const apps = ["a", "b", "c"].map((name) => imageApp({ ...inTools, size: "s" }, name));
    expect(problems(apps)).toEqual([
      'namespaces.tools.size: must hold its apps in prod (a, b, c): limits.memory: they need 3Gi, and the quota is 1Gi: got "xs"',
    ]);
  });

  test("a crowded one names the size and the namespace with which its last app fits", () => {
    const apps = [imageApp({ ...inTools, size: "xs" }, "a"), imageApp({ ...inTools, size: "m" }, "b")];
    expect(problems(apps)).toEqual([
      expect.stringMatching(
        /limits.memory: they need 2304Mi, and the quota is 1Gi; what would fit: b with --size xs; b with --namespace media: got "xs"$/,
      ),
      expect.stringContaining("apps.b.size: must fit the namespace tools of prod"),
    ]);
  });

  test("what their pods request, each app with the pod that an update adds, is what the quota allows", () => {
    const { requests } = catalogueOf(
      [
        imageApp({ ...inTools, size: "s", replicas: 2 }, "a"),
        imageApp({ ...inTools, size: "xs" }, "b"),
        imageApp({ namespace: "media", hibernate: true }, "c"),
      ],
      environment(),
    );
    expect([...requests]).toEqual([["tools", { cpu: "85m", memory: "896Mi" }]]);
  });

  test("a container larger than the namespace lets in is refused", () => {
    const apps = [imageApp({ namespace: "media", size: "xl" })];
    const media = { name: "media", podSecurity: "privileged", size: "s" } as const;
    expect(problems(apps, { namespaces: [media] })).toContainEqual(
      expect.stringContaining(
        "apps.web.size: must fit the namespace media of prod, whose containers may have 2 cpu and 1536Mi memory: xs, s, m fit",
      ),
    );
  });
});

describe("privileges", () => {
  const privileges = { why: "It reads the graphics card.", hostPaths: ["/dev/dri"] };
  const camera = imageApp({ privileges, namespace: "media" });
  const acceptedRisks = ["privileged-web"];

  test("need the accepted risk that names the app", () => {
    expect(problems([camera])).toEqual([
      expect.stringContaining(
        "apps.web.privileges: must have the accepted risk privileged-web in prod: got {",
      ),
    ]);
    expect(problems([camera], { acceptedRisks })).toEqual([]);
  });

  test("so does a privileged namespace", () => {
    const own = imageApp({ podSecurity: "privileged" });
    expect(problems([own])).toEqual([expect.stringContaining("must have the accepted risk privileged-web")]);
  });

  test("need a namespace that lets them in", () => {
    expect(problems([imageApp({ privileges, namespace: "tools" })], { acceptedRisks })).toEqual([
      'apps.web.namespace: must let its pods in: tools enforces baseline: got "privileged"',
    ]);
  });

  test("a risk that no app needs any more is refused", () => {
    expect(problems([imageApp()], { acceptedRisks })).toEqual([
      'acceptedRisks.privileged-web: must silence something; no privileged app lives here by that name: got "privileged-web"',
    ]);
  });
});

describe("an app without flows", () => {
  const idle = { host: undefined, environments: ["prod"] };

  test("is refused, even when it talks to itself", () => {
    const line =
      "apps.web.network: must say whom it reaches or who reaches it, or isolated why nobody: got []";
    expect(problems([imageApp(idle)])).toEqual([line]);
    expect(problems([imageApp({ ...idle, network: [talksToItself(Port.tcp(1))] })])).toEqual([line]);
  });

  test("says so", () => {
    expect(problems([imageApp({ ...idle, isolated: "It only cleans its volume." })])).toEqual([]);
  });

  test("is fine when another uses it", () => {
    const db = imageApp(idle, "db");
    expect(problems([db, imageApp({ network: [uses(db)] })])).toEqual([]);
  });
});
