type Scene = {
  actors: unknown[];
  credits: number;
  without?: string[];
  crashes?: number;
  excess?: number;
};
export function explore(scene: Scene): { states: number; fault: string | null; path: string[] };
export const SCENES: (Scene & { name: string; reveals: string[] })[];
