import {
  ChartColumn,
  FolderKey,
  LayoutDashboard,
  List,
  MessageSquareText,
  Settings,
  ShieldUser,
  SquareTerminal,
  Wallet,
  type LucideIcon,
} from "lucide-react";

export interface DashboardPlace {
  name: string;
  href: string;
  icon: LucideIcon;
}

/** The dashboard's pages, in sidebar order. */
export const places: DashboardPlace[] = [
  { name: "Overview", href: "/dashboard", icon: LayoutDashboard },
  { name: "Projects", href: "/dashboard/projects", icon: FolderKey },
  { name: "Usage", href: "/dashboard/usage", icon: ChartColumn },
  { name: "Credits", href: "/dashboard/credits", icon: Wallet },
  { name: "Models", href: "/dashboard/models", icon: List },
  { name: "Playground", href: "/dashboard/playground", icon: SquareTerminal },
  { name: "Assistant", href: "/dashboard/assistant", icon: MessageSquareText },
  { name: "Settings", href: "/dashboard/settings", icon: Settings },
];

/** Shown only to operators. */
export const operatorPlace: DashboardPlace = {
  name: "Operator",
  href: "/dashboard/operator",
  icon: ShieldUser,
};
