/**
 * Single fields of an environment: each refuses what is malformed and says which rule it broke, and hands on a value,
 * which nobody has to read again.
 */
import * as z from "zod";
import { HttpUrl } from "../lib/core/values/http-url.ts";
import { InterfaceAddress } from "../lib/core/values/interface-address.ts";
import { Ipv4Address, isMeantAsIpv6, NO_IPV6 } from "../lib/core/values/ipv4-address.ts";
import { Quantity } from "../lib/core/values/quantity.ts";
import { Schedule } from "../lib/core/values/schedule.ts";
import { Subnet } from "../lib/core/values/subnet.ts";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
/** Linux keeps interface names shorter than 16 characters. */
const INTERFACE = /^[a-z][a-z0-9]{1,14}$/;
const MOST_CORES = Quantity.parse("1024");
/** Talos' minimum for a worker: https://docs.siderolabs.com/talos/v1.12/getting-started/system-requirements */
const LEAST_MEMORY = Quantity.parse("1Gi");

const UNICAST =
  "must be an IPv4 address that a machine can have: not loopback, link-local, multicast or broadcast";

const withoutIpv6 = z.string().refine((value) => !isMeantAsIpv6(value), { error: NO_IPV6, abort: true });

export const ipv4 = withoutIpv6
  .refine(Ipv4Address.isValid, { error: "must be an IPv4 address in dotted form", abort: true })
  .transform(Ipv4Address.parse)
  .refine(({ isUnicast }) => isUnicast, UNICAST);

const addressWithPrefix = (example: string) =>
  withoutIpv6
    .refine(Subnet.isCidr, {
      error: `must be an IPv4 address with a prefix length, e.g. ${example}`,
      abort: true,
    })
    .transform(InterfaceAddress.parse)
    .refine((value) => value.address.isUnicast, UNICAST);

/** An address with the prefix length of its subnet. */
export const cidr = addressWithPrefix("192.168.111.162/24");

/** A subnet: a CIDR whose host bits are zero. */
export const subnet = addressWithPrefix("192.168.111.0/24")
  .refine(
    (value) => value.subnet.network.equals(value.address),
    "must be a subnet: its host bits must be zero, e.g. 192.168.111.0/24",
  )
  .transform((value) => value.subnet);

/** A MAC address, in lower case once parsed. */
export const macAddress = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, {
    error: "must be a MAC address, e.g. 00:15:5d:00:cb:10",
    abort: true,
  })
  .refine(
    (value) => Number.parseInt(value.slice(0, 2), 16) % 2 === 0 && !/^[0:]+$/.test(value),
    "must be the MAC address of one machine: neither multicast nor all zero",
  )
  .transform((value) => value.toLowerCase());

export const vlanId = z.int().min(1).max(4094);

export const interfaceName = z
  .string()
  .regex(INTERFACE, "must be a network interface name: lower case and digits, at most 15 characters")
  .refine(
    (value) => !value.startsWith("enx") || /^enx[0-9a-f]{12}$/.test(value),
    "must be enx and the 12 digits of the MAC address",
  );

export const dnsLabel = z
  .string()
  .regex(
    new RegExp(`^${LABEL}$`),
    "must be a DNS label: lower case, digits and dashes, at most 63 characters",
  );

/** Part of a CronJob's name, which has room for it, and of a key in a bucket. */
export const tierName = dnsLabel.max(20, "must have at most 20 characters");

export const hostname = withoutIpv6
  .max(253, "must have at most 253 characters")
  .regex(
    new RegExp(`^(${LABEL}\\.)+(?![0-9]+$)${LABEL}$`),
    "must be a fully qualified host name, e.g. argocd.example.org",
  );

/** A URL without credentials, query or fragment. */
export const httpUrl = withoutIpv6
  .refine(HttpUrl.isValid, "must be an http or https URL, without credentials, query or fragment")
  .transform(HttpUrl.parse);

/** An exact version: three numbers, with `prefix` in front; no range, no wildcard, no pre-release. */
export const exactVersion = (prefix: "v" | "") =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}(0|[1-9]\\d{0,4})\\.(0|[1-9]\\d{0,4})\\.(0|[1-9]\\d{0,4})$`),
      `must be an exact version, ${prefix}MAJOR.MINOR.PATCH`,
    );

const quantity = z
  .string()
  .refine(Quantity.isValid, { error: "must be a Kubernetes quantity, e.g. 500m or 16Gi", abort: true })
  .transform(Quantity.parse);

/** CPU of a machine, in cores. */
export const cores = quantity.refine(
  (amount) => amount.isMoreThan(Quantity.ZERO) && !amount.isMoreThan(MOST_CORES),
  `must be cores of CPU: more than 0, at most ${MOST_CORES}`,
);

/** Memory of a machine, in bytes. */
export const memoryField = quantity.refine(
  (amount) => !amount.isLessThan(LEAST_MEMORY),
  `must be at least ${LEAST_MEMORY}, what Talos needs`,
);

/** `/dev/sda1`, `/dev/nvme0n1p2`, `/dev/disk/by-id/…-part1`, `/dev/disk/by-partlabel/…`; `/dev/nvme0` is no disk at all. */
const PARTITION =
  /^\/dev\/([shv]d[a-z]+|xvd[a-z]+)\d+$|^\/dev\/(nvme\d+n\d+|mmcblk\d+|loop\d+|nbd\d+|md\d+)p\d+$|^\/dev\/nvme\d+$|-part\d+$|\/by-part/;

export const diskPath = z
  .string()
  .regex(/^\/dev(\/[A-Za-z0-9][\w:.+=@-]*)+$/, "must be a block device, e.g. /dev/nvme0n1")
  .refine((path) => !PARTITION.test(path), "must be a whole disk and no partition, e.g. /dev/nvme0n1");

/** An image by digest: `registry/name[:tag]@sha256:…`. */
export const imageDigest = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/,
    "must be an image pinned by its sha256 digest",
  );

/** A Git branch, tag or commit: https://git-scm.com/docs/git-check-ref-format */
export const referenceField = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$))[A-Za-z0-9][\w./-]{0,199}$/,
    "must be a Git branch, tag or commit",
  );

/** A schedule of a CronJob. */
export const cronSchedule = z
  .string()
  .refine(Schedule.isValid, "must be a cron schedule of five fields that comes at least once")
  .transform(Schedule.parse);

export const date = z.iso.date("must be a date, YYYY-MM-DD");

/** An S3 bucket; without dots, which break TLS: they would ask for more than one level of wildcard. */
export const bucketNameField = dnsLabel.min(3, "must have at least 3 characters");

export const region = z.string().regex(/^[A-Za-z0-9-]{1,63}$/, "must be a region, e.g. us-east-1");

/** A sentence for people: only its length is checked. */
export const sentence = z
  .string()
  .refine((value) => value.trim().length >= 10, "must be a sentence of at least 10 characters");

const isLiteral = (value: string): boolean => !/[$%]\{/.test(value);
const LITERAL = "must not hold a dollar or percent sign before a brace: Terraform reads a template there";

/** A sentence that ends in the Terraform code. */
export const literalSentence = sentence.refine(isLiteral, LITERAL);

/** A regular expression that ends in the Terraform code; whether it is one is decided with what it must match. */
export const literalPattern = z.string().min(1).refine(isLiteral, LITERAL);

/** Kubernetes: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels */
const NAME_OF_LABEL = "[A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?";

export const labelKey = z
  .string()
  .regex(
    new RegExp(`^(${LABEL}(\\.${LABEL})*/)?${NAME_OF_LABEL}$`),
    "must be a label's key, e.g. app.kubernetes.io/name",
  );

export const labelValue = z
  .string()
  .regex(new RegExp(`^(${NAME_OF_LABEL})?$`), "must be a label's value, at most 63 characters");

export const ageRecipient = z
  .string()
  .regex(/^age1[02-9ac-hj-np-z]{58}$/, "must be an age X25519 recipient, age1…");
