/** Kyverno's own engine, asked what its policies make of pods. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { failureOf, type RunCommand } from "../../lib/core/process/command.ts";

const TIMEOUT = 10 * 60_000;
const POLICIES = "apps/00-infra/kyverno/base/policies";

/** Rules that mutate and ask nothing of an API server, which is not there. */
const offline = (rule: Fields): boolean =>
  rule.mutate !== undefined && !listOf(rule.context).some((each) => fieldsOf(each).apiCall !== undefined);

/** The policies with those of their rules, and all exceptions. */
const mutating = (folder: string): Fields[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => manifestObjects(readFileSync(join(folder, file), "utf8")))
    .flatMap((object) => {
      if (object.kind === "PolicyException") return [object];
      const rules = listOf(fieldsOf(object.spec).rules).map(fieldsOf).filter(offline);
      if (object.kind !== "ClusterPolicy" || rules.length === 0) return [];
      return [{ ...object, spec: { ...fieldsOf(object.spec), rules } }];
    });

/** The pods as the engine leaves them, in the order given; throws with what the engine says. */
export const judged = async (
  run: RunCommand,
  kyverno: string,
  gitops: string,
  pods: readonly Fields[],
): Promise<Fields[]> => {
  const scratch = mkdtempSync(join(tmpdir(), "kyverno-"));
  const path = (name: string) => join(scratch, name);
  const write = (name: string, objects: readonly unknown[]) =>
    writeFileSync(path(name), objects.map((each) => stringify(each)).join("---\n"));
  try {
    const documents = mutating(join(gitops, POLICIES));
    const named = ({ metadata }: Fields) => String(fieldsOf(metadata).name);
    write(
      "exceptions.yaml",
      documents.filter(({ kind }) => kind === "PolicyException"),
    );
    let current = [...pods];
    const policies = documents
      .filter(({ kind }) => kind === "ClusterPolicy")
      .toSorted((a, b) => (named(a) < named(b) ? -1 : 1));
    for (const policy of policies) {
      write("policy.yaml", [policy]);
      current = await oneByOne(run, kyverno, path, current);
    }
    return current;
  } finally {
    rmSync(scratch, { recursive: true });
  }
};

/** All pods through one policy; each gets a name of its own for that, by which its answer is found. */
const oneByOne = async (
  run: RunCommand,
  kyverno: string,
  path: (name: string) => string,
  pods: readonly Fields[],
): Promise<Fields[]> => {
  writeFileSync(path("pods.yaml"), pods.map((each) => stringify(each)).join("---\n"));
  rmSync(path("out"), { recursive: true, force: true });
  mkdirSync(path("out"));
  const args = [
    "apply",
    path("policy.yaml"),
    "-r",
    path("pods.yaml"),
    "-e",
    path("exceptions.yaml"),
    "-o",
    path("out"),
  ];
  const result = await run(kyverno, args, { timeout: TIMEOUT });
  const failure = failureOf(result);
  if (failure !== undefined) throw new Error(`kyverno: ${failure}\n${result.stdout.slice(-2000)}`);
  const answers = readdirSync(path("out")).flatMap((file) =>
    manifestObjects(readFileSync(path(`out/${file}`), "utf8")),
  );
  const keyOf = ({ metadata }: Fields) => `${fieldsOf(metadata).namespace}/${fieldsOf(metadata).name}`;
  const byKey = new Map(answers.filter(({ kind }) => kind === "Pod").map((each) => [keyOf(each), each]));
  return pods.map((pod) => byKey.get(keyOf(pod)) ?? pod);
};
