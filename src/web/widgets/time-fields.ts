/** Fields that all charts over time have. */
import type { Field } from "./widget-kind.ts";

export const TIME_FIELDS: readonly Field[] = [
  {
    kind: "choice",
    key: "timeRange.preset",
    label: "Time range",
    options: [
      { value: "today", label: "Today" },
      { value: "yesterday", label: "Yesterday" },
      { value: "lastDay", label: "Last 24 hours" },
      { value: "lastWeek", label: "Last 7 days" },
      { value: "last2Weeks", label: "Last 14 days" },
      { value: "lastMonth", label: "Last 30 days" },
      { value: "last3Months", label: "Last 90 days" },
      { value: "last6Months", label: "Last 180 days" },
      { value: "last12Months", label: "Last 365 days" },
      { value: "last2Years", label: "Last 2 years" },
      { value: "last3Years", label: "Last 3 years" },
    ],
  },
  {
    kind: "choice",
    key: "timeInterval",
    label: "Time interval",
    options: [
      { value: "hour", label: "Hour" },
      { value: "day", label: "Day" },
      { value: "isoWeek", label: "Week" },
      { value: "month", label: "Month" },
      { value: "quarter", label: "Quarter" },
    ],
  },
];
