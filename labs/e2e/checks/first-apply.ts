import { setTimeout as sleep } from "node:timers/promises";
import { definersOf } from "../../../environments/recorded/definers.ts";
import { ARGOCD_NAMESPACE } from "../../../lib/core/platform/namespaces.ts";
import { lastLines } from "../../../lib/core/process/command.ts";
import type { Check } from "../check.ts";
import type { CustomResourceDefinition } from "../definition.ts";
import { assertNothingToDo, type E2eWorld } from "../e2e-world.ts";
import { stateLocation } from "../synthesized.ts";
import { waitFor } from "../waiting.ts";

/** Seconds for which the API server lacks the definitions once a deploy needs them. */
const LATE_SECONDS = 20;
const LOCK_SECONDS = 180;
/** Seconds until a deploy has made the Application of the last app that brings definitions. */
const APPLICATION_SECONDS = 900;
/** The line that Terraform prints every ten seconds for a resource that takes longer. */
const WAITED = /(kubectl_manifest\.[\w-]+)[^\n]*Still creating/g;

/**
 * Definitions by who brings them: those of an app's chart come with its Application, as ArgoCD brings them; the rest
 * belongs to releases that this run leaves out, and to the machines.
 */
export const bringers = ({
  environment,
  manifests,
  definitions,
}: Pick<E2eWorld, "environment" | "manifests" | "definitions">): {
  readonly ground: readonly CustomResourceDefinition[];
  readonly byApplication: ReadonlyMap<string, readonly CustomResourceDefinition[]>;
} => {
  const applications = manifests.flatMap(({ object }) =>
    object.kind === "Application" ? [object.metadata.name] : [],
  );
  const bringerOf = ({ spec: { group, names } }: CustomResourceDefinition) =>
    applications.find((each) => definersOf(environment.name, `${group}/${names.kind}`).includes(each));
  const byApplication = new Map(
    applications.flatMap((name) => {
      const brought = definitions.filter((each) => bringerOf(each) === name);
      return brought.length > 0 ? [[name, brought] as const] : [];
    }),
  );
  return { ground: definitions.filter((each) => bringerOf(each) === undefined), byApplication };
};

const bring = async (
  { kubectl }: E2eWorld,
  definitions: readonly CustomResourceDefinition[],
): Promise<void> => {
  await kubectl.apply(definitions);
  await kubectl.established(definitions.map(({ metadata }) => metadata.name));
};

/** The outcome of the second deploy, for the check that looks at it. */
let second: { readonly refused: boolean; readonly text: string } | undefined;

/** One deploy of all stacks, definitions late; another one is tried while it waits. */
export const firstApply: Check<E2eWorld> = {
  name: "cdktf deploy succeeds the first time, with definitions that arrive late",
  isGround: true,
  run: async (world) => {
    const { cdktf, bucket, stacks, outdirs, kubectl, transcript } = world;
    const names = stacks.map(({ name }) => name);
    const switches = outdirs.always;
    const [first] = stacks;
    if (first === undefined) throw new Error("no stack to deploy");
    const { key } = stateLocation(first);
    const deploying = cdktf.change("deploy", names, outdirs.path("first"), switches);
    await Promise.race([
      deploying.then((finished) => {
        throw new Error(`the deploy ended before it began:\n${lastLines(finished)}`);
      }),
      waitFor("the lock of the first stack", LOCK_SECONDS, async () => bucket.isLocked(key)),
    ]);
    const other = await cdktf.change("deploy", [first.name], outdirs.path("second"), switches);
    second = { refused: other.code !== 0, text: lastLines(other, 40) };
    await sleep(LATE_SECONDS * 1_000);
    const { ground, byApplication } = bringers(world);
    await bring(world, ground);
    const [finished] = await Promise.all([
      deploying,
      ...[...byApplication].map(async ([name, brought]) => {
        const application = ["get", "applications.argoproj.io", name, "-n", ARGOCD_NAMESPACE];
        await waitFor(`the Application ${name}`, APPLICATION_SECONDS, async () => {
          return (await kubectl.try(application)).code === 0;
        });
        await bring(world, brought);
      }),
    ]);
    transcript.push(finished.stdout, finished.stderr);
    if (finished.code !== 0) throw new Error(`cdktf deploy failed:\n${lastLines(finished)}`);
    const waited = new Set([...finished.stdout.matchAll(WAITED)].map(([, address]) => address));
    if (waited.size === 0) throw new Error("no custom resource waited: the definitions were not late");
    return `${names.join(", ")}; ${waited.size} custom resources waited for their definitions`;
  },
};

/** Looks at what became of the deploy beside the first one. */
export const secondDeploy: Check<E2eWorld> = {
  name: "of two deploys at once, one is refused by the lock",
  run: async () => {
    if (second === undefined) throw new Error("no second deploy was tried");
    if (!second.refused) throw new Error(`the second deploy was not refused:\n${second.text}`);
    if (!/Error acquiring the state lock/.test(second.text)) {
      throw new Error(`the second deploy failed, but not at the lock:\n${second.text}`);
    }
    return "Error acquiring the state lock";
  },
};

export const emptyPlan: Check<E2eWorld> = {
  name: "the second plan is empty",
  run: async (world) => {
    await assertNothingToDo(world);
    return world.stacks.map(({ name }) => name).join(", ");
  },
};
