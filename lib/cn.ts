import { clsx, type ClassValue } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: {
    theme: {
      "font-weight": ["strong"],
      shadow: ["popup"],
      spacing: ["control", "control-sm", "control-lg"],
      container: ["page", "prose"],
    },
  },
});

/** Joins class names; of two that set the same property, the later one stays. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
