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
      { name: "Changelog", href: "/changelog" },
      { name: "Get a key", href: "/sign-in" },
    ],
  },
  {
    title: "Developers",
    links: [
      { name: "Quickstart", href: "/docs" },
      { name: "API reference", href: "/docs/api" },
      { name: "Tools and editors", href: "/#tools" },
      { name: "What OneKey will not do", href: "/docs/will-not-do" },
    ],
  },
  {
    title: "Trust",
    links: [
      { name: "What is stored", href: "/security#stored" },
      { name: "Security", href: "/security" },
      { name: "Status", href: "/status" },
      { name: "Privacy and cookies", href: "/privacy" },
      { name: "Terms", href: "/terms" },
      { name: "Contact", href: "/contact" },
    ],
  },
];
