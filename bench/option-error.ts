/** What is wrong with an option, in a sentence that says what to do. */
export class OptionError extends Error {}
