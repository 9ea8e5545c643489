/** The places a visitor can go to, in one list for the header and the footer. */
export type Place = "models" | "pricing" | "docs" | "security";

export const places: { id: Place; name: string; href: string }[] = [
  { id: "models", name: "Models", href: "/models" },
  { id: "pricing", name: "Pricing", href: "/pricing" },
  { id: "docs", name: "Docs", href: "/docs" },
  { id: "security", name: "Security", href: "/security" },
];

export const footer: { title: string; links: { name: string; href: string }[] }[] = [
  {
    title: "Product",
    links: [
      { name: "Models", href: "/models" },
      { name: "Changes", href: "/models/changes" },
      { name: "Pricing", href: "/pricing" },
      { name: "Get a key", href: "/sign-in" },
    ],
  },
  {
    title: "Developers",
    links: [
      { name: "Quickstart", href: "/docs" },
      { name: "API reference", href: "/docs/api" },
      { name: "Switch the base URL", href: "/#switch" },
      { name: "Tools and editors", href: "/#tools" },
    ],
  },
  {
    title: "Trust",
    links: [
      { name: "What is stored", href: "/security#stored" },
      { name: "Security", href: "/security" },
      { name: "Privacy and cookies", href: "/privacy" },
      { name: "Terms", href: "/terms" },
      { name: "Contact", href: "/contact" },
    ],
  },
];
