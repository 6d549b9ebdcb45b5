import type { HttpUrl } from "../lib/core/values/http-url.ts";

interface Place {
  readonly kind?: string | undefined;
  readonly server?: HttpUrl | undefined;
}

/** The server that an operator reads the secrets of apps from; undefined where the environment names none. */
export const secretServerOf = (
  store: (Place & { readonly provider?: Place | undefined }) | undefined,
): HttpUrl | undefined => store?.server ?? store?.provider?.server;
