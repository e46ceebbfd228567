/** When people work: hours of the day in their own zone, weekdays, the end of the year, the summer. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const OPENS = 8.5 * HOUR;
const CLOSES = 18 * HOUR;

/** Month and day as one number, e.g. 1224 for 24 December. */
function monthDay(day: number): number {
  const date = new Date(day * DAY);
  return (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** 0 = Sunday. */
function weekday(day: number): number {
  return (day + 4) % 7;
}

export interface Calendar {
  /** The day that the moment belongs to where the team works, in days since 1970. */
  dayOf(at: number): number;
  /** A moment of that local day. */
  at(day: number, hours: number): number;
  isWorkday(day: number): boolean;
  isWeekday(day: number, which: number): boolean;
  /** How busy the day is, 0..1. */
  activity(day: number): number;
  /** No planned releases: the weeks around the turn of the year. */
  isFrozen(day: number): boolean;
  /** The moment after so many working hours. */
  afterWork(from: number, hours: number): number;
}

export function createCalendar(offsetHours: number): Calendar {
  const offset = offsetHours * HOUR;
  const dayOf = (at: number) => Math.floor((at + offset) / DAY);
  const isClosed = (day: number) => monthDay(day) >= 1224 || monthDay(day) === 101;
  const isWorkday = (day: number) => weekday(day) !== 0 && weekday(day) !== 6 && !isClosed(day);
  return {
    dayOf,
    at: (day, hours) => day * DAY + hours * HOUR - offset,
    isWorkday,
    isWeekday: (day, which) => weekday(day) === which,
    activity: (day) => {
      if (!isWorkday(day)) return isClosed(day) ? 0.01 : 0.03;
      const date = monthDay(day);
      if (date >= 1219 || date <= 103) return 0.4;
      return date >= 715 && date <= 820 ? 0.62 : 1;
    },
    isFrozen: (day) => monthDay(day) >= 1215 || monthDay(day) <= 102,
    afterWork: (from, hours) => {
      let left = hours * HOUR;
      let day = dayOf(from);
      let clock = Math.max(OPENS, from + offset - day * DAY);
      while (!isWorkday(day) || left > CLOSES - clock) {
        if (isWorkday(day)) left -= Math.max(0, CLOSES - clock);
        day += 1;
        clock = OPENS;
      }
      return Math.max(from, day * DAY + clock + left - offset);
    },
  };
}
