import type { AlertGroup } from "../alert.ts";

const DAY = 24 * 3600;
const labels = 'job="cert-manager",namespace="traefik",name="wildcard"';
const expiring = (seconds: number) => ({
  [`certmanager_certificate_expiration_timestamp_seconds{${labels}}`]: `${seconds}x240`,
});
const at = { job: "cert-manager", namespace: "traefik", name: "wildcard" };

/** Certificates that cert-manager keeps. Those of the API and of Talos are looked at by `npm run homelab -- doctor`. */
export const certificateAlerts: AlertGroup = {
  name: "certificates",
  alerts: [
    {
      name: "CertificateExpiresSoon",
      // cert-manager renews after two thirds of the lifetime: 30 days before the end for Let's Encrypt.
      expression: `certmanager_certificate_expiration_timestamp_seconds - time() < ${14 * DAY}`,
      for: "1h",
      severity: "warning",
      summary:
        "The certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}",
      description: "It should have been renewed more than two weeks ago: renewal fails.",
      fires: [{ series: expiring(13 * DAY), at: "2h", labels: [at] }],
      quiet: [{ series: expiring(20 * DAY), at: "2h", because: "20 days are left" }],
    },
    {
      name: "CertificateAboutToExpire",
      expression: `certmanager_certificate_expiration_timestamp_seconds - time() < ${2 * DAY}`,
      for: "10m",
      severity: "critical",
      summary:
        "The certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}",
      description: "Then browsers and apps refuse everything behind it.",
      fires: [{ series: expiring(DAY), at: "1h", labels: [at] }],
      quiet: [{ series: expiring(10 * DAY), at: "1h", because: "that is only soon" }],
    },
    {
      name: "CertificateNotReady",
      expression: 'certmanager_certificate_ready_status{condition="True"} == 0',
      for: "1h",
      severity: "warning",
      summary: "The certificate {{ $labels.namespace }}/{{ $labels.name }} is not ready",
      description: "It was never issued, or its renewal failed.",
      fires: [
        {
          series: { [`certmanager_certificate_ready_status{${labels},condition="True"}`]: "0x240" },
          at: "2h",
          labels: [{ ...at, condition: "True" }],
        },
      ],
      quiet: [
        {
          series: { [`certmanager_certificate_ready_status{${labels},condition="True"}`]: "0x30 1x210" },
          at: "2h",
          because: "issuing takes minutes",
        },
        {
          series: { [`certmanager_certificate_ready_status{${labels},condition="False"}`]: "0x240" },
          at: "2h",
          because: "not being false is well",
        },
      ],
    },
  ],
};
