import type { BrownfieldShape } from "../../environments/differences.ts";
import {
  BROWNFIELD,
  type BrownfieldNode,
  brownfieldAddresses,
  type Continuation,
  movedBlocks,
} from "../../lib/adoption/brownfield.ts";

/** One address of the state, with what becomes of it. */
export interface MappedAddress {
  readonly from: string;
  readonly fate: "moved" | "forgotten" | "forgotten and imported";
  /** New address, or the stack that imports the object. */
  readonly to?: string;
}

export interface Survey {
  /** `adopted` when the state holds the new addresses and none of the old. */
  readonly shape: BrownfieldShape | "adopted" | "unknown";
  readonly mapped: readonly MappedAddress[];
  /** The reasons why the state cannot be adopted as it is; empty when it can. */
  readonly problems: readonly string[];
  /** Differences from the shape that carry no risk. */
  readonly remarks: readonly string[];
  /** Managed instances: those of the shape for the environment's nodes, and those of the state. */
  readonly expected: number;
  readonly found: number;
}

/** Types whose presence or absence decides between the shapes. */
const ONLY_IN: Readonly<Record<BrownfieldShape, readonly string[]>> = {
  H: BROWNFIELD.filter(({ instances }) => instances.H && !instances["1109f65"]).map(({ address }) => address),
  "1109f65": BROWNFIELD.filter(({ instances }) => !instances.H).map(({ address }) => address),
};

/** Addresses that the cluster stack alone has: schematics, and nodes that come or go. */
const OWN_FORM =
  /^(talos_image_factory_schematic\.schematic|talos_machine_configuration_apply\.node)_[\w-]+$/;

const EMPTY: Survey = {
  shape: "unknown",
  mapped: [],
  problems: ["the state is empty: there is nothing to adopt"],
  remarks: [],
  expected: 0,
  found: 0,
};

/** The environment's module with `count` or `for_each`, which the brownfield's own configuration never had. */
const COUNTED = /^module\.environment\[[^\]]*\]/;

const countedModule = (module: string): string =>
  `${module}: the module environment has a key here, which no moved block names; first: terraform state mv '${module}' module.environment, where the old Terraform runs`;

const withoutKey = (address: string): string => address.replace(/\[[^\]]*\]$/, "");

/**
 * Compares the managed addresses of a state with both shapes of the brownfield, for the nodes of an environment.
 *
 * Refused: an address that no shape has, after the adoption too; a state that mixes the shapes; one that lacks what must continue; a node
 * that only the state or only the environment has, or that has another role there; old and new addresses side by
 * side.
 */
export const survey = (given: readonly string[], nodes: readonly BrownfieldNode[]): Survey => {
  if (given.length === 0) return EMPTY;
  const counted = [...new Set(given.flatMap((address) => COUNTED.exec(address)?.[0] ?? []))];
  if (counted.length > 0) {
    const found = survey(
      given.map((address) => address.replace(COUNTED, "module.environment")),
      nodes,
    );
    return { ...found, problems: [...counted.map(countedModule), ...found.problems] };
  }
  const addresses = given;
  const own = new Set(movedBlocks(nodes).map(({ to }) => to));
  const isNew = (address: string) => own.has(address) || !address.startsWith("module.");
  const old = addresses.filter((address) => !isNew(address));
  if (old.length === 0) return alreadyAdopted(addresses, own);
  const { shape, problems } = shapeOf(old);
  const expected = brownfieldAddresses(shape, nodes);
  const known = new Map(expected.map((each) => [each.from, each]));
  const missing = expected.filter(({ from }) => !addresses.includes(from));
  return {
    shape: problems.length > 0 ? "unknown" : shape,
    mapped: old.flatMap((from) => {
      const found = known.get(from);
      return found ? [fateOf(found)] : [];
    }),
    problems: [
      ...problems,
      ...repeatedAddresses(addresses),
      ...addresses
        .filter(isNew)
        .map((address) => `${address}: new address beside old ones: adopted halfway?`),
      ...old.filter((from) => !known.has(from)).map((from) => unknownAddress(from, nodes)),
      ...missing.filter(({ resource }) => resource.to).map((each) => missingAddress(each, addresses)),
    ],
    remarks: missing
      .filter(({ resource }) => !resource.to)
      .map(
        ({ from, required }) =>
          `${from}: is not there${required ? "" : " (optional)"}; it would only have been forgotten`,
      ),
    expected: expected.length,
    found: addresses.length,
  };
};

const alreadyAdopted = (addresses: readonly string[], own: ReadonlySet<string>): Survey => {
  const lacking = [...own].filter((address) => !addresses.includes(address));
  return {
    shape: lacking.length === own.size ? "unknown" : "adopted",
    mapped: [],
    problems: addresses
      .filter((address) => lacking.length === own.size || !(own.has(address) || OWN_FORM.test(address)))
      .map((address) => `${address}: neither an address of the brownfield nor one of this project`),
    remarks: lacking.map((address) => `${address}: is not there yet; a deploy makes it`),
    expected: own.size,
    found: addresses.length,
  };
};

const shapeOf = (addresses: readonly string[]): { shape: BrownfieldShape; problems: string[] } => {
  const bases = new Set(addresses.map(withoutKey));
  const [h, first] = [ONLY_IN.H, ONLY_IN["1109f65"]].map((only) => only.filter((base) => bases.has(base)));
  const resetsWorkers = resetsOfUpgradedWorkers(addresses);
  const isH = (h?.length ?? 0) > 0 || resetsWorkers;
  const problems =
    isH && (first?.length ?? 0) > 0
      ? [`the state mixes both shapes: ${[...(h ?? []), ...(first ?? [])].join(", ")}`]
      : [];
  return { shape: isH ? "H" : "1109f65", problems };
};

/** In H alone, workers have an entry of `node_reset_on_destroy`. */
const resetsOfUpgradedWorkers = (addresses: readonly string[]): boolean => {
  const keys = (name: string) =>
    addresses
      .filter((address) => withoutKey(address).endsWith(`.${name}`))
      .map((address) => /\[.*$/.exec(address)?.[0]);
  const workers = new Set(keys("talos_machine_configuration_apply.worker"));
  return keys("null_resource.node_reset_on_destroy").some((key) => workers.has(key));
};

const fateOf = ({ from, resource, node = "" }: Continuation): MappedAddress => {
  if (resource.to) return { from, fate: "moved", to: resource.to(node) };
  return resource.imported
    ? { from, fate: "forgotten and imported", to: resource.imported }
    : { from, fate: "forgotten" };
};

const repeatedAddresses = (addresses: readonly string[]): string[] =>
  addresses
    .filter((address, index) => addresses.indexOf(address) < index)
    .map((address) => `${address}: is there twice`);

const unknownAddress = (from: string, nodes: readonly BrownfieldNode[]): string => {
  const key = /\["(.+)"\]$/.exec(from)?.[1];
  const base = withoutKey(from);
  if (!BROWNFIELD.some(({ address }) => address === base)) return `${from}: no shape has this address`;
  const node = nodes.find(({ name }) => name === key);
  if (key !== undefined && !node)
    return `${from}: the environment has no node ${key}: add it, or let it go on purpose first`;
  return node
    ? `${from}: ${key} is a ${node.role} in the environment: this shape has no such address for it`
    : `${from}: this shape has no such instance`;
};

const missingAddress = ({ from, node, resource }: Continuation, addresses: readonly string[]): string =>
  node !== undefined && !addresses.some((address) => address.includes(`["${node}"]`))
    ? `${from}: the state has no node ${node}: take it out of the environment until the adoption is done`
    : `${from}: must be in the state, to continue as ${resource.to?.(node ?? "")}`;
