export interface Sample {
  readonly minutes: number;
  readonly megabytes: number;
}

/** The slope of the straight line that lies closest to these points (least squares), in MB a minute. */
export function slope(samples: readonly Sample[]): number {
  const count = samples.length;
  const meanX = samples.reduce((sum, { minutes }) => sum + minutes, 0) / count;
  const meanY = samples.reduce((sum, { megabytes }) => sum + megabytes, 0) / count;
  let above = 0;
  let below = 0;
  for (const { minutes, megabytes } of samples) {
    above += (minutes - meanX) * (megabytes - meanY);
    below += (minutes - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
