/** Terraform's JSON configuration, as far as checks read it. */
export interface TerraformJson {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly provider?: Record<string, readonly Block[]>;
  readonly variable?: Record<string, Block>;
  readonly output?: Record<string, Block>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  readonly removed?: readonly Block[];
  readonly terraform?: Block;
}

/** A stack by name. */
export interface NamedStack {
  readonly name: string;
  readonly json: TerraformJson;
}

export type Block = Record<string, unknown>;
type Blocks = Record<string, Record<string, Block>>;

/** A resource with its address, e.g. `helm_release.cilium`. */
export interface AddressedBlock {
  readonly type: string;
  readonly id: string;
  readonly address: string;
  readonly block: Block;
}

/** Every managed resource of a stack. */
export const managedResources = (stack: TerraformJson): AddressedBlock[] => addressed(stack.resource);

const addressed = (blocks: Blocks = {}): AddressedBlock[] =>
  Object.entries(blocks).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, block]) => ({ type, id, address: `${type}.${id}`, block })),
  );

/** Every string of a JSON value with the path that leads to it. */
export const strings = (value: unknown, path = ""): { path: string; text: string }[] => {
  const found: { path: string; text: string }[] = [];
  collect(value, path, found);
  return found;
};

const collect = (value: unknown, path: string, found: { path: string; text: string }[]): void => {
  if (typeof value === "string") found.push({ path, text: value });
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, found);
  else if (value !== null && typeof value === "object")
    for (const [key, item] of Object.entries(value)) collect(item, path ? `${path}.${key}` : key, found);
};
