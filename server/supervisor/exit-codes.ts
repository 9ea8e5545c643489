/** How a process ends when a restart cannot help: EX_CONFIG of sysexits.h. It has written its reason to stderr. */
export const PERMANENT_EXIT = 78;
