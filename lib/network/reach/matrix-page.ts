import type { SceneOptions } from "./scene.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";
export const matrixPage = (_n: SynthesizedNetwork, _o: SceneOptions): string => "";
