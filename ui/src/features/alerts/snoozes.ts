/** For how many minutes an alert can be put off. */
export const SNOOZES = [10, 30, 60, 120] as const
