/** One measured point of a growth: a size, and the time that it takes. */
export interface Sample {
  readonly size: number;
  readonly seconds: number;
}

/** The middle value; of an even count, the mean of the middle two. Throws on an empty list. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("median: must have a value: got none");
  return (low + high) / 2;
};

/**
 * The exponent `e` of `seconds ≈ c · size^e`: the slope of the least-squares line through the logarithms.
 *
 * Refused: fewer than two different sizes; a size or a time that is not positive.
 */
export const growthExponent = (samples: readonly Sample[]): number => {
  const points = samples.map(({ size, seconds }) => {
    if (!(size > 0 && seconds > 0))
      throw new RangeError(`growth: sizes and times must be positive: got ${size} and ${seconds} s`);
    return { x: Math.log(size), y: Math.log(seconds) };
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  if (!(spread > 0)) throw new RangeError(`growth: needs two different sizes: got ${samples.length} samples`);
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
};

/**
 * The worse of two exponents: over all sizes, and over those within a factor of ten of the largest. A cost that every
 * run has hides the growth of small sizes, and makes the first exponent look better than it is.
 */
export const worstGrowth = (samples: readonly Sample[]): number => {
  const largest = Math.max(...samples.map(({ size }) => size));
  const upper = samples.filter(({ size }) => size * 10 >= largest);
  return Math.max(growthExponent(samples), growthExponent(upper));
};
