import { compareWithLive, differs, LIVE_POLICIES } from "../../../operations/reach/live.ts";
import { readNetwork, type SynthesizedNetwork } from "../../../operations/reach/synthesized.ts";
import type { Check } from "../check.ts";
import { assertNothingToDo, type E2eWorld } from "../e2e-world.ts";
import { displayName, type KubernetesObject } from "../kubectl.ts";
import { AS_IT_IS } from "../prepare.ts";

const [, ...GET] = LIVE_POLICIES.split(" ");

const STRANGER: KubernetesObject = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name: "opened-by-hand" },
  spec: { endpointSelector: {}, ingress: [{ fromEntities: ["world"] }] },
};

interface Rule {
  readonly endpointSelector?: unknown;
  readonly ingress?: unknown;
  readonly egress?: unknown;
}

/** A policy with a rule for a direction that it does not speak of: the world may reach its pods, or be reached. */
export const openedElsewhere = (policy: KubernetesObject): KubernetesObject | undefined => {
  const { spec, specs } = policy as { spec?: Rule; specs?: readonly Rule[] };
  const rules = [...(spec ? [spec] : []), ...(specs ?? [])];
  const at = rules.findIndex((rule) => rule.endpointSelector && !(rule.ingress && rule.egress));
  const rule = rules[at];
  if (rule === undefined) return undefined;
  const opened = rule.ingress
    ? { ...rule, egress: [{ toEntities: ["world"] }] }
    : { ...rule, ingress: [{ fromEntities: ["world"] }] };
  return spec ? { ...policy, spec: opened } : { ...policy, specs: rules.with(at, opened) };
};

const livePolicies = async ({ kubectl }: E2eWorld): Promise<KubernetesObject[]> =>
  JSON.parse(await kubectl.must(GET)).items;

/** Asserts that the cluster holds the written policies and no others. */
const assertAsWritten = async (world: E2eWorld, written: SynthesizedNetwork): Promise<number> => {
  const live = await livePolicies(world);
  const other = compareWithLive(written, live).filter(differs);
  if (other.length > 0) throw new Error(`not as written:\n${JSON.stringify(other, null, 2)}`);
  return live.length;
};

/** Fields that no manifest writes, and policies of nobody, are in no plan. */
export const livePoliciesCompared: Check<E2eWorld> = {
  name: "policies and fields that no plan shows are found among the live ones",
  run: async (world) => {
    const { kubectl, outdirs, environment } = world;
    const written = readNetwork(outdirs.path(AS_IT_IS), environment.name);
    const count = await assertAsWritten(world, written);
    const live = await livePolicies(world);
    const [edited] = live.flatMap((policy) => openedElsewhere(policy) ?? []);
    const original = live.find((policy) => edited && displayName(policy) === displayName(edited));
    if (edited === undefined || original === undefined) throw new Error("no policy leaves a direction out");
    await kubectl.replace(edited);
    await kubectl.apply([STRANGER]);
    const [changes] = compareWithLive(written, await livePolicies(world));
    const { flows = [], policies } = changes ?? {};
    const causes = flows.filter(({ change }) => change === "opened").flatMap(({ by }) => by);
    for (const each of [edited, STRANGER]) {
      if (!causes.some((line) => line.includes(displayName(each))))
        throw new Error(`nothing is said to be opened by ${displayName(each)}: got\n${causes.join("\n")}`);
    }
    if (policies?.changed.join() !== displayName(edited) || policies.added.join() !== displayName(STRANGER))
      throw new Error(`other policies are named: got ${JSON.stringify(policies)}`);
    await kubectl.delete([STRANGER]);
    const [now] = await kubectl.read([edited]);
    await kubectl.replace({ ...original, metadata: now?.metadata ?? original.metadata });
    await assertAsWritten(world, written);
    await assertNothingToDo(world);
    return `${count} policies as written; a stranger and a direction of ${displayName(edited)} were found`;
  },
};
