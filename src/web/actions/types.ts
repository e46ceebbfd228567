/** Actions, their forms and their runs as the screens read them. */

export interface JqQuery {
  readonly jqQuery: string;
}

/** A literal, or an expression that the form evaluates. */
export type OrJq<T> = T | JqQuery;

export interface DatasetDoc {
  readonly combinator?: string;
  readonly rules?: readonly unknown[];
}

export interface InputDoc {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly blueprint?: string;
  readonly items?: InputDoc;
  readonly dependsOn?: readonly string[];
  readonly visible?: OrJq<boolean>;
  readonly disabled?: OrJq<boolean>;
  readonly required?: OrJq<boolean>;
  readonly default?: unknown;
  readonly enum?: unknown;
  readonly value?: unknown;
  readonly dataset?: DatasetDoc;
  readonly sort?: { readonly property: string; readonly order?: string };
  readonly encryption?: unknown;
  readonly pattern?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly minItems?: unknown;
  readonly maxItems?: unknown;
  readonly uniqueItems?: unknown;
}

export interface StepDoc {
  readonly title: string;
  readonly order: readonly string[];
  readonly visible?: OrJq<boolean>;
}

export interface TitleDoc {
  readonly title: string;
  readonly description?: string;
  readonly visible?: OrJq<boolean>;
}

export interface UserInputsDoc {
  readonly properties?: Readonly<Record<string, InputDoc>>;
  readonly required?: OrJq<readonly string[]>;
  readonly order?: readonly string[];
  readonly steps?: readonly StepDoc[];
  readonly titles?: Readonly<Record<string, TitleDoc>>;
}

export type Operation = "CREATE" | "DAY-2" | "DELETE";

export interface TriggerDoc {
  readonly type: "self-service" | "automation";
  readonly operation?: Operation;
  readonly blueprintIdentifier?: string | null;
  readonly userInputs?: UserInputsDoc;
  readonly condition?: DatasetDoc;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly actionCardButtonText?: string;
  readonly executeActionButtonText?: string;
}

export interface ActionDoc {
  readonly identifier: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly description?: string | null;
  readonly trigger: TriggerDoc;
  readonly invocationMethod: Readonly<Record<string, unknown>>;
  readonly requiredApproval?: boolean | { readonly type: "ANY" | "ALL" };
  readonly publish?: boolean;
  readonly updatedAt?: string;
}

export interface NamedDoc {
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly deleted?: boolean;
}

export type RunStatus = "IN_PROGRESS" | "SUCCESS" | "FAILURE" | "WAITING_FOR_APPROVAL" | "DECLINED";

export interface RunDoc {
  readonly id: string;
  readonly status: RunStatus;
  readonly statusLabel: string | null;
  readonly action: NamedDoc;
  readonly blueprint: NamedDoc | null;
  readonly entity: NamedDoc | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly rawProperties: Readonly<Record<string, unknown>>;
  readonly source: "UI" | "API" | "AUTOMATION";
  readonly payload: unknown;
  readonly response: unknown;
  readonly link: readonly string[];
  readonly summary: string | null;
  readonly requiredApproval: boolean;
  readonly approval: {
    readonly type: "ANY" | "ALL";
    readonly state: string | null;
    readonly description: string | null;
    readonly userId: string | null;
  } | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
}

export interface RunLogDoc {
  readonly id: string;
  readonly runId: string;
  readonly message: string;
  readonly terminationStatus: string | null;
  readonly statusLabel: string | null;
  readonly createdAt: string;
}

export interface ApproverDoc {
  readonly email: string;
  readonly state: "APPROVED" | "DECLINED" | "PENDING";
  readonly description?: string | null;
}

export const titleOfAction = ({ title, identifier }: Pick<ActionDoc, "identifier" | "title">): string =>
  title || identifier;

/** What it belongs to, and whose moderators may change it; null: it is for administrators. */
export function blueprintOf({ trigger }: Pick<ActionDoc, "trigger">): string | null {
  const named = trigger.blueprintIdentifier ?? trigger.event?.["blueprintIdentifier"];
  return typeof named === "string" && named !== "" ? named : null;
}

export const isEnded = ({ status }: Pick<RunDoc, "status">): boolean =>
  status !== "IN_PROGRESS" && status !== "WAITING_FOR_APPROVAL";
