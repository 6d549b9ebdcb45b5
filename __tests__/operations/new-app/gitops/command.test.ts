import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { postgresqlShared } from "../../../../apps/postgresql-shared.ts";
import type { NewAppWorld } from "../../../../operations/new-app/command.ts";
import { essentialsOf } from "../../../../operations/new-app/essentials.ts";
import { gitopsAppCommand } from "../../../../operations/new-app/gitops/command.ts";
import { environment, imageApp, problems } from "../../../lib/app/lab.ts";
import { gitopsCheckout } from "./fixture.ts";

const INDEX = `import type { AppDeclaration } from "../lib/app/declaration.ts";
import { web } from "./web.ts";

export const apps: readonly AppDeclaration[] = [web];
`;
const checkout = gitopsCheckout();
afterAll(() => rmSync(checkout, { recursive: true }));

const run = async (directory: string, changes: Partial<NewAppWorld> = {}) => {
  const files = new Map([["apps/index.ts", INDEX]]);
  const lines: string[] = [];
  let generated = 0;
  const world: NewAppWorld = {
    declarations: [imageApp({ namespace: "tools" })],
    prove: problems,
    essentials: (declaration, all) => {
      const found = essentialsOf(declaration, all, environment());
      return new Map(found ? [["prod", found]] : []);
    },
    exists: (path) => files.has(path),
    read: (path) => files.get(path) ?? "",
    write: (path, text) => void files.set(path, text),
    writeBeside: (path, text) => void files.set(path, text),
    generate: async () => {
      generated += 1;
      return [];
    },
    ask: undefined,
    ...changes,
  };
  const code = await gitopsAppCommand(
    { directory: join(checkout, directory) },
    "iscsi-retain",
    world,
    (line) => lines.push(line),
  );
  return { code, text: lines.join("\n"), files, generated };
};

describe("an app of one pod becomes an image", async () => {
  const { files, text } = await run("apps/70-tools/notes");
  const file = files.get("apps/notes.ts") ?? "";

  test.each([
    ["image of the overlay's patch", '"image":"example/notes:v2.1.0"'],
    ["container port, and not the Service's", '"port":8080'],
    ["a sidecar's port", '"ports":{"metrics":Port.tcp(9090)}'],
    ["path of the probes", '"health":"/healthz"'],
    ["user", '"runAs":1000'],
    ["size of the label", '"size":"s"'],
    ["priority", '"priority":"low"'],
    ["host", '"host":{"prod":"notes.example.org"}'],
    ["no middleware of authentication", '"authentication":"off"'],
    ["a public record", '"dns":"public"'],
    ["namespace", '"namespace":"tools"'],
    ["path of its secrets", '"secrets":["/apps/70-tools/notes"]'],
    ["variable of a ConfigMap", '"TITLE":"Our notes"'],
    ["variable of a Secret", '"TOKEN":fromSecret("token","/apps/70-tools/notes")'],
    ["claim with class and size", '"storage":{"data":{"class":"iscsi-retain","size":"5Gi","mount":"/data"}}'],
    ["share", '"/media":nfs("192.168.111.69","/volume3/Content",{"subPath":"Notes"})'],
    ["file of a ConfigMap", '"/etc/notes/app.ini":fileBeside("notes/app.ini")'],
    ["container of a component, with the component's tag", '"sync":sidecar({"image":"example/sync:v1.2.3"'],
    ["variable of an annotation", '"BUCKET":"notes-bucket"'],
    ["annotations of its pods", '"defaultPodOptions":{"annotations":{"sync/bucket":"notes-bucket"}}'],
    ["way out, on the ports that the policy names", "egressToInternet(Port.tcp(443))"],
    ["way to another app here", 'uses("web")'],
    [
      "way to an address of the house, and not to the share that the node mounts",
      'uses("web"),egressTo("192.168.111.69",Port.tcp(9000))]',
    ],
    [
      "imports",
      "import { Port, app, egressTo, egressToInternet, fileBeside, fromSecret, nfs, sidecar, uses }",
    ],
  ])("%s", (_, expected) => expect(file).toContain(expected));

  test("a secret in plain sight becomes a key of its Secret, and is said nowhere", () => {
    expect(file).toContain('"ADMIN_PASSWORD":fromSecret("ADMIN_PASSWORD")');
    expect([...files.values(), text].join()).not.toContain("hunter2");
    expect(text).toContain("variable ADMIN_PASSWORD: it stands in plain sight there");
  });

  test("the file is written beside the app's", () => {
    expect(files.get("apps/notes/app.ini")).toBe("mode = plain\n");
  });

  test.each([
    ["lifecycle", /lifecycle: .*sleep.*: not carried over/],
    ["an object that has no place", /HTTPScaledObject notes: not carried over/],
    ["annotations of its route", /annotations of its route: portal\/name: not carried over/],
    ["tolerations", /pod: tolerations: .*gpu.*: not carried over/],
    ["who may call it from a namespace", /io.kubernetes.pod.namespace=home may call it: reachedBy/],
  ])("says on the screen and in the file: %s", (_, expected) => {
    expect(text).toMatch(expected);
    expect(file).toMatch(expected);
  });
});

describe("other apps", () => {
  test("a chart keeps its values but for what the app says itself", async () => {
    const { files, text } = await run("apps/70-tools/charted");
    const file = files.get("apps/charted.ts") ?? "";
    expect(file).toContain(
      '"chart":{"repository":"https://charts.example.org","name":"charted","version":"1.4.0"}',
    );
    expect(file).toContain(
      '"places":{"priorityClassName":["server.priorityClassName"],"resources":["server.resources"],"replicas":["replicaCount"]}',
    );
    expect(file).toContain('"replicas":2');
    expect(file).toContain('"values":{"server":{"existingSecret":"charted-secrets"}}');
    expect(text).toContain("values.adminPassword: it stands in plain sight there, and is left out");
    expect([...files.values(), text].join()).not.toContain("hunter2");
  });

  test("more than one pod is taken from the Git path", async () => {
    const { files, text } = await run("apps/70-tools/pair");
    const file = files.get("apps/pair.ts") ?? "";
    expect(file).toContain('"path":"apps/70-tools/pair/overlays/{environment}"');
    expect(file).toContain('"workloads":["front","back"]');
    expect(file).toContain('"pods":{"app":"pair"}');
    expect(text).toContain("more than one pod, so the app takes the manifests as they are");
  });
});

test("a database of the shared server is one line, in place of its variables and the way there", async () => {
  const { files, text } = await run("apps/70-tools/nocodb", { declarations: [postgresqlShared] });
  const file = files.get("apps/nocodb.ts") ?? "";
  expect(file).toContain('import { postgresqlShared } from "./postgresql-shared.ts";');
  expect(file).toContain(
    '"database":database(postgresqlShared,{"variables":{"host":"NC_DB_HOST","port":"NC_DB_PORT","name":"NC_DB_NAME","user":"NC_DB_USER","password":"NC_DB_PASS"}})',
  );
  expect(file).toContain(
    '"env":{"NC_DB_TYPE":"pg","NC_AUTH_JWT_SECRET":fromSecret("NC_AUTH_JWT_SECRET","/apps/70-tools/nocodb")}',
  );
  expect(file).not.toContain("uses(");
  expect(text).not.toContain("database on postgresql-shared");
});

describe("what synth says against it", () => {
  test("is what is left to edit: the file is there, and nothing is generated", async () => {
    const { code, text, files, generated } = await run("apps/70-tools/notes", {
      prove: (all) =>
        all.some(({ name }) => name === "notes") ? ["apps.notes.image: must be exact", "old"] : ["old"],
    });
    expect(code).toBe(1);
    expect(text).toContain(
      "1 thing is to be edited before it synthesizes:\n  apps.notes.image: must be exact\nThen:",
    );
    expect(files.has("apps/notes.ts")).toBe(true);
    expect(generated).toBe(0);
  });

  test("is no room: it hibernates, and says why", async () => {
    const { code, text, files } = await run("apps/70-tools/notes", {
      prove: (all) =>
        all.some(({ name, props }) => name === "notes" && !props.hibernate)
          ? ["capacity: the quotas must fit with one node lost: short of 1Gi memory\nmemory  capacity"]
          : [],
    });
    expect(code).toBe(0);
    expect(files.get("apps/notes.ts")).toContain('"hibernate":true');
    expect(text).toContain("it hibernates here, as there is no room for it: capacity: the quotas must fit");
    expect(text).not.toContain("memory  capacity");
  });

  test("nothing: then all is written that follows from it", async () => {
    const { code, files, generated } = await run("apps/70-tools/notes", { prove: () => [] });
    expect([code, generated]).toEqual([0, 1]);
    expect(files.get("__tests__/apps/notes.test.ts")).toContain("tools/notes");
    expect(files.get("apps/index.ts")).toContain("= [notes, web];");
  });
});

test.each([
  ["apps/70-tools/none", "must be a directory of the checkout"],
  [
    "apps/70-tools/unused",
    "must be applied by an Application in argocd/overlays/dev or argocd/overlays/prod",
  ],
  ["argocd", "must be CHECKOUT/apps/…, the directory of one app"],
])("refuses %s", async (directory, rule) => {
  await expect(run(directory)).rejects.toThrow(`--from-gitops: ${rule}`);
});

test("refuses an app that is here already", async () => {
  await expect(run("apps/70-tools/notes", { declarations: [imageApp({}, "notes")] })).rejects.toThrow(
    '--name: must be another than that of an app here: got "notes"',
  );
});
