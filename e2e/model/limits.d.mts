type Scene = {
  actors: unknown[];
  credits: number;
  limits?: Record<string, number>;
  without?: string[];
  crashes?: number;
};
type Outcome = { states: number; fault: string | null; path: string[] };
export function exploreLimits(scene: Scene): Outcome;
export const LIMIT_SCENES: (Scene & { name: string; reveals: string[] })[];
