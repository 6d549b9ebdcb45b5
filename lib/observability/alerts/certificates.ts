import type { AlertGroup } from "../alert.ts";

const DAY = 24 * 3600;

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
    },
    {
      name: "CertificateAboutToExpire",
      expression: `certmanager_certificate_expiration_timestamp_seconds - time() < ${2 * DAY}`,
      for: "10m",
      severity: "critical",
      summary:
        "The certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}",
      description: "Then browsers and apps refuse everything behind it.",
    },
    {
      name: "CertificateNotReady",
      expression: 'certmanager_certificate_ready_status{condition="True"} == 0',
      for: "1h",
      severity: "warning",
      summary: "The certificate {{ $labels.namespace }}/{{ $labels.name }} is not ready",
      description: "It was never issued, or its renewal failed.",
    },
  ],
};
