/** Ports as files under `apps/` write them: one that is malformed is refused with the app that names it. */
import { Port } from "../network/port.ts";

/** The placeholder of a port that cannot be, until the app that names it is judged. */
class MalformedPort {
  constructor(readonly text: string) {}

  toJSON(): string {
    return this.text;
  }
}

type Transport = "tcp" | "udp";

const declared = (transport: Transport, start: number, end: number): Port => {
  try {
    return Port[transport](start, end);
  } catch {
    const range = start === end ? String(start) : `${String(start)}–${String(end)}`;
    return new MalformedPort(`${transport.toUpperCase()} ${range}`) as unknown as Port;
  }
};

/** A port, or a range of them when `end` is given. Refused with the app: outside 1–65535, or a reversed range. */
export const DeclaredPort = {
  tcp: (start: number, end: number = start): Port => declared("tcp", start, end),
  udp: (start: number, end: number = start): Port => declared("udp", start, end),
  ping: (): Port => Port.ping(),
} as const;
