/**
 * Pod Security as Kubernetes' own admission plugin decides it. Source: k8s.io/pod-security-admission v0.34, `policy`,
 * one check a file there, one rule here. Ephemeral containers are not rendered by any chart.
 */
import type { RenderedContainer, RenderedPodTemplate } from "../facts/rendered.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../fields.ts";
import type { PodSecurityStandard } from "./pod-security.ts";

interface Subject {
  readonly template: RenderedPodTemplate;
  readonly pod: Fields;
  readonly containers: readonly RenderedContainer[];
}

/** A check of a pod: the violation in words, or undefined when the pod may pass. */
type Check = (subject: Subject) => string | undefined;

const DEFAULT_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];
const SAFE_SYSCTLS = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  ...["net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
];
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const PLAIN_VOLUMES = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim"],
  ...["projected", "secret"],
];

const contextOf = (container: RenderedContainer): Fields => fieldsOf(container.securityContext);
const capabilities = (container: RenderedContainer, what: "add" | "drop"): string[] =>
  listOf(fieldsOf(contextOf(container).capabilities)[what]).map(textOf);

/** Capabilities that a container adds to those that the baseline lets it have. */
export const capabilitiesBeyond = (container: RenderedContainer): string[] =>
  capabilities(container, "add").filter((name) => !DEFAULT_CAPABILITIES.includes(name));

/** Names of containers that a condition is true of, as the end of a sentence. */
const named = (
  { containers }: Subject,
  what: string,
  isWrong: (container: RenderedContainer) => boolean,
): string | undefined => {
  const names = containers.filter(isWrong).map(({ name }) => name);
  return names.length > 0 ? `${what} (${names.join(", ")})` : undefined;
};

/** Security contexts of the pod and of its containers, where one has a field. */
const contexts = ({ pod, containers }: Subject): Fields[] => [pod, ...containers.map(contextOf)];
const typesOf = (subject: Subject, profile: string): string[] =>
  contexts(subject)
    .map((context) => textOf(fieldsOf(context[profile]).type))
    .filter((type) => type !== "");
const when = (isWrong: boolean, what: string): string | undefined => (isWrong ? what : undefined);

const volumeKinds = ({ template }: Subject): string[] =>
  (template.spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== "name"));

const probesHost = (container: RenderedContainer): boolean =>
  [container.livenessProbe, container.readinessProbe, container.startupProbe].some((probe) =>
    ["httpGet", "tcpSocket"].some((kind) => textOf(fieldsOf(probe?.[kind]).host) !== ""),
  );

const BASELINE = {
  hostNamespaces: ({ template: { spec } }) => {
    const open = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field] === true);
    return when(open.length > 0, `${open.join(", ")}: true`);
  },
  privileged: (subject) => named(subject, "privileged: true", (each) => contextOf(each).privileged === true),
  capabilities: (subject) =>
    named(subject, "capabilities beyond the default", (each) => capabilitiesBeyond(each).length > 0),
  hostPaths: (subject) => when(volumeKinds(subject).includes("hostPath"), "hostPath volumes"),
  hostPorts: (subject) =>
    named(subject, "hostPort", ({ ports = [] }) => ports.some(({ hostPort }) => (hostPort ?? 0) !== 0)),
  probes: (subject) => named(subject, "a probe of another host", probesHost),
  appArmor: (subject) =>
    when(typesOf(subject, "appArmorProfile").includes("Unconfined"), "AppArmor: Unconfined"),
  appArmorAnnotation: ({ template: { metadata } }) =>
    when(
      Object.entries(metadata.annotations ?? {}).some(
        ([key, value]) =>
          key.startsWith("container.apparmor.security.beta.kubernetes.io/") &&
          !/^(runtime\/default|localhost\/.*|)$/.test(value),
      ),
      "an AppArmor annotation that is neither runtime/default nor localhost/…",
    ),
  seLinux: (subject) =>
    when(
      contexts(subject)
        .map(({ seLinuxOptions }) => fieldsOf(seLinuxOptions))
        .some(
          ({ type, user, role }) =>
            !SELINUX_TYPES.includes(textOf(type)) || textOf(user) !== "" || textOf(role) !== "",
        ),
      "SELinux options",
    ),
  procMount: (subject) =>
    named(subject, "procMount", (each) => !["", "Default"].includes(textOf(contextOf(each).procMount))),
  seccomp: (subject) =>
    when(typesOf(subject, "seccompProfile").includes("Unconfined"), "seccomp: Unconfined"),
  sysctls: ({ pod }) =>
    when(
      listOf(pod.sysctls).some((each) => !SAFE_SYSCTLS.includes(textOf(fieldsOf(each).name))),
      "sysctls that are not safe",
    ),
  windows: (subject) =>
    when(
      contexts(subject).some(({ windowsOptions }) => fieldsOf(windowsOptions).hostProcess === true),
      "windowsOptions.hostProcess: true",
    ),
} as const satisfies Readonly<Record<string, Check>>;

/** A check of the standard baseline. */
export type BaselineCheck = keyof typeof BASELINE;

const RESTRICTED: readonly Check[] = [
  (subject) => {
    const others = volumeKinds(subject).filter((kind) => !PLAIN_VOLUMES.includes(kind));
    return when(others.length > 0, `volumes of kind ${others.join(", ")}`);
  },
  (subject) =>
    named(
      subject,
      "allowPrivilegeEscalation is not false",
      (each) => contextOf(each).allowPrivilegeEscalation !== false,
    ),
  (subject) =>
    named(subject, "runAsNonRoot is not true", (each) => {
      const own = contextOf(each).runAsNonRoot;
      return own === false || (own !== true && subject.pod.runAsNonRoot !== true);
    }),
  (subject) =>
    when(
      contexts(subject).some(({ runAsUser }) => runAsUser === 0),
      "runAsUser: 0",
    ),
  (subject) =>
    named(subject, "no seccompProfile RuntimeDefault or Localhost", (each) => {
      const own = textOf(fieldsOf(contextOf(each).seccompProfile).type);
      const pod = textOf(fieldsOf(subject.pod.seccompProfile).type);
      return !["RuntimeDefault", "Localhost"].includes(own || pod);
    }),
  (subject) =>
    named(
      subject,
      "capabilities are not dropped (ALL)",
      (each) => !capabilities(each, "drop").includes("ALL"),
    ),
  (subject) =>
    named(subject, "capabilities beside NET_BIND_SERVICE", (each) =>
      capabilities(each, "add").some((name) => name !== "NET_BIND_SERVICE"),
    ),
];

const subjectOf = (template: RenderedPodTemplate): Subject => {
  const { containers, initContainers = [], securityContext } = template.spec;
  return { template, pod: fieldsOf(securityContext), containers: [...initContainers, ...containers] };
};

/** Lists what a pod asks for beyond the standard baseline, by the check that refuses it. */
export const beyondBaseline = (template: RenderedPodTemplate): Map<BaselineCheck, string> => {
  const subject = subjectOf(template);
  const checks = Object.entries(BASELINE) as [BaselineCheck, Check][];
  return new Map(
    checks.flatMap(([name, check]) => {
      const found = check(subject);
      return found === undefined ? [] : [[name, found]];
    }),
  );
};

/** Lists the violations of a standard by a pod; empty when it is let in. */
export const podSecurityProblems = (
  standard: PodSecurityStandard,
  template: RenderedPodTemplate,
): string[] => {
  if (standard === "privileged") return [];
  const subject = subjectOf(template);
  const baseline = [...beyondBaseline(template).values()];
  return standard === "baseline"
    ? baseline
    : [...baseline, ...RESTRICTED.flatMap((check) => check(subject) ?? [])];
};
