/** Single fields of an environment: each refuses what is malformed and says which rule it broke. */
import { CronExpressionParser } from "cron-parser";
import ipaddr from "ipaddr.js";
import { z } from "zod";

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);

const isCidr = (value: string): boolean => {
  const [address = "", prefix = "", ...rest] = value.split("/");
  return rest.length === 0 && IPV4.test(address) && /^([1-9]|[12]\d|3[0-2])$/.test(prefix);
};

export const ipv4 = z.string().regex(IPV4, "an IPv4 address in dotted form");

export const cidr = z.string().refine(isCidr, "an IPv4 address with a prefix length, e.g. 192.168.111.0/24");

/** A subnet: a CIDR whose host bits are zero. */
export const subnet = cidr.refine(
  (value) => !isCidr(value) || ipaddr.IPv4.networkAddressFromCIDR(value).toString() === value.split("/")[0],
  "a subnet: its host bits must be zero",
);

export const macAddress = z
  .string()
  .regex(/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/, "a MAC address, aa:bb:cc:dd:ee:ff");

export const vlanId = z.int().min(1).max(4094);

export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a DNS label: lower case, digits and dashes, at most 63");

export const hostname = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    "a fully qualified host name",
  );

export const httpUrl = z.url({ protocol: /^https?$/, error: "an http or https URL" });

/** An exact version: three numbers, with `prefix` in front; no range, no wildcard, no pre-release. */
export const exactVersion = (prefix: "v" | "") =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)$`),
      `an exact version, ${prefix}MAJOR.MINOR.PATCH`,
    );

/** A Kubernetes resource quantity of at least zero, e.g. `4`, `500m`, `16Gi`. */
export const quantity = z
  .string()
  .regex(/^(\d+(\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "a Kubernetes quantity, e.g. 500m or 16Gi");

export const diskPath = z.string().regex(/^\/dev\/[a-z0-9/._-]+$/, "a block device under /dev/");

/** An image by digest: `registry/name[:tag]@sha256:…`. */
export const imageDigest = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/,
    "an image pinned by sha256 digest",
  );

/** A Git branch, tag or commit, or `none`. */
export const reference = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][\w./-]{0,199}$/, "a Git branch, tag or commit");

const isCronSchedule = (value: string): boolean => {
  if (value.trim().split(/\s+/).length !== 5) return false;
  try {
    CronExpressionParser.parse(value);
    return true;
  } catch {
    return false;
  }
};

/** A schedule of a CronJob: five fields, as Kubernetes reads them. */
export const cronSchedule = z.string().refine(isCronSchedule, "a cron schedule of five fields");

export const date = z.iso.date("a date, YYYY-MM-DD");
