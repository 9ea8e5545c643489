export function compileContracts(): Record<string, { creation: string; runtime: string }>;
