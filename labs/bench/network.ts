/** The network evaluator against Cilium's engine, and as identities and policies grow. */
import { benchEvaluator, type EvaluatorMeasurement } from "./evaluator.ts";
import type { Measurement } from "./measurements.ts";
import { median, worstGrowth } from "./statistics.ts";

/** 1,000,000 pairs on 3 ports at 0.9 µs each, after 0.7 s for the policy maps: Cilium's Go engine on two cores. */
const REFERENCE = { identities: 1000, policies: 500, seconds: 3.4 };
const STEEPEST_GROWTH = 1.1;
const ROUNDS = 3;

/**
 * Times of the whole reachability matrix. Against identities the size is the answer's, one decision for each pair
 * and port: it grows no faster when the exponent is 1.
 */
export const benchNetwork = (): Measurement[] => {
  const measured = medians(Array.from({ length: ROUNDS }, benchEvaluator));
  return [
    ...measured.map(
      (measurement): Measurement => ({
        name: measurement.name,
        value: measurement.seconds,
        unit: "s",
      }),
    ),
    ...measured.filter(isReference).map(
      ({ name, seconds }): Measurement => ({
        name,
        value: REFERENCE.seconds / seconds,
        ...{ unit: "×", atLeast: 10, against: "the recorded 3.4 s of Cilium's engine, another run" },
      }),
    ),
    ...(["alike", "distinct"] as const).flatMap((workload) => {
      const own = measured.filter((measurement) => measurement.workload === workload);
      const perIdentities = own.filter(({ policies }) => policies === REFERENCE.policies);
      const perPolicies = own.filter(({ identities }) => identities === REFERENCE.identities);
      return [
        growth(`evaluator ${workload}, growth with the answer`, perIdentities, ({ decisions }) => decisions),
        growth(`evaluator ${workload}, growth with policies`, perPolicies, ({ policies }) => policies),
      ];
    }),
  ];
};

/** The rounds as one, each time the median of its own. */
const medians = (rounds: readonly EvaluatorMeasurement[][]): EvaluatorMeasurement[] =>
  (rounds[0] ?? []).map((measurement, at) => ({
    ...measurement,
    seconds: median(rounds.map((round) => round[at]?.seconds ?? Number.NaN)),
  }));

const isReference = ({ identities, policies }: EvaluatorMeasurement): boolean =>
  identities === REFERENCE.identities && policies === REFERENCE.policies;

const growth = (
  name: string,
  measured: readonly EvaluatorMeasurement[],
  sizeOf: (measurement: EvaluatorMeasurement) => number,
): Measurement => ({
  name: `${name}, exponent`,
  value: worstGrowth(
    measured.map((measurement) => ({ size: sizeOf(measurement), seconds: measurement.seconds })),
  ),
  unit: "",
  atMost: STEEPEST_GROWTH,
  against: "sizes from 250 to 2000",
});
