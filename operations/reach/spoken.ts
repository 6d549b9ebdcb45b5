/** The name of a pod for people: `auth/app.kubernetes.io/name=authentik,role=server` is `auth/authentik server`. */
export const spoken = (id: string): string =>
  id.replaceAll(/([,/])(?:[\w.-]+\/)?[\w.-]+=/g, (_, before) => (before === "," ? " " : before));
