/**
 * Ids that providers list and that are no gap: they speak over a socket, draw video or music, are made for one customer, or
 * are dated copies of what has its own id.
 */
const NOT_OFFERED = [
  /realtime|-live\b|-live-|native-audio|voice|omni|robotics|lyria|veo-|sora|imagen|-video|deep-research|computer-use/,
  /^(ft:|gpt-live|gpt-daybreak|gpt-rosalind|gpt-6-rosalind|daybreak)|-cyber|-law$|mythos|gemma|learnlm|aqa|exp-/,
  /^(babbage|davinci)-002$/,
  /-\d{4}-\d\d-\d\d$|-\d{8}$/,
];

export const isNotOffered = (id: string): boolean =>
  NOT_OFFERED.some((pattern) => pattern.test(id));
