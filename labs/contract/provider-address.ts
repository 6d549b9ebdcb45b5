/** The registry host that Terraform takes for a provider whose source names no host. */
const DEFAULT_HOST = "registry.terraform.io";
/** The namespace that Terraform and OpenTofu take for a provider whose source names none. */
const DEFAULT_NAMESPACE = "hashicorp";
const PART = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;

/** A provider, by the address under which registries and mirrors keep it. */
export class ProviderAddress {
  private constructor(
    readonly host: string,
    readonly namespace: string,
    readonly type: string,
  ) {}

  /** Reads a `source` of `required_providers`: `helm`, `alekc/kubectl`, `registry.terraform.io/hashicorp/helm`. */
  static parse(source: string): ProviderAddress {
    const parts = source.split("/");
    if (parts.length > 3 || !parts.every((part) => PART.test(part)))
      throw new Error(`provider source: must be [[host/]namespace/]type: got ${JSON.stringify(source)}`);
    const [type = "", namespace = DEFAULT_NAMESPACE, host = DEFAULT_HOST] = parts.reverse();
    return new ProviderAddress(host, namespace, type);
  }

  /** The address with its host: `registry.terraform.io/hashicorp/helm`. */
  get full(): string {
    return `${this.host}/${this.namespace}/${this.type}`;
  }

  /** Short where the host is Terraform's own: `hashicorp/helm`. */
  toString(): string {
    const name = `${this.namespace}/${this.type}`;
    return this.host === DEFAULT_HOST ? name : `${this.host}/${name}`;
  }
}
