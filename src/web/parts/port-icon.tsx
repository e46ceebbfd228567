import {
  IconActivity,
  IconAlertTriangle,
  IconApi,
  IconBolt,
  IconBook,
  IconBox,
  IconBrandGithub,
  IconBrandGitlab,
  IconBug,
  IconChartBar,
  IconChartDonut,
  IconChartLine,
  IconClock,
  IconCloud,
  IconCode,
  IconDatabase,
  IconGauge,
  IconGitPullRequest,
  IconHome,
  IconLayoutDashboard,
  IconLink,
  IconNumbers,
  IconRocket,
  IconServer,
  IconShield,
  IconStar,
  IconTable,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

type Drawn = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

/** Names of icons in Port's documents, and what stands for them here. Any other name is kept and not drawn. */
const ICONS: Readonly<Record<string, Drawn>> = {
  Activity: IconActivity,
  Alert: IconAlertTriangle,
  Api: IconApi,
  Bolt: IconBolt,
  Book: IconBook,
  Bug: IconBug,
  Chart: IconChartBar,
  Clock: IconClock,
  Cloud: IconCloud,
  Code: IconCode,
  Dashboard: IconLayoutDashboard,
  Database: IconDatabase,
  DeploymentIcon: IconRocket,
  Git: IconGitPullRequest,
  GitHub: IconBrandGithub,
  GitLab: IconBrandGitlab,
  Home: IconHome,
  LineChart: IconChartLine,
  Link: IconLink,
  Metric: IconGauge,
  Microservice: IconBox,
  Number: IconNumbers,
  Pie: IconChartDonut,
  Rocket: IconRocket,
  Server: IconServer,
  Shield: IconShield,
  Star: IconStar,
  Table: IconTable,
  Team: IconUsers,
  User: IconUser,
};

export const ICON_NAMES: readonly string[] = Object.keys(ICONS);

/** The icon of that name, or nothing. */
export function PortIcon({ name, size = 18 }: { name: string | null | undefined; size?: number }) {
  const Icon = ICONS[name ?? ""];
  return Icon ? <Icon size={size} aria-hidden /> : null;
}
