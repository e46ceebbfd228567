/** The parts of the settings, as their navigation and the palette list them. */

export interface SettingsArea {
  readonly to:
    | "/settings/account"
    | "/settings/organization"
    | "/settings/users"
    | "/settings/teams"
    | "/settings/service-accounts"
    | "/settings/credentials"
    | "/settings/secrets";
  readonly label: string;
  /** Further words that find it. */
  readonly words: string;
  /** Only administrators can read or change it. */
  readonly isAdministration: boolean;
}

export const SETTINGS: readonly SettingsArea[] = [
  {
    to: "/settings/account",
    label: "My account",
    words: "personal credentials token api profile theme",
    isAdministration: false,
  },
  { to: "/settings/users", label: "Users", words: "people invite roles members", isAdministration: false },
  { to: "/settings/teams", label: "Teams", words: "members groups", isAdministration: false },
  {
    to: "/settings/organization",
    label: "Organisation",
    words: "name title logo announcement time zone hidden blueprints",
    isAdministration: true,
  },
  {
    to: "/settings/service-accounts",
    label: "Service accounts",
    words: "programs machines automation credentials",
    isAdministration: true,
  },
  {
    to: "/settings/credentials",
    label: "API credentials",
    words: "client id secret apps token rotate",
    isAdministration: true,
  },
  { to: "/settings/secrets", label: "Secrets", words: "passwords keys", isAdministration: true },
];
